//! Counts tokens and brackets before the parser sees them: it recurses on brackets, and a few
//! kilobytes of `[` would overflow its stack.

use async_graphql::Pos;

use super::refusal::Refusal;
use crate::error::text::document::DocumentText;

/// The deepest brackets of any kind in one another. What the parser itself allows in selections.
const MAX_BRACKETS: u32 = 64;

/// Checks that `document` has at most `max_tokens` tokens, and no more brackets open at once than
/// the parser can bear.
///
/// # Errors
/// [`Refusal::TooManyTokens`], [`Refusal::TooDeep`], and [`Refusal::Syntax`] for a block string
/// without an end.
pub fn scan(document: &str, max_tokens: u32) -> Result<(), Refusal> {
    let mut tokens = 0_u32;
    let mut open = 0_u32;
    for token in Tokens::of(document) {
        match token?.first() {
            Some(b'{' | b'[' | b'(') => {
                open = open.saturating_add(1);
                if open > MAX_BRACKETS {
                    return Err(Refusal::TooDeep(MAX_BRACKETS));
                }
            }
            Some(b'}' | b']' | b')') => open = open.saturating_sub(1),
            _ => {}
        }
        tokens = tokens.saturating_add(1);
        if tokens > max_tokens {
            return Err(Refusal::TooManyTokens(max_tokens));
        }
    }
    Ok(())
}

/// The tokens of a document, without what stands between them.
pub(super) struct Tokens<'d> {
    rest: &'d [u8],
}

impl<'d> Tokens<'d> {
    pub(super) fn of(document: &'d str) -> Self {
        Self {
            rest: document.as_bytes(),
        }
    }

    /// How many bytes follow the last token.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }
}

impl<'d> Iterator for Tokens<'d> {
    type Item = Result<&'d [u8], Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (&first, after) = self.rest.split_first()?;
            let rest = match first {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                    self.rest = after;
                    continue;
                }
                b'#' => {
                    self.rest = skip_while(after, |byte| !matches!(byte, b'\r' | b'\n'));
                    continue;
                }
                0xef if after.starts_with(&[0xbb, 0xbf]) => {
                    self.rest = after.get(2..).unwrap_or_default();
                    continue;
                }
                b'"' => match string(self.rest) {
                    Ok(rest) => rest,
                    Err(refusal) => {
                        self.rest = &[];
                        return Some(Err(refusal));
                    }
                },
                b'.' => skip_while(after, |byte| byte == b'.'),
                b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                    skip_while(after, |byte| byte == b'_' || byte.is_ascii_alphanumeric())
                }
                b'-' | b'0'..=b'9' => skip_while(after, |byte| {
                    matches!(byte, b'.' | b'+' | b'-') || byte.is_ascii_alphanumeric()
                }),
                _ => after,
            };
            let token = self.rest.get(..self.rest.len() - rest.len());
            self.rest = rest;
            return Some(Ok(token.unwrap_or_default()));
        }
    }
}

/// The line and the column, in characters, of the byte `offset` of `document`.
pub(super) fn position(document: &str, offset: usize) -> Pos {
    let before = document.get(..offset).unwrap_or_default();
    let lines = before.replace("\r\n", "\n").replace('\r', "\n");
    let last = lines.rsplit('\n').next().unwrap_or_default();
    Pos {
        line: lines.matches('\n').count() + 1,
        column: last.chars().count() + 1,
    }
}

fn skip_while(bytes: &[u8], inside: impl Fn(u8) -> bool) -> &[u8] {
    let end = bytes.iter().position(|byte| !inside(*byte));
    end.and_then(|end| bytes.get(end..)).unwrap_or_default()
}

/// What follows the string that `bytes` begin with.
fn string(bytes: &[u8]) -> Result<&[u8], Refusal> {
    const BLOCK: &[u8] = b"\"\"\"";
    if let Some(mut rest) = bytes.strip_prefix(BLOCK) {
        while let Some((&first, after)) = rest.split_first() {
            if let Some(end) = rest.strip_prefix(BLOCK) {
                return Ok(end);
            }
            let escaped = first == b'\\' && after.starts_with(BLOCK);
            rest = if escaped {
                after.get(BLOCK.len()..).unwrap_or_default()
            } else {
                after
            };
        }
        // The parser would read an empty string here and go on behind it, where nothing was
        // counted.
        let text = DocumentText::EndlessBlockString;
        return Err(Refusal::Syntax(text, Vec::<Pos>::new()));
    }
    let mut rest = bytes.get(1..).unwrap_or_default();
    while let Some((&first, after)) = rest.split_first() {
        match first {
            b'"' => return Ok(after),
            // A string ends with its line; the parser says so.
            b'\r' | b'\n' => return Ok(rest),
            b'\\' => rest = after.get(1..).unwrap_or_default(),
            _ => rest = after,
        }
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(document: &str) -> u32 {
        (0..)
            .find(|&limit| scan(document, limit) != Err(Refusal::TooManyTokens(limit)))
            .unwrap()
    }

    #[test]
    fn counts_what_the_specification_calls_a_token() {
        assert_eq!(tokens(""), 0);
        assert_eq!(tokens("\u{feff} , \t\r\n # { a } \" \n"), 0);
        assert_eq!(tokens("{ a }"), 3);
        assert_eq!(tokens("query Q($a: [Int!]! = [1 -2.5e+3]) @d { ...F }"), 23);
        assert_eq!(tokens(r#"{ a(b: "x { [ \" # y") }"#), 8);
        assert_eq!(tokens("{ a(b: \"\"\"x \" \\\"\"\" { # \n y\"\"\") }"), 8);
        assert_eq!(tokens("{ a(b: \"\", c: \"\") }"), 11);
    }

    #[test]
    fn counts_brackets_of_every_kind_but_not_within_strings() {
        let deep = |bracket: &str| scan(&bracket.repeat(4_000), u32::MAX);
        for bracket in ["[", "{", "(", "{a(b:[", "[\"]\"", "[#]\n"] {
            assert_eq!(
                deep(bracket),
                Err(Refusal::TooDeep(MAX_BRACKETS)),
                "{bracket}"
            );
        }
        assert_eq!(scan(&format!("\"{}\"", "[".repeat(4_000)), 1), Ok(()));
        assert_eq!(scan(&"[]".repeat(4_000), u32::MAX), Ok(()));
    }

    #[test]
    fn a_block_string_without_an_end_hides_no_brackets() {
        let hidden = format!("{{ a(b: [\"\"\"\" {} ", "[".repeat(4_000));
        assert!(matches!(scan(&hidden, u32::MAX), Err(Refusal::Syntax(..))));
    }
}
