//! Where a text that was found stands among all that are found.

use std::cmp::Ordering;

use sea_orm::Value;
use uuid::Uuid;

use super::query::Rank;
use crate::paging::Position;

/// As many texts of one millisecond have places of their own.
pub(super) const PLACES: i64 = 1 << 15;

/// When something was written, and what of the same moment it is: which, and whose.
pub type Moment = (i64, Uuid, Uuid);

/// A place in the order of a search: by rank, then by when it was written, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// 1 where all words are in the title, 0 elsewhere.
    rank: u8,
    at: Moment,
}

impl Place {
    /// Before everything that is found.
    pub const FIRST: Self = Self {
        rank: u8::MAX,
        at: NEWEST,
    };

    /// The place of what was found with `rank`.
    pub fn of(rank: Rank, hit: &Hit) -> Self {
        Self {
            rank: number(rank),
            at: hit.moment(),
        }
    }

    /// From where on to read what has `rank`; None where all of that was before.
    pub fn begins(self, rank: Rank) -> Option<Moment> {
        match number(rank).cmp(&self.rank) {
            Ordering::Less => Some(NEWEST),
            Ordering::Equal => Some(self.at),
            Ordering::Greater => None,
        }
    }
}

/// Before all that has one rank.
const NEWEST: Moment = (i64::MAX, Uuid::max(), Uuid::max());

fn number(rank: Rank) -> u8 {
    match rank {
        Rank::InTitle => 1,
        Rank::Elsewhere | Rank::Anywhere => 0,
    }
}

impl Position for Place {
    fn least() -> Self {
        Self::FIRST
    }
    fn greatest() -> Self {
        Self {
            rank: 0,
            at: (i64::MIN, Uuid::nil(), Uuid::nil()),
        }
    }
    fn value(&self) -> Value {
        self.at.0.into()
    }
    fn bytes(&self) -> Vec<u8> {
        let (place, id, author) = self.at;
        let place = place.to_be_bytes();
        [&[self.rank][..], &place, id.as_bytes(), author.as_bytes()].concat()
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (rank, at) = bytes.split_first()?;
        let (place, ids) = at.split_at_checked(8)?;
        let (id, author) = ids.split_at_checked(16)?;
        let at = (
            i64::from_bytes(place)?,
            Uuid::from_slice(id).ok()?,
            Uuid::from_slice(author).ok()?,
        );
        // No search gave another.
        (*rank <= 1).then_some(Self { rank: *rank, at })
    }
}

/// A text that has the terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Whose it is.
    pub author: Uuid,
    /// What names it beside that.
    pub id: Uuid,
    /// When it was written.
    pub place: i64,
}

impl Hit {
    /// When it was written.
    pub fn moment(&self) -> Moment {
        (self.place, self.id, self.author)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_title_comes_first_then_the_newest() {
        let hit = Hit {
            author: Uuid::nil(),
            id: Uuid::nil(),
            place: -3,
        };
        let title = Place::of(Rank::InTitle, &hit);
        let text = Place::of(Rank::Elsewhere, &hit);
        assert!(Place::FIRST > title && title > text && text > Place::greatest());
        for place in [title, text] {
            assert_eq!(Place::from_bytes(&place.bytes()), Some(place));
            assert_eq!(Place::from_bytes(&place.bytes()[1..]), None);
        }
        assert_eq!(title.begins(Rank::InTitle), Some(hit.moment()));
        assert_eq!(title.begins(Rank::Elsewhere), Some(NEWEST));
        assert_eq!(text.begins(Rank::InTitle), None);
    }
}
