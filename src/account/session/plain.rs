//! Which fields of a session need no waiting: all.

use async_graphql::Value;

use super::node::Session;
use crate::graphql::plain::{Asked, Plain, Say};

impl Plain for Session {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "device" => self.device.say(asked),
            "createdAt" => self.created_at.say(asked),
            "lastUsedAt" => self.last_used_at.say(asked),
            "expiresAt" => self.expires_at.say(asked),
            "isCurrent" => self.is_current.say(asked),
            _ => None,
        }
    }
}
