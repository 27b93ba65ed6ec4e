//! Which fields of a report need no waiting.

use async_graphql::{Value, resolver_utils::enum_value};

use super::node::Report;
use crate::{
    graphql::plain::{Asked, Plain, Say},
    user::loader::known,
};

impl Plain for Report {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        let user = |id| asked.object(&known(asked.loaders(), id)?);
        match asked.name() {
            "id" => self.id.say(asked),
            "subjectId" => self.subject_id.0.say(asked),
            "title" => self.title.say(asked),
            "body" => self.body.say(asked),
            "reason" => Some(enum_value(self.reason)),
            "details" => self.details.say(asked),
            "state" => Some(enum_value(self.state)),
            "createdAt" => self.created_at.say(asked),
            "resolvedAt" => self.resolved_at.say(asked),
            "note" => self.note.say(asked),
            "author" => user(self.row.author_id),
            "reporter" => user(self.row.reporter_id),
            "resolver" => match self.row.resolver_id {
                Some(resolver) => user(resolver),
                None => Some(Value::Null),
            },
            _ => None,
        }
    }
}
