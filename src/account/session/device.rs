//! What the list of sessions calls a client: what it said itself. It is shown, and nothing is
//! decided by it.

use crate::{rejection::UserError, text};

/// The most characters of a device's name.
const LONGEST: usize = 100;

/// What nearly every browser says, for the sake of servers of thirty years ago.
const SAID_BY_ALL: [&str; 3] = ["Mozilla/", "AppleWebKit/", "Gecko/"];

/// The name that a client gives its device.
///
/// # Errors
/// As [`text::name`], for the input field `device`.
pub fn named(name: &str) -> Result<String, UserError> {
    text::name("device", name, LONGEST)
}

/// What is left of a `User-Agent` for people: what can be seen of it, without what all say, and not
/// too long. None where nothing is.
pub fn of_agent(agent: &[u8]) -> Option<String> {
    let seen = |byte: &u8| char::from(if byte.is_ascii_graphic() { *byte } else { b' ' });
    let said: String = agent.iter().map(seen).collect();
    let own = said.replace("(KHTML, like Gecko)", " ");
    let own = own
        .split_whitespace()
        .filter(|word| !SAID_BY_ALL.iter().any(|said| word.starts_with(said)));
    let mut kept = own.collect::<Vec<_>>().join(" ");
    kept.truncate(LONGEST);
    let kept = kept.trim_end();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_a_client_calls_itself_people_see_what_is_its_own() {
        for (agent, kept) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "(X11; Linux x86_64; rv:128.0) Firefox/128.0",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "(iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
            ),
            (
                "Ashiato-iOS/1.2\t\t(iPhone15)",
                "Ashiato-iOS/1.2 (iPhone15)",
            ),
            ("curl/8.5.0", "curl/8.5.0"),
        ] {
            assert_eq!(of_agent(agent.as_bytes()).as_deref(), Some(kept));
        }
        for nothing in ["", " \t", "Mozilla/5.0", "\u{7f}\u{202e}"] {
            assert_eq!(of_agent(nothing.as_bytes()), None, "{nothing:?}");
        }
        let long = of_agent("x".repeat(5000).as_bytes());
        assert_eq!(long, Some("x".repeat(LONGEST)));
        let hostile = of_agent(b"<script>\x00\xff\n\x1b[31mred");
        assert_eq!(hostile.as_deref(), Some("<script> [31mred"));
    }
}
