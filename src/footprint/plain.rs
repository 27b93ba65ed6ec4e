//! Which fields of a footprint need no waiting.

use async_graphql::{Value, resolver_utils::enum_value};

use super::{
    naming::is_known_to_be_named,
    node::{Footprint, LeftFootprint},
};
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
            "visitor" if is_known_to_be_named(asked.loaders(), self.visitor_id)? => {
                asked.object(&known(asked.loaders(), self.visitor_id)?)
            }
            "visitor" => Some(Value::Null),
            _ => None,
        }
    }
}

impl Plain for LeftFootprint {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "day" => self.day.say(asked),
            "visitedAt" => self.visited_at.say(asked),
            "origin" => Some(self.origin.map_or(Value::Null, enum_value)),
            _ => None,
        }
    }
}
