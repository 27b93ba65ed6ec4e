//! Which fields of music need no waiting.

use async_graphql::Value;
use uuid::Uuid;

use super::node::{Listen, SongChartEntry};
use crate::{
    catalogue::{loader::ItemById, node::CatalogueItem},
    graphql::plain::{Asked, Plain, Say},
};

/// What is asked for of the song, where that was read already.
fn song(asked: &Asked<'_>, item: Uuid) -> Option<Value> {
    let row = asked.loaders().known(&ItemById(item))?;
    asked.object(&CatalogueItem::from(row))
}

impl Plain for Listen {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "listenedAt" => self.listened_at.say(asked),
            "song" => song(asked, self.item),
            _ => None,
        }
    }
}

impl Plain for SongChartEntry {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "place" => self.place.say(asked),
            "listeners" => self.listeners.say(asked),
            "listens" => self.listens.say(asked),
            "song" => song(asked, self.item),
            _ => None,
        }
    }
}
