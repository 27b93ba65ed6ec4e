//! How operations speak as server-sent events.

use crate::graphql::{answer::Answer, bounded, operation::Words};

const NEXT: &str = "event: next\ndata: ";
const END: &str = "\n\n";
/// With data, though there are none: a browser passes over an event without.
pub(super) const COMPLETE: &str = "event: complete\ndata:\n\n";

/// What an operation says. (JSON has no ends of lines in it.)
pub(super) static WORDS: Words = Words {
    next: |_, answer, limit| {
        let json = bounded::json(answer, limit).ok()??;
        Some(next(&String::from_utf8(json).ok()?))
    },
    refused: |_, answer| refused(&answer) + COMPLETE,
    complete: |_| COMPLETE.to_owned(),
};

fn next(json: &str) -> String {
    [NEXT, json, END].concat()
}

/// Why something is not executed, or goes on no more.
pub(super) fn refused(answer: &Answer) -> String {
    // What the engine and we make can always be written as JSON.
    next(&serde_json::to_string(answer).unwrap_or_default())
}

/// All that there is to say of an operation with one result; nothing where it has more than `limit` bytes.
///
/// # Errors
/// Where `answer` cannot be written as JSON.
pub(super) fn whole(answer: &Answer, limit: u32) -> serde_json::Result<Option<Vec<u8>>> {
    let json = bounded::json(answer, limit)?;
    Ok(json.map(|json| [NEXT.as_bytes(), &json, END.as_bytes(), COMPLETE.as_bytes()].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_one_line_of_data_and_the_last_has_none() {
        let answer = || Answer::because("A_CODE", "two\nlines\r\nand \u{2028} another");
        let said = (WORDS.next)("", &answer(), 1_000).unwrap();
        let lines: Vec<_> = said.split(['\n', '\r']).collect();
        assert_eq!(lines.len(), 4, "{said}");
        assert_eq!(lines[0], "event: next");
        let json = lines[1].strip_prefix("data: ").unwrap();
        let data: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(data["errors"][0]["extensions"]["code"], "A_CODE");
        assert!((WORDS.next)("", &answer(), 10).is_none());
        let complete = "event: complete\ndata:\n\n";
        assert_eq!((WORDS.complete)(""), complete);
        assert_eq!((WORDS.refused)("", answer()), said.clone() + complete);
        let all = whole(&answer(), 1_000).unwrap().unwrap();
        assert_eq!(all, (said + complete).into_bytes());
        assert!(whole(&answer(), 10).unwrap().is_none());
    }
}
