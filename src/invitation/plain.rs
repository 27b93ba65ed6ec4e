//! Which fields of an invitation need no waiting: all.

use async_graphql::Value;

use super::node::Invitation;
use crate::graphql::plain::{Asked, Plain, Say};

impl Plain for Invitation {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "places" => self.places.say(asked),
            "used" => self.used.say(asked),
            "createdAt" => self.created_at.say(asked),
            "expiresAt" => self.expires_at.say(asked),
            "isOpen" => self.is_open.say(asked),
            _ => None,
        }
    }
}
