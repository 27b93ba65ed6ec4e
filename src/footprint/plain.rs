//! Which fields of a footprint need no waiting.

use async_graphql::{Value, resolver_utils::enum_value};

use super::node::Footprint;
use crate::{
    graphql::plain::{Asked, Plain, Say},
    user::loader::known,
};

impl Plain for Footprint {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "visitedAt" => self.visited_at.say(asked),
            "day" => self.day.say(asked),
            "number" => self.number.say(asked),
            "origin" => Some(self.origin.map_or(Value::Null, enum_value)),
            "visitor" => asked.object(&known(asked.loaders(), self.visitor_id)?),
            _ => None,
        }
    }
}
