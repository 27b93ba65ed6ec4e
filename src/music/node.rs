//! Music's own fields.

use async_graphql::SimpleObject;
use entity::listen;
use uuid::Uuid;

use super::{listen::time_of, rank::Placed, week::Week};
use crate::{
    catalogue::node::CatalogueItem,
    graphql::scalar::{Date, DateTime},
    paging::{connection, int},
    user::node::User,
};

connection! {
    /// A page of somebody's favourite songs.
    FavouriteSongConnection,
    /// A song among somebody's favourites.
    FavouriteSongEdge {
        /// Its place among them, from 1 on.
        position: i32,
    },
    CatalogueItem,
    /// How many favourite songs there are: 100 at the most.
    i32
}

/// Somebody listened to a song, as a player reported it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Listen {
    /// When it began.
    pub listened_at: DateTime,
    /// What names the song in the database.
    #[graphql(skip)]
    pub item: Uuid,
}

impl Listen {
    /// The listen with `id`, to the song `item`.
    pub fn new(id: Uuid, item: Uuid) -> Self {
        Self {
            listened_at: time_of(id).into(),
            item,
        }
    }
}

impl From<&listen::Model> for Listen {
    fn from(row: &listen::Model) -> Self {
        Self::new(row.id, row.item_id)
    }
}

connection! {
    /// A page of what somebody listened to.
    ListenConnection,
    /// What somebody listened to, in a list.
    ListenEdge {},
    Listen,
    /// Null: counting would cost more than the page.
    Option<i32>
}

connection! {
    /// A page of those who listen to a song.
    ListenerConnection,
    /// Somebody who listens to a song.
    ListenerEdge {
        /// When they did so last.
        latest: DateTime,
    },
    User,
    /// Null: counting would cost more than the page.
    Option<i32>
}

/// Which songs most listened to in a week. Who listens to a song counts once for its place, however often they
/// do. New listens show some seconds after they are reported.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct SongChart {
    /// The week's first day, a Monday, in Japan.
    pub first_day: Date,
    /// The week's last day, a Sunday. Players can report for 14 days after it: then the chart stays as it is.
    pub last_day: Date,
    /// Which week.
    #[graphql(skip)]
    pub of: Weekly,
}

/// Whose chart, of which week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Weekly {
    /// The week.
    pub week: Week,
    /// Whether of the viewer's friends, not of everybody.
    pub by_friends: bool,
}

impl From<Weekly> for SongChart {
    fn from(of: Weekly) -> Self {
        Self {
            first_day: Date(of.week.first_day()),
            last_day: Date(of.week.last_day()),
            of,
        }
    }
}

/// A song in a weekly chart.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct SongChartEntry {
    /// The place, from 1 on. Songs to which as many listened as often share one.
    pub place: i32,
    /// How many listened to it in the week.
    pub listeners: i32,
    /// How often they did so, all together.
    pub listens: i32,
    /// What names the song in the database.
    #[graphql(skip)]
    pub item: Uuid,
    /// In which chart.
    #[graphql(skip)]
    pub of: Weekly,
}

impl SongChartEntry {
    /// The song `placed` in the chart `of`.
    pub fn new(placed: &Placed, of: Weekly) -> Self {
        Self {
            place: int(placed.place),
            listeners: int(placed.song.listeners),
            listens: int(placed.song.listens),
            item: placed.song.item_id,
            of,
        }
    }
}

connection! {
    /// A page of a weekly chart.
    SongChartEntryConnection,
    /// A song in a weekly chart, in a list.
    SongChartEntryEdge {},
    SongChartEntry,
    /// How many songs the chart has: 100 at the most.
    i32
}
