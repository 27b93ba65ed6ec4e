//! Builds again when GraphiQL or the reference was bundled anew: the binary embeds the bundles. Tells the tests whether
//! the real data is there that some of them read: libtest counts those as ignored otherwise. Has
//! the linker make the program small where it can.

use std::{env, path::Path, process::Command};

/// Beside the repository, where there is any.
const SHARED_DATA: &str = "../shared/data";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=explorer/dist");
    println!("cargo:rerun-if-changed=docs/dist");
    println!("cargo:rustc-check-cfg=cfg(has_shared_data)");
    // A path that is not there would have everything built again every time.
    if Path::new(SHARED_DATA).is_dir() {
        println!("cargo:rerun-if-changed={SHARED_DATA}");
        println!("cargo:rustc-cfg=has_shared_data");
    }
    if env::var("PROFILE").as_deref() == Ok("release") {
        if unpacks_relocations() {
            println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        }
        if is_linked_by_lld() {
            println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
        }
    }
}

/// Whether the program is built for the machine that builds it, and its glibc is 2.36 (of 2022) or later:
/// an earlier one cannot start what is packed, which is 3 MB smaller.
fn unpacks_relocations() -> bool {
    if env::var("TARGET") != env::var("HOST") {
        return false;
    }
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let said = said.unwrap_or_default();
    let version = said.trim().strip_prefix("glibc 2.");
    version.is_some_and(|minor| minor.parse().is_ok_and(|minor: u32| minor >= 36))
}

/// Whether the linker is the one that rustc brings along for this target, which keeps functions that came
/// out the same once. (A backtrace may name another of them.)
fn is_linked_by_lld() -> bool {
    let is_default = env::var_os("RUSTC_LINKER").is_none();
    is_default && env::var("TARGET").as_deref() == Ok("x86_64-unknown-linux-gnu")
}
