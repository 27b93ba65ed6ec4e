//! Which fields of a user need no waiting.

use async_graphql::{Value, resolver_utils::enum_value};
use entity::values;

use super::node::User;
use crate::{
    diary::listed,
    graphql::plain::{Asked, Plain, Say},
    paging::int,
    photo::edges as photos,
};

impl Plain for User {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "username" => self.username.say(asked),
            "nickname" => self.nickname.say(asked),
            "kind" => Some(enum_value(self.kind)),
            "joinedAt" => self.joined_at.say(asked),
            "photo" => match photos::of_user(self) {
                Some(photo) => asked.object(&photo),
                None => Some(Value::Null),
            },
            "bio" => Some(asked.text(&self.person.whole()?.bio)),
            "friendLimit" => Some(match self.person.kind() {
                values::UserKind::Tarento => Value::Null,
                values::UserKind::Member => int(asked.loaders().app.rules.friend_limit).into(),
            }),
            "diaries" => listed::told(asked, self),
            // Where somebody is hidden, those are to be taken off.
            "friendCount" if !asked.loaders().may_hide() => {
                int(self.person.whole()?.friend_count).say(asked)
            }
            _ => None,
        }
    }
}
