//! The codes themselves: 80 random bits each, in letters and figures that are not mistaken for each
//! other (Crockford's base32), of which the database keeps only a SHA-256.

use std::fmt::{Debug, Formatter};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ids::Ids;

/// How many a user is given.
pub const CODES: usize = 10;

/// No I, L, O and U: three are taken for others, and words of four letters are rarer.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// The bytes of a code's random bits.
const BYTES: usize = 10;
/// The letters of a code, and of each of its groups.
const LENGTH: usize = 16;
const GROUP: usize = 4;

/// A recovery code, as it is compared: without groups, in upper case.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Debug for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code")
    }
}

impl Code {
    /// Draws one.
    fn draw(ids: &Ids) -> Self {
        let secret = ids.secret();
        // 80 bits are 16 letters of five.
        let random = secret.iter().take(BYTES);
        let bits = random.fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let letter = |place: usize| {
            let five = bits >> (5 * (LENGTH - 1 - place)) & 31;
            let letter = usize::try_from(five).ok().and_then(|at| LETTERS.get(at));
            letter.copied().map_or('0', char::from)
        };
        Self((0..LENGTH).map(letter).collect())
    }

    /// Reads one as people write it: in lower case, with other groups or none, with an O for the 0
    /// and an I or L for the 1. None where it cannot be one.
    pub fn read(text: &str) -> Option<Self> {
        let mut code = String::with_capacity(LENGTH);
        for letter in text.chars() {
            let letter = match letter.to_ascii_uppercase() {
                ' ' | '-' => continue,
                'O' => '0',
                'I' | 'L' => '1',
                letter => letter,
            };
            let known = LETTERS.iter().any(|one| char::from(*one) == letter);
            if !known || code.len() == LENGTH {
                return None;
            }
            code.push(letter);
        }
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// What the database knows it by, as one of `user`: so that nobody tries one guess at all users'
    /// at once. It has too many bits to need more than that.
    pub fn hash(&self, user: Uuid) -> Vec<u8> {
        let hash = Sha256::new_with_prefix(b"ashiato recovery code");
        let hash = hash.chain_update(user.as_bytes());
        hash.chain_update(self.0.as_bytes()).finalize().to_vec()
    }

    /// As it is shown: `1234-5678-9ABC-DEFG`.
    pub fn shown(&self) -> String {
        let letters: Vec<_> = self.0.chars().collect();
        let groups = letters.chunks(GROUP).map(|group| group.iter().collect());
        groups.collect::<Vec<String>>().join("-")
    }
}

/// Ten codes that are given together.
#[derive(Clone, Debug)]
pub struct Codes(Vec<Code>);

impl Codes {
    /// Draws them.
    pub fn draw(ids: &Ids) -> Self {
        Self((0..CODES).map(|_| Code::draw(ids)).collect())
    }

    /// What the database knows them by.
    pub fn hashes(&self, user: Uuid) -> Vec<Vec<u8>> {
        self.0.iter().map(|code| code.hash(user)).collect()
    }

    /// As they are shown, once.
    pub fn shown(&self) -> Vec<String> {
        self.0.iter().map(Code::shown).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;

    use super::*;

    fn codes() -> Codes {
        Codes::draw(&Ids::new(rand::rngs::StdRng::seed_from_u64(7)))
    }

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let codes = codes();
        for (code, shown) in codes.0.iter().zip(codes.shown()) {
            assert_eq!(shown.len(), 19);
            let lower = shown.to_lowercase();
            let mistaken = shown.replace('0', "o").replace('1', "l");
            let plain = shown.replace('-', "");
            for written in [&shown, &lower, &mistaken, &plain, &format!(" {plain} ")] {
                assert_eq!(Code::read(written).as_ref(), Some(code), "{written}");
            }
            let longer = format!("{shown}0");
            let unknown = shown.replace('-', "U");
            for wrong in [longer.as_str(), &shown[1..], &unknown, "", "はい"] {
                assert_eq!(Code::read(wrong), None, "{wrong}");
            }
        }
    }

    #[test]
    fn every_bit_of_a_code_is_drawn() {
        let ids = Ids::new(rand::rngs::StdRng::seed_from_u64(8));
        let many: Vec<_> = (0..200).flat_map(|_| Codes::draw(&ids).0).collect();
        for place in 0..LENGTH {
            let letters = many.iter().map(|code| code.0.as_bytes()[place]);
            assert_eq!(letters.collect::<HashSet<_>>().len(), 32, "{place}");
        }
        let all: HashSet<_> = many.iter().map(|code| &code.0).collect();
        assert_eq!(all.len(), 200 * CODES);
    }

    #[test]
    fn a_code_is_known_as_one_of_its_user_alone_and_not_shown_by_accident() {
        let codes = codes();
        let [one, two] = [1, 2].map(Uuid::from_u128);
        assert_ne!(codes.hashes(one), codes.hashes(two));
        assert_eq!(codes.hashes(one), codes.hashes(one));
        let said = format!("{codes:?}");
        assert!(codes.0.iter().all(|code| !said.contains(&code.0)), "{said}");
    }
}
