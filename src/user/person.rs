//! What was read of a user: what lists show, or all of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{user, values::UserKind};
use uuid::Uuid;

/// A user as far as they were read.
#[derive(Clone, Debug)]
pub enum Person {
    /// What lists show.
    Face(Arc<user::Face>),
    /// The whole row.
    Whole(Arc<user::Model>),
}

/// What stands in both.
macro_rules! of_either {
    ($person:expr, $field:ident) => {
        match $person {
            Person::Face(face) => &face.$field,
            Person::Whole(row) => &row.$field,
        }
    };
}

impl Person {
    /// Names the user for ever.
    pub fn id(&self) -> Uuid {
        *of_either!(self, id)
    }

    /// The unique name.
    pub fn username(&self) -> &str {
        of_either!(self, username)
    }

    /// The name to show.
    pub fn nickname(&self) -> &str {
        of_either!(self, nickname)
    }

    /// Member or tarento.
    pub fn kind(&self) -> UserKind {
        *of_either!(self, kind)
    }

    /// When the user joined.
    pub fn joined_at(&self) -> DateTime<Utc> {
        *of_either!(self, joined_at)
    }

    /// Which of their photos is the picture of their profile.
    pub fn photo_id(&self) -> Option<Uuid> {
        *of_either!(self, photo_id)
    }

    /// The row, where all of it was read.
    pub fn whole(&self) -> Option<&Arc<user::Model>> {
        match self {
            Self::Face(_) => None,
            Self::Whole(row) => Some(row),
        }
    }
}
