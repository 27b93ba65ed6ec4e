//! The footprint's own fields.

use async_graphql::{Enum, SimpleObject};
use entity::{footprint, values};
use uuid::Uuid;

use crate::{
    graphql::{
        id::NodeId,
        scalar::{Date, DateTime},
    },
    ids::Kind,
    paging::{connection, int},
};

/// Who visited you on a day (*ashiato*). There is one a visitor and day; another visit on the same
/// day moves it up. Only you see yours. They go after a year, or when the visitor takes them back.
/// Visitors who are not named leave none (see `FootprintPolicy`).
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Footprint {
    /// Names this footprint: the same for all visits of one visitor on one day.
    pub id: NodeId,
    /// When the day's last visit was.
    pub visited_at: DateTime,
    /// The calendar day in Japan (UTC+9).
    pub day: Date,
    /// Which of all visits to you the day's last one was: the order of footprints. It grows without
    /// an end, and not every number is a footprint's.
    pub number: i32,
    /// Where the visitor came from, if they said so.
    pub origin: Option<VisitOrigin>,
    /// Who visited.
    #[graphql(skip)]
    pub visitor_id: Uuid,
}

/// A footprint of yours: what you left with somebody, on one day. `takeBackFootprint` removes it.
#[derive(Clone, Debug, SimpleObject)]
pub struct LeftFootprint {
    /// The calendar day in Japan (UTC+9): for `takeBackFootprint`.
    pub day: Date,
    /// When the day's last visit was that left it.
    pub visited_at: DateTime,
    /// Where you came from, if you said so.
    pub origin: Option<VisitOrigin>,
}

/// To whom you are named as a visitor. Who is not named sees no names either: your choice decides, too,
/// whose names you see among your own footprints. It changes nothing for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, serde::Serialize, serde::Deserialize)]
#[graphql(remote = "values::FootprintPolicy")]
pub enum FootprintPolicy {
    /// To everybody: each visit leaves a footprint that bears your name. (Users under 18 and adults who
    /// are neither friends nor friends of friends are not named to each other, whatever they chose.)
    Named,
    /// To friends and friends of friends, as you are at the visit. Others find your visits in
    /// `Viewer.visitCount` alone.
    Connections,
    /// To nobody: your visits are in `Viewer.visitCount` alone, and leave no footprint.
    Anonymous,
}

/// Where a visitor came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, serde::Serialize, serde::Deserialize)]
#[graphql(remote = "values::VisitOrigin")]
pub enum VisitOrigin {
    /// From the home page or its feed.
    Home,
    /// From a search.
    Search,
    /// From a list of friends.
    FriendList,
    /// From a diary or a comment.
    Diary,
    /// From their own list of footprints.
    Footprints,
    /// From a review.
    Review,
    /// By a link from elsewhere.
    Link,
}

impl From<footprint::Model> for LeftFootprint {
    fn from(row: footprint::Model) -> Self {
        Self {
            day: Date(row.day),
            visited_at: row.visited_at.into(),
            origin: row.origin.map(Into::into),
        }
    }
}

impl From<footprint::Model> for Footprint {
    fn from(row: footprint::Model) -> Self {
        Self {
            id: NodeId::new(Kind::Footprint, [row.owner_id, row.id]),
            visited_at: row.visited_at.into(),
            day: Date(row.day),
            number: int(row.number),
            origin: row.origin.map(Into::into),
            visitor_id: row.visitor_id,
        }
    }
}

connection! {
    /// A page of footprints.
    FootprintConnection,
    /// A footprint in a list, or as it arrives. Its cursor serves the list and `footprintLeft` alike.
    FootprintEdge {
        /// Of an edge that arrives: how many came before it while you rested, and do not arrive one by one. 0 in a
        /// list.
        held: i32,
    },
    Footprint,
    /// How many footprints you have, but for those of users who are hidden from you: by a block, or because they are absent.
    i32
}
