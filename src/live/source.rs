//! Where a feed comes from.

use std::sync::Arc;

use entity::user_counter;
use uuid::Uuid;

use super::others::Others;
use crate::{
    brand::store::posts, error::Error, events::Event, loaders::Loaders, notification::store::inbox,
    rest::store::digests::Sequence, user::store::counters,
};

/// Where the last number stands that a member's rows were given.
#[derive(Clone, Copy, Debug)]
pub enum Last {
    /// In one of the member's counters.
    Counted(fn(&user_counter::Model) -> i64),
    /// In the member's inbox.
    InInbox,
    /// In the sequence of the posts of brands' pages, which is everybody's.
    OfPosts,
}

impl Last {
    pub(super) async fn of(self, loaders: &Loaders, me: Uuid) -> Result<i64, Error> {
        let db = loaders.app.database.reader();
        Ok(match self {
            Self::Counted(number) => counters(db, me).await?.map_or(0, |row| number(&row)),
            Self::InInbox => inbox(db, me).await?.map_or(0, |row| row.number),
            Self::OfPosts => posts::last_number(db).await?,
        })
    }
}

/// Where a member's feed comes from: rows that bear the numbers of a sequence.
#[derive(Debug)]
pub struct Source<R, F> {
    /// What wakes the feed: published after whatever changes what `read` finds.
    pub event: Event,
    /// What wakes it beside that, where that is not the same all the time. What is read is shared by nobody then.
    pub others: Option<Arc<Others>>,
    /// What its cursors bear.
    pub tag: u8,
    /// The last number that was given.
    pub last: Last,
    /// Of which of the sequences the numbers are.
    pub sequence: Sequence,
    /// Whose doing a row is. It is not given to who has a block with them.
    pub who: fn(&R) -> Uuid,
    /// Reads a page of (number, row), in the order of the numbers.
    pub read: F,
}

/// A row that arrives.
#[derive(Clone, Debug)]
pub struct Arrived<R> {
    /// The row.
    pub row: R,
    /// How many came before it in a rest that is over, and are not given.
    pub held: i64,
}
