//! Which fields of a group of friends need no waiting.

use async_graphql::Value;

use super::node::FriendGroup;
use crate::{
    graphql::plain::{Asked, Plain, Say},
    paging::int,
};

impl Plain for FriendGroup {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "name" => self.name.say(asked),
            "isCloseFriends" => self.is_close_friends.say(asked),
            // Where somebody is absent, those are to be taken off.
            "friendsCount" if asked.loaders().absent().is_empty() => {
                int(self.friends_of_all).say(asked)
            }
            _ => None,
        }
    }
}
