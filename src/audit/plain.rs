//! Which fields of an entry need no waiting.

use async_graphql::{Value, resolver_utils::enum_value};

use super::node::AuditEntry;
use crate::{
    graphql::plain::{Asked, Plain, Say},
    user::loader::known,
};

impl Plain for AuditEntry {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        let user = |id: Option<_>| match id {
            Some(id) => asked.object(&known(asked.loaders(), id)?),
            None => Some(Value::Null),
        };
        match asked.name() {
            "act" => Some(enum_value(self.act)),
            "detail" => self.detail.say(asked),
            "at" => self.at.say(asked),
            "actor" => user(self.actor_id),
            "subject" => user(self.subject_id),
            _ => None,
        }
    }
}
