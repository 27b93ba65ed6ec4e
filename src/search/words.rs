//! Texts of many words, cut into the terms that searches find them by.
//!
//! Japanese is cut into every two neighbouring characters, and into each character, for the words of one; what
//! is written with spaces into its words, which are found by their beginnings. Marks and emoji divide words and
//! are found by nothing. (A word of Latin letters in pairs of these would be found in nearly every long text.)
//!
//! Beside them stand terms that say of what is in the title, and for whom the text is: no text has one of
//! those, for their first character is none of a word.

use std::{collections::BTreeSet, fmt::Write};

use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;

use super::fold;

/// The first character of a term of a title. (Both are of those that mean nothing to anybody.)
pub(super) const IN_TITLE: char = '\u{e100}';
/// The first character of a term that says for whom a text is.
const FOR: char = '\u{e101}';
/// As many characters of a word are looked at: then it is found by these.
pub(super) const LONGEST_WORD: usize = 40;
/// As many of a text. (Folding can make a text longer: ﷺ becomes 18 characters.)
const LONGEST_TEXT: usize = 20_000;

/// For whom a text is, or from whom it comes: of what a search finds, one of some such terms is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope(pub(super) String);

impl Scope {
    /// The one that is called `name`, a letter, of `ids`.
    pub fn of(name: char, ids: &[Uuid]) -> Self {
        let mut term = String::with_capacity(8 + ids.len() * 32);
        term.push(FOR);
        term.push(name);
        for id in ids {
            // Writing to a String cannot fail.
            let _ = write!(term, "{}", id.simple());
        }
        Self(term)
    }

    /// Whether `term` is one of those that are called `name`.
    pub fn is(term: &str, name: char) -> bool {
        let mut characters = term.chars();
        characters.next() == Some(FOR) && characters.next() == Some(name)
    }
}

/// What a text with `title` and `body` that is for `scopes` is found by.
pub fn terms(title: &str, body: &str, scopes: impl IntoIterator<Item = Scope>) -> Vec<String> {
    let (title, body) = (plain(title), plain(body));
    let mut terms = BTreeSet::new();
    cut(&title, |term| {
        terms.insert(format!("{IN_TITLE}{term}"));
        terms.insert(term.to_owned());
    });
    cut(&body, |term| {
        terms.insert(term.to_owned());
    });
    terms.extend(scopes.into_iter().map(|scope| scope.0));
    terms.into_iter().collect()
}

/// `text` as it is compared: folded, and its words divided by one space each.
pub(super) fn plain(text: &str) -> String {
    let folded = fold(text);
    let cut = folded.char_indices().nth(LONGEST_TEXT);
    let folded = cut
        .and_then(|(end, _)| folded.get(..end))
        .unwrap_or(&folded);
    let words = folded.split(|character| !is_of_word(character));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Whether `character` is part of a word: also a mark that sits on a letter and makes no other one of it.
fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || is_combining_mark(character)
}

/// Tells `found` each term of the plain text `plain`, some of them several times.
fn cut(plain: &str, mut found: impl FnMut(&str)) {
    for word in plain.split(' ') {
        for run in runs(word) {
            if run.is_dense {
                pairs(run.text).for_each(&mut found);
                characters(run.text).for_each(&mut found);
            } else {
                found(beginning(run.text));
            }
        }
    }
}

/// Part of a word in scripts of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'t> {
    pub(super) text: &'t str,
    /// Whether nothing tells in it where a word ends.
    pub(super) is_dense: bool,
}

pub(super) fn runs(word: &str) -> impl Iterator<Item = Run<'_>> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let is_dense = is_dense(rest.chars().next()?);
        let end = rest.find(|character| self::is_dense(character) != is_dense);
        let (text, others) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = others;
        Some(Run { text, is_dense })
    })
}

/// Whether `character` is of a script that is written without spaces: those of China, Japan and South East
/// Asia, and Hangul, whose words end in others.
fn is_dense(character: char) -> bool {
    matches!(character,
        '\u{0e00}'..='\u{0eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{1b000}'..='\u{1b16f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The characters of `text`.
fn characters(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().skip(1).map(|(end, _)| end);
    let ends = ends.chain([text.len()]);
    let mut start = 0;
    ends.filter_map(move |end| {
        let character = text.get(start..end);
        start = end;
        character.filter(|it| !it.is_empty())
    })
}

/// Every two that are neighbours.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.char_indices().map(|(start, _)| start);
    let ends = text.char_indices().skip(2).map(|(end, _)| end);
    let ends = ends.chain([text.len()]);
    let two = text.chars().nth(1).is_some();
    let both = starts.zip(ends).filter(move |_| two);
    both.filter_map(|(start, end)| text.get(start..end))
}

/// As much of a word as is looked at.
pub(super) fn beginning(word: &str) -> &str {
    let end = word.char_indices().nth(LONGEST_WORD);
    end.and_then(|(end, _)| word.get(..end)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(terms: &[&str]) -> Vec<String> {
        terms.iter().map(|term| (*term).to_owned()).collect()
    }

    fn of_body(body: &str) -> Vec<String> {
        terms("", body, [])
    }

    #[test]
    fn japanese_is_cut_into_pairs_and_characters_and_the_rest_into_words() {
        assert_eq!(
            of_body("京都へ"),
            texts(&["へ", "京", "京都", "都", "都へ"])
        );
        assert_eq!(
            of_body("A day, at KYOTO!"),
            texts(&["a", "at", "day", "kyoto"])
        );
        assert_eq!(of_body("Wii本体"), texts(&["wii", "体", "本", "本体"]));
        assert_eq!(of_body("🐈\n… '\" & | ! ( ) : * \\"), texts(&[]));
        assert_eq!(of_body(&"x".repeat(99)), [("x".repeat(LONGEST_WORD))]);
        assert!(of_body(&"ﷺ".repeat(9_999)).len() < 9);
    }

    #[test]
    fn marks_on_letters_divide_no_words_and_what_shows_nothing_is_passed_over() {
        assert_eq!(of_body("葛\u{e0100}城"), of_body("葛城"));
        assert_eq!(of_body("x\u{304}yz"), texts(&["x\u{304}yz"]));
        assert_eq!(of_body("हिन्दी"), texts(&["हिन्दी"]));
        assert_eq!(of_body("❤\u{fe0f} 👨\u{200d}👩"), texts(&[]));
    }

    #[test]
    fn widths_cases_and_kana_are_one() {
        for same in ["カラオケ", "からおけ", "ｶﾗｵｹ"] {
            assert_eq!(of_body(same), of_body("カラオケ"), "{same}");
        }
        for same in ["ＷＩＩ", "Wii", "wii"] {
            assert_eq!(of_body(same), texts(&["wii"]), "{same}");
        }
        assert_eq!(of_body("ﾊﾟｰﾃｨｰ"), of_body("パーティー"));
    }

    #[test]
    fn titles_and_scopes_have_terms_that_no_text_has() {
        let own = Scope::of('o', &[Uuid::from_u128(1)]);
        let found = terms("猫", "犬", [own.clone()]);
        assert_eq!(found.len(), 4);
        assert!(found.contains(&"\u{e100}猫".to_owned()) && found.contains(&own.0));
        assert!(Scope::is(&own.0, 'o') && !Scope::is(&own.0, 'p') && !Scope::is("o", 'o'));
        // Whoever writes them writes a space.
        assert_eq!(of_body(&format!("\u{e101}o{}", own.0)), {
            texts(&["o", &format!("o{:032x}", 1)])
        });
        let forged = of_body("\u{e100}猫\u{e101}p");
        assert_eq!(forged, texts(&["p", "猫"]));
    }
}
