//! Which fields of a catalogue item need no waiting.

use async_graphql::{Value, resolver_utils::enum_value};

use super::node::CatalogueItem;
use crate::graphql::plain::{Asked, Plain, Say};

impl Plain for CatalogueItem {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "kind" => Some(enum_value(self.kind)),
            "title" => self.title.say(asked),
            "year" => self.year.say(asked),
            "platform" => self.platform.say(asked),
            _ => None,
        }
    }
}
