//! Places in a chart.

use std::cmp::Reverse;

use sea_orm::Value;
use uuid::Uuid;

use super::store::charts::Counted;
use crate::paging::{Page, Position, Slice};

/// The most places of a chart.
pub const MOST_PLACES: i64 = 100;

/// What orders a chart: how many listen to a song, then how often, then which it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank {
    listeners: i64,
    listens: i64,
    item: Uuid,
}

impl From<&Counted> for Rank {
    fn from(song: &Counted) -> Self {
        Self {
            listeners: song.listeners,
            listens: song.listens,
            item: song.item_id,
        }
    }
}

/// A song in a chart.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The place, from 1 on: the same for songs that as many listen to as often, and the next ones further
    /// down for that.
    pub place: i64,
    /// The song, and how it was counted.
    pub song: Counted,
}

/// A whole chart, in its order.
#[derive(Clone, Debug, Default)]
pub struct Chart(Vec<Placed>);

impl Chart {
    /// The chart of `songs`.
    pub fn of(mut songs: Vec<Counted>) -> Self {
        songs.sort_unstable_by_key(|song| Reverse(Rank::from(song)));
        let mut placed: Vec<Placed> = Vec::with_capacity(songs.len());
        for (place, song) in (1..).zip(songs) {
            let shared = placed.last().filter(|last| {
                (last.song.listeners, last.song.listens) == (song.listeners, song.listens)
            });
            let place = shared.map_or(place, |last| last.place);
            placed.push(Placed { place, song });
        }
        Self(placed)
    }

    /// How many songs are in it.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nobody listened to anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// At which place `item` is, if it is in it.
    pub fn place_of(&self, item: Uuid) -> Option<i64> {
        let placed = self.0.iter().find(|placed| placed.song.item_id == item);
        placed.map(|placed| placed.place)
    }

    /// `page` of it.
    pub fn page(&self, page: &Page<Rank>) -> Slice<Placed> {
        let after = |placed: &&Placed| match &page.after {
            Some(after) => Rank::from(&placed.song) < *after,
            None => true,
        };
        let most = usize::try_from(page.limit).unwrap_or_default() + 1;
        let rows = self.0.iter().filter(after).take(most).cloned();
        Slice::new(rows.collect(), page)
    }
}

impl Position for Rank {
    fn least() -> Self {
        Self::of(i64::MAX, i64::MAX, Uuid::max())
    }
    fn greatest() -> Self {
        Self::of(i64::MIN, i64::MIN, Uuid::nil())
    }
    fn value(&self) -> Value {
        self.listeners.into()
    }
    fn bytes(&self) -> Vec<u8> {
        let numbers = [self.listeners, self.listens].map(i64::to_be_bytes);
        [numbers.as_flattened(), self.item.as_bytes()].concat()
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (listeners, rest) = bytes.split_at_checked(8)?;
        let (listens, item) = rest.split_at_checked(8)?;
        let number = |bytes| <i64 as Position>::from_bytes(bytes);
        Some(Self::of(
            number(listeners)?,
            number(listens)?,
            Uuid::from_slice(item).ok()?,
        ))
    }
}

impl Rank {
    fn of(listeners: i64, listens: i64, item: Uuid) -> Self {
        Self {
            listeners,
            listens,
            item,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn song(item: u128, listeners: i64, listens: i64) -> Counted {
        Counted {
            item_id: Uuid::from_u128(item),
            listens,
            listeners,
        }
    }

    fn places(slice: &Slice<Placed>) -> Vec<(i64, u128)> {
        let placed = slice.rows.iter();
        placed
            .map(|row| (row.place, row.song.item_id.as_u128()))
            .collect()
    }

    #[test]
    fn many_listeners_come_before_many_listens_and_equals_share_a_place() {
        let songs = [
            song(1, 1, 900),
            song(2, 3, 3),
            song(3, 3, 4),
            song(4, 3, 3),
            song(5, 1, 1),
        ];
        let chart = Chart::of(songs.to_vec());
        let page = |limit, after| Page {
            limit,
            backwards: false,
            after,
            before: None,
            texts: true,
        };
        let all = chart.page(&page(100, None));
        let whole = [(1, 3), (2, 4), (2, 2), (4, 1), (5, 5)];
        assert_eq!(places(&all), whole);
        assert_eq!(chart.place_of(Uuid::from_u128(2)), Some(2));
        assert_eq!(chart.place_of(Uuid::from_u128(9)), None);
        // A page after the other, over a place that is shared.
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let slice = chart.page(&page(2, after));
            seen.extend(places(&slice));
            after = slice.rows.last().map(|row| Rank::from(&row.song));
            if !slice.has_next {
                break;
            }
        }
        assert_eq!(seen, whole);
        let rank = after.unwrap();
        assert_eq!(Rank::from_bytes(&rank.bytes()), Some(rank));
    }
}
