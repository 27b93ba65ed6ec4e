//! The artist's own fields.

use std::sync::Arc;

use async_graphql::SimpleObject;
use entity::artist;
use uuid::Uuid;

use crate::{
    graphql::{id::NodeId, text::Text},
    ids::Kind,
    paging::connection,
};

/// Who made a CD or a song: a singer, a band, an orchestra.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Artist {
    /// Names this artist among all, for ever.
    pub id: NodeId,
    /// The main name, 1-100 characters.
    pub name: Text<Arc<artist::Model>>,
    /// What names it in the database.
    #[graphql(skip)]
    pub artist_id: Uuid,
}

impl From<Arc<artist::Model>> for Artist {
    fn from(row: Arc<artist::Model>) -> Self {
        Self {
            id: NodeId::new(Kind::Artist, [row.id]),
            name: Text::new(&row, |row| &row.name),
            artist_id: row.id,
        }
    }
}

connection! {
    /// A page of artists.
    ArtistConnection,
    /// An artist in a list.
    ArtistEdge {},
    Artist,
    /// Null: counting would cost more than the page.
    Option<i32>
}
