//! Pages of what a search finds, where not all that an index finds is what was looked for.

use crate::{
    error::Error,
    paging::{Page, Position, Slice, cursor},
};

/// How often a page is read on, at most, while what was found turns out not to be what was looked for.
const TURNS: usize = 5;
/// How many rows are looked at then at once, at least.
const AHEAD: usize = 100;

/// What is searched.
#[async_trait::async_trait]
pub trait Searched: Sync {
    /// Where something stands in the order of what is found.
    type Place: Position;
    /// What an index finds.
    type Hit: Send + Sync;
    /// What is shown of it.
    type Found: Send;

    /// Up to `limit` of what has the terms after `from`, in their order, and their places: all, where these are
    /// fewer.
    async fn hits(
        &self,
        from: &Self::Place,
        limit: usize,
    ) -> Result<Vec<(Self::Place, Self::Hit)>, Error>;

    /// What is to be shown of each of `hits`; nothing of what is not for the viewer, or is not what was
    /// looked for.
    async fn shown(&self, hits: &[Self::Hit]) -> Result<Vec<Option<Self::Found>>, Error>;
}

/// A page of what was found.
#[derive(Debug)]
pub struct Looked<P, T> {
    /// What is shown, and its places.
    pub rows: Vec<(P, T)>,
    /// Whether there may be more.
    pub has_next: bool,
    /// How far was looked, where that is further than the last row: then the page may be less full than it was
    /// asked for, and there is more.
    pub up_to: Option<P>,
}

impl<P: Position, T> Looked<P, T> {
    /// It as `page` of a list whose cursors bear `tag`, each row as what `edge` makes of it and its cursor; and the
    /// cursor of how far was looked, where that is further than the last row.
    pub fn slice<E>(
        self,
        tag: u8,
        page: &Page<P>,
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
    page: &Page<S::Place>,
) -> Result<Looked<S::Place, S::Found>, Error> {
    let limit = usize::try_from(page.limit).unwrap_or(0);
    let mut from = page.after.clone().unwrap_or_else(S::Place::least);
    let mut rows = Vec::new();
    for turn in 0..TURNS {
        // One more tells that there is another page.
        let missing = limit + 1 - rows.len();
        let asked = if turn == 0 {
            missing
        } else {
            missing.max(AHEAD)
        };
        let found = searched.hits(&from, asked).await?;
        let (places, hits): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        let shown = searched.shown(&hits).await?;
        from = places.last().cloned().unwrap_or(from);
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
            });
        }
    }
    Ok(Looked {
        rows,
        has_next: true,
        up_to: Some(from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many are found, and every so many-th is shown.
    struct Sieve {
        there: i64,
        every: i64,
    }

    #[async_trait::async_trait]
    impl Searched for Sieve {
        type Place = i64;
        type Hit = i64;
        type Found = i64;

        async fn hits(&self, from: &i64, limit: usize) -> Result<Vec<(i64, i64)>, Error> {
            let all = (1..=self.there).map(|number| (number, number));
            Ok(all.filter(|(place, _)| place > from).take(limit).collect())
        }

        async fn shown(&self, hits: &[i64]) -> Result<Vec<Option<i64>>, Error> {
            let shown = hits.iter().copied();
            Ok(shown
                .map(|it| (it % self.every == 0).then_some(it))
                .collect())
        }
    }

    fn page(limit: i32, after: Option<i64>) -> Page<i64> {
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
            assert_eq!(looked.up_to, None);
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
        assert!(first.rows.is_empty() && first.has_next);
        let looked_at = i64::try_from(3 + (TURNS - 1) * AHEAD).unwrap();
        assert_eq!(first.up_to, Some(looked_at));
        let second = look(&sieve, &page(2, first.up_to)).await.unwrap();
        assert!(second.up_to.is_some());
        let third = look(&sieve, &page(2, second.up_to)).await.unwrap();
        assert!(third.up_to.is_none() && !third.has_next);
        assert_eq!(third.rows.len(), 1);
    }
}
