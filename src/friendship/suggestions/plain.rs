//! Which fields of a suggestion need no waiting.

use async_graphql::Value;

use super::node::FriendSuggestion;
use crate::graphql::plain::{Asked, Plain};

impl Plain for FriendSuggestion {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "user" => asked.object(&self.user),
            _ => None,
        }
    }
}
