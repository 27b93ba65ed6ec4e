//! Which fields of a data export need no waiting: all.

use async_graphql::{Value, resolver_utils::enum_value};

use super::node::DataExport;
use crate::graphql::plain::{Asked, Plain, Say};

impl Plain for DataExport {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "state" => Some(enum_value(self.state)),
            "progress" => self.progress.say(asked),
            "requestedAt" => self.requested_at.say(asked),
            "readyAt" => self.ready_at.say(asked),
            "expiresAt" => self.expires_at.say(asked),
            "size" => self.size.say(asked),
            "url" => self.url.say(asked),
            _ => None,
        }
    }
}
