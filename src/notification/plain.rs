//! Which fields of a notification need no waiting.

use async_graphql::{Value, resolver_utils::enum_value};

use super::{
    loader::InboxOf,
    node::{Notification, NotificationKind},
};
use crate::{
    graphql::plain::{Asked, Plain, Say},
    user::loader::known,
};

impl Plain for Notification {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        let row = &self.row;
        match asked.name() {
            "id" => self.id.say(asked),
            "kind" => Some(enum_value(self.kind)),
            "at" => self.at.say(asked),
            "day" => self.day.say(asked),
            "isRead" => {
                let inbox = asked.loaders().known(&InboxOf(row.user_id))?;
                (row.number <= inbox.read_number).say(asked)
            }
            "actor" if row.actor_id.is_nil() => Some(Value::Null),
            // Whether the viewer sees names among visitors is not known here.
            "actor" if self.kind != NotificationKind::KiribanReached => {
                asked.object(&known(asked.loaders(), row.actor_id)?)
            }
            _ => None,
        }
    }
}
