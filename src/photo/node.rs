//! The own fields of photos.

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};
use entity::photo;

use super::{picture::Size, store::PhotoKey};
use crate::{graphql::id::NodeId, ids::Kind};

/// A picture on a profile or in a diary: of anything. Who sees the profile or the diary sees it; its owner, too,
/// while it is used nowhere yet. It was drawn anew as it came, in three sizes: where it was taken, and with what,
/// is not in it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Photo {
    /// Names this photo for ever.
    pub id: NodeId,
    /// What names it in the database.
    #[graphql(skip)]
    pub key: PhotoKey,
    /// What was read of it, where that was.
    #[graphql(skip)]
    pub row: Option<Arc<photo::Model>>,
}

impl Photo {
    /// The photo with `key`, of which nothing else is known yet.
    pub fn named(key: PhotoKey) -> Self {
        Self {
            id: NodeId::new(Kind::Photo, key),
            key,
            row: None,
        }
    }
}

impl From<Arc<photo::Model>> for Photo {
    fn from(row: Arc<photo::Model>) -> Self {
        Self {
            row: Some(row.clone()),
            ..Self::named([row.owner_id, row.id])
        }
    }
}

/// How large a photo is shown. None is larger than what was uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Size")]
pub enum PhotoSize {
    /// In lists: the longer side has at most 180 pixels.
    Small,
    /// In a text: at most 600.
    Medium,
    /// By itself: at most 1,600.
    Large,
}
