//! Which fields of diaries and comments need no waiting.

use async_graphql::{Value, resolver_utils::enum_value};

use super::{
    commented,
    node::{Diary, DiaryComment},
};
use crate::{
    graphql::plain::{Asked, Plain, Say},
    paging::int,
    user::loader::known,
};

impl Plain for Diary {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        let [author, _] = self.key;
        match asked.name() {
            "id" => self.id.say(asked),
            "title" => self.title.say(asked),
            "body" => self.body.say(asked),
            "audience" => Some(enum_value(self.audience)),
            "createdAt" => self.created_at.say(asked),
            "editedAt" => self.edited_at.say(asked),
            "friendGroup"
                if self.group_id.is_none() || asked.loaders().viewer.id() != Some(author) =>
            {
                Some(Value::Null)
            }
            "author" => asked.object(&known(asked.loaders(), author)?),
            "photos" if self.photo_count == 0 => Some(Value::List(Vec::new())),
            "comments" => commented::told(asked, self),
            // Where somebody is hidden, those are to be taken off.
            "commentCount" if !asked.loaders().may_hide() => int(self.comments_of_all).say(asked),
            _ => None,
        }
    }
}

impl Plain for DiaryComment {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "body" => self.body.say(asked),
            "createdAt" => self.created_at.say(asked),
            "isByDeletedUser" => self.is_by_deleted_user.say(asked),
            "author" if self.is_by_deleted_user => Some(Value::Null),
            "author" => asked.object(&known(asked.loaders(), self.author_id)?),
            _ => None,
        }
    }
}
