//! Builds again when GraphiQL was bundled anew: the binary embeds the bundle.

fn main() {
    println!("cargo:rerun-if-changed=explorer/dist");
}
