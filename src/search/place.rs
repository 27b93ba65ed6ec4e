//! Where what was found stands among all that is found, and pages of that.

use std::cmp::Ordering;

use sea_orm::Value;
use uuid::Uuid;

use super::query::Rank;
use crate::{
    error::Error,
    paging::{Page, Position, Slice, cursor},
};

/// How often a page is read on, at most, while what was found turns out not to be what was looked for.
const TURNS: usize = 5;
/// How many rows are looked at then at once, at least.
const AHEAD: usize = 100;

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

/// What is searched.
#[async_trait::async_trait]
pub trait Searched: Sync {
    /// What is found.
    type Found: Send;

    /// Up to `limit` texts after `from` that have the terms, in their order, and their places: all, where these
    /// are fewer.
    async fn hits(&self, from: Place, limit: usize) -> Result<Vec<(Place, Hit)>, Error>;

    /// What is to be shown of each of `hits`; nothing of what is not for the viewer, or is not what was
    /// looked for.
    async fn shown(&self, hits: &[Hit]) -> Result<Vec<Option<Self::Found>>, Error>;
}

/// A page of what was found.
#[derive(Debug)]
pub struct Looked<T> {
    /// What is shown, and its places.
    pub rows: Vec<(Place, T)>,
    /// Whether there may be more.
    pub has_next: bool,
    /// How far was looked, where that is further than the last row.
    pub up_to: Option<Place>,
    /// Whether it is as full as was asked for, or holds all that there is.
    pub is_complete: bool,
}

impl<T> Looked<T> {
    /// It as `page` of a list whose cursors bear `tag`, each row as what `edge` makes of it and its cursor; and the
    /// cursor of how far was looked, where that is further than the last row.
    pub fn slice<E>(
        self,
        tag: u8,
        page: &Page<Place>,
        edge: impl Fn(String, T) -> E,
    ) -> (Slice<E>, Option<String>) {
        let up_to = self.up_to.map(|place| cursor(tag, &place));
        let rows = self.rows.into_iter();
        let rows = rows.map(|(place, row)| edge(cursor(tag, &place), row));
        let slice = Slice {
            rows: rows.collect(),
            has_previous: page.after.is_some(),
            has_next: self.has_next,
        };
        (slice, up_to)
    }
}

/// `page` of what `searched` finds: full, unless very much of what has the terms is not what was looked for.
///
/// # Errors
/// The database's.
pub async fn look<S: Searched>(
    searched: &S,
    page: &Page<Place>,
) -> Result<Looked<S::Found>, Error> {
    let limit = usize::try_from(page.limit).unwrap_or(0);
    let mut from = page.after.unwrap_or(Place::FIRST);
    let mut rows = Vec::new();
    for turn in 0..TURNS {
        // One more tells that there is another page.
        let missing = limit + 1 - rows.len();
        let asked = if turn == 0 {
            missing
        } else {
            missing.max(AHEAD)
        };
        let found = searched.hits(from, asked).await?;
        let (places, hits): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        let shown = searched.shown(&hits).await?;
        from = places.last().copied().unwrap_or(from);
        let is_all = places.len() < asked;
        let both = places.into_iter().zip(shown);
        rows.extend(both.filter_map(|(place, shown)| Some((place, shown?))));
        let has_next = rows.len() > limit;
        if has_next || is_all {
            rows.truncate(limit);
            return Ok(Looked {
                rows,
                has_next,
                up_to: None,
                is_complete: true,
            });
        }
    }
    Ok(Looked {
        rows,
        has_next: true,
        up_to: Some(from),
        is_complete: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many texts have the terms, and every so many-th is shown.
    struct Sieve {
        there: usize,
        every: usize,
    }

    fn hit(number: usize) -> (Place, Hit) {
        let place = -i64::try_from(number).unwrap();
        let hit = Hit {
            author: Uuid::nil(),
            id: Uuid::nil(),
            place,
        };
        (Place::of(Rank::Anywhere, &hit), hit)
    }

    #[async_trait::async_trait]
    impl Searched for Sieve {
        type Found = i64;

        async fn hits(&self, from: Place, limit: usize) -> Result<Vec<(Place, Hit)>, Error> {
            let all = (1..=self.there).map(hit);
            Ok(all.filter(|(place, _)| *place < from).take(limit).collect())
        }

        async fn shown(&self, hits: &[Hit]) -> Result<Vec<Option<i64>>, Error> {
            let every = i64::try_from(self.every).unwrap();
            let shown = hits.iter().map(|hit| hit.place);
            Ok(shown.map(|it| (it % every == 0).then_some(-it)).collect())
        }
    }

    fn page(limit: i32, after: Option<Place>) -> Page<Place> {
        Page {
            limit,
            backwards: false,
            after,
            before: None,
            texts: true,
        }
    }

    #[tokio::test]
    async fn pages_are_full_and_come_to_all() {
        let sieve = Sieve {
            there: 200,
            every: 7,
        };
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let looked = look(&sieve, &page(5, after)).await.unwrap();
            assert!(looked.is_complete && looked.up_to.is_none());
            assert_eq!(looked.rows.len(), if looked.has_next { 5 } else { 3 });
            after = looked.rows.last().map(|(place, _)| *place);
            seen.extend(looked.rows.into_iter().map(|(_, number)| number));
            if !looked.has_next {
                break;
            }
        }
        let all: Vec<_> = (7..=200).step_by(7).collect();
        assert_eq!(seen, all);
    }

    #[tokio::test]
    async fn a_search_that_finds_too_little_of_what_it_looks_at_goes_on_where_it_stopped() {
        let sieve = Sieve {
            there: 1_000,
            every: 900,
        };
        let first = look(&sieve, &page(2, None)).await.unwrap();
        assert!(first.rows.is_empty() && first.has_next && !first.is_complete);
        assert_eq!(first.up_to, Some(hit(3 + (TURNS - 1) * AHEAD).0));
        let second = look(&sieve, &page(2, first.up_to)).await.unwrap();
        assert!(!second.is_complete);
        let third = look(&sieve, &page(2, second.up_to)).await.unwrap();
        assert!(third.is_complete && !third.has_next);
        assert_eq!(third.rows.len(), 1);
    }

    #[test]
    fn what_is_in_the_title_comes_first_then_the_newest() {
        let (_, hit) = hit(3);
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
