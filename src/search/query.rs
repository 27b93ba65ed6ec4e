//! What is searched for in texts of many words, cut as these are.

use super::{
    asked,
    words::{IN_TITLE, LONGEST_WORD, Scope, beginning, pairs, plain, runs},
};
use crate::error::Error;

/// The most terms that are looked up: more than enough to leave few texts.
const MOST: usize = 24;

/// A term that is looked up, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    term: String,
    is_beginning: bool,
}

/// Where in a text all words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// In the title: these come first.
    InTitle,
    /// Not all of them there.
    Elsewhere,
    /// In a text that has no title.
    Anywhere,
}

/// What is searched for.
#[derive(Clone, Debug)]
pub struct Query {
    words: Vec<String>,
    pieces: Vec<Piece>,
    /// Whether a text that has the terms has the words: then it need not be looked at.
    is_exact: bool,
}

impl Query {
    /// The words of `text`; none where it is too short to search by.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where it is too long.
    pub fn of(text: &str) -> Result<Option<Self>, Error> {
        let plain = plain(&asked(text)?);
        // One letter or figure.
        if plain.len() < 2 {
            return Ok(None);
        }
        let (mut pieces, mut is_exact) = (Vec::new(), true);
        for word in plain.split(' ') {
            let before = pieces.len();
            pieces_of(word, &mut pieces);
            let is_cut = word.chars().nth(LONGEST_WORD).is_some();
            is_exact &= pieces.len() == before + 1 && !is_cut;
        }
        let mut seen = Vec::new();
        for piece in pieces {
            if !seen.contains(&piece) {
                seen.push(piece);
            }
        }
        is_exact &= seen.len() <= MOST;
        seen.truncate(MOST);
        Ok(Some(Self {
            words: plain.split(' ').map(str::to_owned).collect(),
            pieces: seen,
            is_exact,
        }))
    }

    /// Whether each word is in one of `texts`, of a text that has the terms: these can stand apart in it.
    pub fn is_in(&self, texts: &[&str]) -> bool {
        if self.is_exact {
            return true;
        }
        let texts: Vec<_> = texts.iter().map(|text| plain(text)).collect();
        let is_there = |word: &String| texts.iter().any(|text| text.contains(word.as_str()));
        self.words.iter().all(is_there)
    }

    /// What finds texts for any of `scopes` that have the words where `rank` says, in the words of PostgreSQL's
    /// `tsquery`, or of FTS5. (A term holds no mark that means anything there.)
    pub fn expression(&self, rank: Rank, scopes: &[Scope], is_postgres: bool) -> String {
        let (and, or, but) = match is_postgres {
            true => (" & ", " | ", " & !"),
            false => (" AND ", " OR ", " NOT "),
        };
        let quoted = |term: &str, is_beginning| match (is_postgres, is_beginning) {
            (true, false) => format!("'{term}'"),
            (true, true) => format!("'{term}':*"),
            (false, false) => format!("\"{term}\""),
            (false, true) => format!("\"{term}\" *"),
        };
        let all = |first: &str| {
            let pieces = self.pieces.iter();
            let pieces =
                pieces.map(|piece| quoted(&format!("{first}{}", piece.term), piece.is_beginning));
            pieces.collect::<Vec<_>>().join(and)
        };
        let title = IN_TITLE.to_string();
        let words = match rank {
            Rank::InTitle => format!("({})", all(&title)),
            Rank::Elsewhere => format!("(({}){but}({}))", all(""), all(&title)),
            Rank::Anywhere => format!("({})", all("")),
        };
        let scopes: Vec<_> = scopes.iter().map(|scope| quoted(&scope.0, false)).collect();
        format!("{words}{and}({})", scopes.join(or))
    }
}

/// The terms that a text with `word` has.
fn pieces_of(word: &str, pieces: &mut Vec<Piece>) {
    let mut whole = |term: &str, is_beginning| {
        pieces.push(Piece {
            term: term.to_owned(),
            is_beginning,
        });
    };
    let mut runs = runs(word).peekable();
    while let Some(run) = runs.next() {
        let is_one = run.text.chars().nth(1).is_none();
        if !run.is_dense {
            // Where more follows, it has ended.
            let is_last = runs.peek().is_none();
            whole(beginning(run.text), is_last && !is_one);
        } else if is_one {
            whole(run.text, false);
        } else {
            pairs(run.text).for_each(|pair| whole(pair, false));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query::of(text).unwrap().unwrap()
    }

    #[test]
    fn what_is_too_short_or_too_long_is_not_searched_for() {
        for short in ["", " ", "a", "１", "!?", "🐈", "a!"] {
            assert!(Query::of(short).unwrap().is_none(), "{short}");
        }
        for enough in ["猫", "ab", "あ", "a b", "é"] {
            assert!(Query::of(enough).unwrap().is_some(), "{enough}");
        }
        assert!(Query::of(&"猫".repeat(101)).is_err());
        assert_eq!(query(&"いろはにほへと".repeat(14)).pieces.len(), 7);
        let long: String = ('\u{4e00}'..).take(100).collect();
        assert_eq!(query(&long).pieces.len(), MOST);
    }

    #[test]
    fn an_expression_asks_for_all_terms_and_one_scope() {
        let scopes = [Scope::of('p', &[]), Scope::of('m', &[])];
        let both = query("ねこ diary");
        assert_eq!(
            both.expression(Rank::Anywhere, &scopes, true),
            "('ねこ' & 'diary':*) & ('\u{e101}p' | '\u{e101}m')"
        );
        assert_eq!(
            both.expression(Rank::InTitle, &scopes[..1], false),
            "(\"\u{e100}ねこ\" AND \"\u{e100}diary\" *) AND (\"\u{e101}p\")"
        );
        assert_eq!(
            query("ねこ").expression(Rank::Elsewhere, &scopes[..1], false),
            "((\"ねこ\") NOT (\"\u{e100}ねこ\")) AND (\"\u{e101}p\")"
        );
        assert_eq!(
            query("ねこ").expression(Rank::Elsewhere, &scopes[..1], true),
            "(('ねこ') & !('\u{e100}ねこ')) & ('\u{e101}p')"
        );
    }

    #[test]
    fn a_text_whose_terms_stand_apart_is_not_what_is_looked_for() {
        let tokyo = query("東京都");
        assert!(!tokyo.is_exact);
        assert!(tokyo.is_in(&["", "ここは東京都です"]) && tokyo.is_in(&["東京都", ""]));
        assert!(!tokyo.is_in(&["東京から京都へ", ""]));
        // What two characters say needs no second look; nor a word by its beginning.
        assert!(query("京都").is_exact && query("Kyo 京都 猫").is_exact);
        let mixed = query("wii本体");
        assert!(mixed.is_in(&["", "Ｗｉｉ本体"]) && !mixed.is_in(&["wii", "本体"]));
        assert!(!query(&"x".repeat(50)).is_exact);
    }
}
