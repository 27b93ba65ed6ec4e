//! What a visit is, and where visits wait to be carried out together.

use entity::values::VisitOrigin;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{coalesce::Coalescer, diary::store::DiaryKey, rejection::Rejection};

/// Transactions of visits to anybody at the same time. One by itself is as quick as two or four
/// (10,000 visits a second by 256 visitors, two cores, a debug build), with a third less work: its
/// batches are larger, and no two of them meet at one owner.
const LANES: usize = 1;

/// What is visited.
#[derive(Clone, Debug, Serialize)]
pub enum Visited {
    /// A profile.
    Profile(Uuid),
    /// The profile of who has a user name.
    Named {
        /// Whom it led to. A repeat is known by the name alone: the id would tell who is there.
        #[serde(skip)]
        user: Uuid,
        /// As it was given.
        username: String,
    },
    /// A diary, by its key.
    Diary(DiaryKey),
}

impl Visited {
    /// With whom the visit leaves a footprint.
    pub fn owner(&self) -> Uuid {
        match self {
            Self::Profile(user) | Self::Named { user, .. } => *user,
            Self::Diary([author, _]) => *author,
        }
    }
}

/// Somebody who visits.
#[derive(Clone, Debug)]
pub struct Visiting {
    /// Who.
    pub visitor: Uuid,
    /// What.
    pub visited: Visited,
    /// Where the visitor came from, if they said so.
    pub origin: Option<VisitOrigin>,
}

/// What a visit came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Whether the visit was counted: not so for a visit to oneself, for one within the pause
    /// after the same visitor's last, and for one of who rests. (The owner finds who visited where the visitor is named.)
    pub counted: bool,
    /// Its number, where the owner has named it.
    #[serde(default)]
    pub kiriban: Option<i64>,
}

impl Visit {
    /// One that is not counted.
    pub(super) const UNCOUNTED: Self = Self {
        counted: false,
        kiriban: None,
    };
}

/// Who has left a visit undone: another transaction holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassedBy {
    /// Who is visited.
    Owner(Uuid),
    /// Who visits.
    Visitor(Uuid),
}

/// What a visit came to in a batch, unless somebody is passed by.
pub(super) type Done = Result<Result<Visit, Rejection>, PassedBy>;

/// Where visits wait to be carried out together.
#[derive(Debug)]
pub struct Lines {
    /// Those to anybody. A batch waits for nobody whom another transaction holds.
    pub(super) to_all: Coalescer<(), Visiting, Done>,
    /// Those to one owner, who is waited for, and by one batch alone. Visitors are passed by.
    pub(super) to_one: Coalescer<Uuid, Visiting, Done>,
    /// Those of one visitor, who is waited for, and by one batch alone.
    pub(super) by_one: Coalescer<Uuid, Visiting, Done>,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            to_all: Coalescer::new(LANES),
            to_one: Coalescer::new(1),
            by_one: Coalescer::new(1),
        }
    }
}
