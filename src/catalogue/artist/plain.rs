//! Which fields of an artist need no waiting.

use async_graphql::Value;

use super::node::Artist;
use crate::graphql::plain::{Asked, Plain, Say};

impl Plain for Artist {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "name" => self.name.say(asked),
            _ => None,
        }
    }
}
