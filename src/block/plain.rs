//! Which fields of somebody who is blocked need no waiting: all.

use async_graphql::Value;

use super::node::BlockedUser;
use crate::graphql::plain::{Asked, Plain, Say};

impl Plain for BlockedUser {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "userId" => self.user_id.say(asked),
            "username" => self.username.say(asked),
            "nickname" => self.nickname.say(asked),
            _ => None,
        }
    }
}
