//! The passwords that are guessed first.
//!
//! `common.txt.gz` is the list of the crate `passwords` 3.1.19 (MIT), the 100,000 commonest, without those
//! that are too short to be chosen; sorted. Here it takes 0.15 MB of the program, as a table of strings, the
//! crate's, 2.3.

use std::{io::Read, sync::LazyLock};

use flate2::read::GzDecoder;

static PACKED: &[u8] = include_bytes!("common.txt.gz");

/// Unpacked where a password is first chosen: half a megabyte.
static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::new();
    if let Err(error) = GzDecoder::new(PACKED).read_to_string(&mut text) {
        tracing::error!(%error, "the list of common passwords cannot be read");
    }
    text
});

static LIST: LazyLock<Vec<&str>> = LazyLock::new(|| TEXT.lines().collect());

/// Whether `password`, as it is or in small letters, is among them.
pub(super) fn is_common(password: &str) -> bool {
    let is_listed = |password: &str| LIST.binary_search(&password).is_ok();
    is_listed(password) || is_listed(&password.to_lowercase())
}

#[cfg(test)]
mod tests {
    use passwords::analyzer::is_common_password;

    use super::{super::SHORTEST, *};

    #[test]
    fn the_list_is_the_crates() {
        assert_eq!(LIST.len(), 47_324);
        assert!(LIST.is_sorted());
        assert!(LIST.iter().all(|it| it.chars().count() >= SHORTEST));
        // (The crate looks at each of its own in turn.)
        for password in LIST.iter().step_by(1_000) {
            assert!(is_common_password(*password), "{password}");
        }
    }

    #[test]
    fn what_is_common_is_found_however_it_is_written() {
        for common in ["password", "PassWord", "qwertyuiop", "1234567890"] {
            assert!(is_common(common), "{common}");
        }
        for other in ["footprints-2006", "passwor", "", "正しい馬の電池"] {
            assert!(!is_common(other), "{other}");
        }
    }
}
