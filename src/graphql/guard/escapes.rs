//! Puts characters in the place of escapes that the engine's parser does not know.

use std::borrow::Cow;

use super::{
    refusal::Refusal,
    scan::{Tokens, position},
};
use crate::error::text::document::DocumentText;

/// `document` with the characters that its strings write as surrogate pairs (`\ud83d\ude00`) or in
/// braces (`\u{1F600}`), as the specification's section 2.9.4 has them. Spaces behind each string
/// make up for its length: what follows stays in its column.
///
/// # Errors
/// [`Refusal::Syntax`] for half a surrogate pair, and for a number that is no character's.
pub fn rewrite(document: &str) -> Result<Cow<'_, str>, Refusal> {
    if !document.contains("\\u") {
        return Ok(Cow::Borrowed(document));
    }
    let mut written = String::with_capacity(document.len());
    let mut copied = 0;
    let mut tokens = Tokens::of(document);
    while let Some(token) = tokens.next() {
        let end = document.len() - tokens.left();
        let start = end - token?.len();
        let text = document.get(start..end).unwrap_or_default();
        // Block strings know no escapes of characters.
        if text.starts_with('"') && !text.starts_with("\"\"\"") && text.contains("\\u") {
            written.push_str(document.get(copied..start).unwrap_or_default());
            string(text, &mut written).map_err(|offset| {
                let text = DocumentText::EscapeOfNone;
                Refusal::Syntax(text, vec![position(document, start + offset)])
            })?;
            copied = end;
        }
    }
    written.push_str(document.get(copied..).unwrap_or_default());
    Ok(Cow::Owned(written))
}

/// Writes the string `text` anew. The offset of an escape that is none.
fn string(text: &str, written: &mut String) -> Result<(), usize> {
    let mut rest = text;
    let mut spare = 0_usize;
    while let Some(found) = rest.find('\\') {
        let (plain, from) = rest.split_at(found);
        written.push_str(plain);
        let (length, character) = match escape(from) {
            Escape::Other(length) => (length, None),
            Escape::Character(length, character) => (length, Some(character)),
            Escape::Wrong => return Err(text.len() - from.len()),
        };
        let (escaped, after) = from.split_at_checked(length).unwrap_or((from, ""));
        match character {
            None => written.push_str(escaped),
            Some(character) => {
                let now = match character {
                    '"' | '\\' => {
                        written.extend(['\\', character]);
                        2
                    }
                    '\0'..'\u{20}' | '\u{7f}' => {
                        written.push_str(&format!("\\u{:04x}", u32::from(character)));
                        6
                    }
                    _ => {
                        written.push(character);
                        1
                    }
                };
                spare = spare.saturating_add(length.saturating_sub(now));
            }
        }
        rest = after;
    }
    written.push_str(rest);
    written.extend(std::iter::repeat_n(' ', spare));
    Ok(())
}

/// What a backslash begins.
enum Escape {
    /// So many bytes that the parser understands, or refuses itself.
    Other(usize),
    /// So many bytes that stand for a character.
    Character(usize, char),
    /// Nothing that stands for a character.
    Wrong,
}

fn escape(from: &str) -> Escape {
    if let Some(braced) = from.strip_prefix("\\u{") {
        let Some((digits, _)) = braced.split_once('}') else {
            return Escape::Wrong;
        };
        let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        // However many noughts it begins with.
        let number = match digits.trim_start_matches('0') {
            "" if !digits.is_empty() => Some(0),
            significant => u32::from_str_radix(significant, 16).ok(),
        };
        return match number.and_then(char::from_u32) {
            Some(character) if hexadecimal => Escape::Character(digits.len() + 4, character),
            _ => Escape::Wrong,
        };
    }
    match unit(from) {
        Some(high @ 0xd800..0xdc00) => match from.get(6..).and_then(unit) {
            Some(low @ 0xdc00..0xe000) => {
                let pair = char::decode_utf16([high, low]).next();
                match pair {
                    Some(Ok(character)) => Escape::Character(12, character),
                    _ => Escape::Wrong,
                }
            }
            _ => Escape::Wrong,
        },
        Some(0xdc00..0xe000) => Escape::Wrong,
        // The character behind the backslash may have several bytes; the parser will refuse it.
        _ => {
            let next = from.chars().nth(1).map_or(0, char::len_utf8);
            Escape::Other(1 + next)
        }
    }
}

/// The four digits of `\uXXXX`.
fn unit(from: &str) -> Option<u16> {
    let digits = from.strip_prefix("\\u")?.get(..4)?;
    let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal.then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use async_graphql::Pos;

    use super::*;

    #[test]
    fn a_character_takes_its_escape_s_place_and_what_follows_keeps_its_own() {
        for (document, written) in [
            (
                r#"{ a(b: "\ud83d\ude00x") }"#,
                "{ a(b: \"😀x\"           ) }",
            ),
            (r#"{ a(b: "\u{1F600}") }"#, "{ a(b: \"😀\"        ) }"),
            (r#"{ a(b: "\u{00000041}") }"#, "{ a(b: \"A\"           ) }"),
            (r#""\u{22}\u{5c}\u{A}""#, "\"\\\"\\\\\\u000a\"        "),
            (r#""\u{0}""#, "\"\\u0000\""),
        ] {
            assert_eq!(rewrite(document).unwrap(), written);
        }
    }

    #[test]
    fn what_is_no_such_escape_is_left() {
        for document in [
            r#"{ a(b: "\u0041 \n \\u{1F600} \\\\ud83d \q") }"#,
            r#"{ a(b: """ \u{1F600} \ud83d """) } # "\ud83d""#,
            r#""\u00""#,
            r#""\"#,
            "\"\\語 \\u語\"",
        ] {
            assert_eq!(rewrite(document).unwrap(), document);
        }
    }

    #[test]
    fn half_a_pair_and_what_is_no_character_are_refused_where_they_stand() {
        for (document, column) in [
            (r#""\ud83d""#, 2),
            (r#""é\ud83dx""#, 3),
            (r#""\ud83d\u0041""#, 2),
            (r#""\ud83d\ud83d""#, 2),
            (r#""\ude00\ud83d""#, 2),
            (r#""\u{110000}""#, 2),
            (r#""\u{d83d}""#, 2),
            (r#""\u{}""#, 2),
            (r#""\u{+1}""#, 2),
            (r#""\u{1F600""#, 2),
            (r#""\u{FFFFFFFFFFFFFFFFF}""#, 2),
        ] {
            let refused = rewrite(&format!("{{ a\r\n  b\n{document}")).unwrap_err();
            let Refusal::Syntax(_, positions) = refused else {
                panic!("{document}")
            };
            assert_eq!(positions, [Pos { line: 3, column }], "{document}");
        }
    }
}
