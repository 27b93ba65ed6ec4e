//! Which fields of an introduction need no waiting.

use async_graphql::Value;

use super::node::Introduction;
use crate::{
    graphql::plain::{Asked, Plain, Say},
    user::loader::known,
};

impl Plain for Introduction {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        let [subject, author] = self.key;
        let user = |id| asked.object(&known(asked.loaders(), id)?);
        match asked.name() {
            "id" => self.id.say(asked),
            "body" => self.body.say(asked),
            "createdAt" => self.created_at.say(asked),
            "editedAt" => self.edited_at.say(asked),
            "subject" => user(subject),
            "author" => user(author),
            _ => None,
        }
    }
}
