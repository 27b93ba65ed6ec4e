//! Codes that people copy: 80 random bits in letters and digits that are not mistaken for each other
//! (Crockford's base32), of which the database keeps only a SHA-256.

use base32::Alphabet;
use sha2::{Digest, Sha256};

use crate::ids::Ids;

const BYTES: usize = 10;
const GROUP: usize = 4;

/// A code as its bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code([u8; BYTES]);

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code")
    }
}

impl Code {
    /// Draws one.
    pub fn draw(ids: &Ids) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, ..] = ids.secret();
        Self([a, b, c, d, e, f, g, h, i, j])
    }

    /// The code that `text` writes, whatever its case, spaces and hyphens; none where it is none. (An
    /// O is a zero, and an I or an L a one.)
    pub fn read(text: &str) -> Option<Self> {
        // Longer than people write one: nobody's megabytes are looked at.
        if text.len() > 100 {
            return None;
        }
        let text: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect();
        let bytes = base32::decode(Alphabet::Crockford, &text)?;
        let code = bytes.try_into().ok().map(Self)?;
        // What stands for no whole byte at the end is not passed over.
        let same = base32::encode(Alphabet::Crockford, &code.0).len() == text.len();
        same.then_some(code)
    }

    /// It in groups of four, as `7K4D-9QXM-2F8T-WB3E`.
    pub fn write(&self) -> String {
        let text = base32::encode(Alphabet::Crockford, &self.0);
        let groups: Vec<_> = text.as_bytes().chunks(GROUP).collect();
        let groups = groups.iter().map(|group| String::from_utf8_lossy(group));
        groups.collect::<Vec<_>>().join("-")
    }

    /// What the database keeps of it, as one for `purpose`. (Nobody tries all codes of 80 bits: that
    /// needs no more.)
    pub fn hash(&self, purpose: &[u8]) -> Vec<u8> {
        let hash = Sha256::new_with_prefix(purpose);
        hash.chain_update(self.0).finalize().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;

    use super::*;

    #[test]
    fn every_bit_of_a_code_is_drawn() {
        let ids = Ids::new(rand::rngs::StdRng::seed_from_u64(8));
        let many: Vec<_> = (0..2_000).map(|_| Code::draw(&ids).write()).collect();
        for place in (0..19).filter(|place| place % 5 != 4) {
            let letters = many.iter().map(|code| code.as_bytes()[place]);
            assert_eq!(letters.collect::<HashSet<_>>().len(), 32, "{place}");
        }
        assert_eq!(many.iter().collect::<HashSet<_>>().len(), many.len());
    }

    #[test]
    fn a_code_is_read_however_people_write_it() {
        let ids = Ids::new(rand::rngs::StdRng::seed_from_u64(5));
        let code = Code::draw(&ids);
        let text = code.write();
        assert_eq!(text.len(), 19);
        let read = |text: &str| Code::read(text);
        assert_eq!(read(&text), Some(code));
        assert_eq!(read(&text.to_lowercase()), Some(code));
        assert_eq!(read(&text.replace('-', "")), Some(code));
        assert_eq!(read(&format!("  {} ", text.replace('-', " "))), Some(code));
        let alike = text.replace('0', "o").replace('1', "l");
        assert_eq!(read(&alike), Some(code));
        assert_ne!(Code::draw(&ids), code);
        for wrong in [
            "",
            "-",
            &text[1..],
            &format!("{text}0"),
            "あしあと",
            "7K4D-9QXM-2F8T-WB3U",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read(&"0".repeat(1_000_000)), None);
    }
}
