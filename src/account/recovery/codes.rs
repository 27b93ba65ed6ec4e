//! The codes that a user is given to recover by: ten at a time.

use uuid::Uuid;

use crate::{code::Code, ids::Ids};

/// How many a user is given.
pub const CODES: usize = 10;

/// What the database knows `code` by, as one of `user`: so that nobody tries one guess at all users' at
/// once.
pub fn hash(code: &Code, user: Uuid) -> Vec<u8> {
    code.hash(&[b"ashiato recovery code", &user.as_bytes()[..]].concat())
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
        self.0.iter().map(|code| hash(code, user)).collect()
    }

    /// As they are shown, once.
    pub fn shown(&self) -> Vec<String> {
        self.0.iter().map(Code::write).collect()
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_code_is_known_as_one_of_its_user_alone_and_not_shown_by_accident() {
        let codes = Codes::draw(&Ids::new(rand::rngs::StdRng::seed_from_u64(7)));
        let [one, two] = [1, 2].map(Uuid::from_u128);
        assert_ne!(codes.hashes(one), codes.hashes(two));
        assert_eq!(codes.hashes(one), codes.hashes(one));
        let said = format!("{codes:?}");
        assert!(
            codes.shown().iter().all(|code| !said.contains(code)),
            "{said}"
        );
    }
}
