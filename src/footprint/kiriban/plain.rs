//! Which fields of a kiriban need no waiting.

use async_graphql::Value;

use super::node::Kiriban;
use crate::{
    graphql::plain::{Asked, Plain, Say},
    user::loader::known,
};

impl Plain for Kiriban {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "number" => self.number.say(asked),
            "namedAt" => self.named_at.say(asked),
            "reachedAt" => self.reached_at.say(asked),
            "owner" => asked.object(&known(asked.loaders(), self.row.owner_id)?),
            "visitor" if self.row.visitor_id.is_none() => Some(Value::Null),
            _ => None,
        }
    }
}
