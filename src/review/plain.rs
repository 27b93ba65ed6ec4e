//! Which fields of a review need no waiting.

use async_graphql::Value;

use super::node::Review;
use crate::{
    graphql::plain::{Asked, Plain, Say},
    user::loader::known,
};

impl Plain for Review {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        let [author, _] = self.key;
        match asked.name() {
            "id" => self.id.say(asked),
            "rating" => self.rating.say(asked),
            "body" => self.body.say(asked),
            "createdAt" => self.created_at.say(asked),
            "editedAt" => self.edited_at.say(asked),
            "author" => asked.object(&known(asked.loaders(), author)?),
            _ => None,
        }
    }
}
