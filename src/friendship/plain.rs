//! Which fields of a friend request need no waiting.

use async_graphql::Value;

use super::node::FriendRequest;
use crate::{
    graphql::plain::{Asked, Plain, Say},
    user::loader::known,
};

impl Plain for FriendRequest {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "message" => self.message.say(asked),
            "createdAt" => self.created_at.say(asked),
            "sender" => asked.object(&known(asked.loaders(), self.sender_id)?),
            "recipient" => asked.object(&known(asked.loaders(), self.recipient_id)?),
            _ => None,
        }
    }
}
