//! Which fields of a catalogue item need no waiting.

use async_graphql::{Value, resolver_utils::enum_value};

use super::{
    artist::{loader::ArtistById, node::Artist},
    node::CatalogueItem,
};
use crate::graphql::plain::{Asked, Plain, Say};

impl Plain for CatalogueItem {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "kind" => Some(enum_value(self.kind)),
            "title" => self.title.say(asked),
            "year" => self.year.say(asked),
            "platform" => self.platform.say(asked),
            "artist" => match self.artist_id {
                Some(id) => asked.object(&Artist::from(asked.loaders().known(&ArtistById(id))?)),
                None => Some(Value::Null),
            },
            _ => None,
        }
    }
}
