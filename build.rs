//! Builds again when GraphiQL was bundled anew: the binary embeds the bundle. Tells the tests whether
//! the real data is there that some of them read: libtest counts those as ignored otherwise.

use std::path::Path;

/// Beside the repository, where there is any.
const SHARED_DATA: &str = "../shared/data";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=explorer/dist");
    println!("cargo:rustc-check-cfg=cfg(has_shared_data)");
    // A path that is not there would have everything built again every time.
    if Path::new(SHARED_DATA).is_dir() {
        println!("cargo:rerun-if-changed={SHARED_DATA}");
        println!("cargo:rustc-cfg=has_shared_data");
    }
}
