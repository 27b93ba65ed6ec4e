//! What the demo's people call themselves: pseudonyms in the taste of 2006.

use std::collections::HashSet;

use super::draw::{Draw, Part};

const WORDS: &str = include_str!("texts/usernames.txt");
const SUFFIXES: &str = include_str!("texts/suffixes.txt");
const NICKNAMES: &str = include_str!("texts/nicknames.txt");

/// A user name can have no more characters (rules.md, Users 1).
const LONGEST: usize = 20;

/// Makes names that nobody else has.
#[derive(Debug)]
pub(super) struct Names {
    draw: Draw,
    words: Vec<&'static str>,
    suffixes: Vec<&'static str>,
    nicknames: Vec<&'static str>,
    taken: HashSet<String>,
}

impl Names {
    /// For the demo of `seed`; `taken` are names that others have.
    pub(super) fn new(seed: u64, taken: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            draw: Draw::new(seed, Part::Names, 0),
            words: WORDS.lines().collect(),
            suffixes: SUFFIXES.lines().collect(),
            nicknames: NICKNAMES.lines().collect(),
            taken: taken.into_iter().map(str::to_owned).collect(),
        }
    }

    /// A user name.
    pub(super) fn username(&mut self) -> String {
        loop {
            let name = self.form();
            let free = (3..=LONGEST).contains(&name.len()) && self.taken.insert(name.clone());
            if free {
                return name;
            }
        }
    }

    fn form(&mut self) -> String {
        let word = self.draw.pick(&self.words).unwrap_or_default();
        let other = self.draw.pick(&self.words).unwrap_or_default();
        let suffix = self.draw.pick(&self.suffixes).unwrap_or_default();
        // Years of birth, telephone numbers, room numbers: 21, 77, 0423.
        let digits = match self.draw.below(4) {
            0 => format!("{:04}", self.draw.below(10_000)),
            1 => self.draw.between(1, 999).to_string(),
            _ => self.draw.between(1, 99).to_string(),
        };
        match self.draw.below(7) {
            0 => format!("{word}_{suffix}"),
            1 => format!("{word}{suffix}"),
            2 => format!("{word}_{suffix}{digits}"),
            3 => format!("{word}{digits}"),
            4 => format!("{word}_{other}"),
            5 => format!("{word}_{other}{digits}"),
            _ => format!("{word}{suffix}{digits}"),
        }
    }

    /// A nickname. Others can have the same.
    pub(super) fn nickname(&mut self) -> String {
        let name = self.draw.pick(&self.nicknames).unwrap_or_default();
        match self.draw.below(12) {
            0 => format!("{name}☆"),
            1 => format!("{name}＠引越し中"),
            2 => format!("{name}{}", self.draw.between(2, 99)),
            3 => format!("{name}(仮)"),
            _ => name.to_owned(),
        }
    }
}
