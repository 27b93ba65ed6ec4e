//! The user's own fields.

use std::sync::Arc;

use async_graphql::{Enum, Lookahead, SimpleObject};
use entity::{user, values};

use super::person::Person;
use crate::{
    graphql::{id::NodeId, scalar::DateTime, text::Text},
    ids::Kind,
    paging::connection,
};

/// A member of the community: a pseudonym with a profile. Nothing here is a person's real name.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct User {
    /// Names this user for ever, also after the user name changes.
    pub id: NodeId,
    /// The unique name, 3-20 of `a-z0-9_`, starting with a letter. It can change.
    pub username: Text<Person>,
    /// The name to show, 1-32 characters of any script. Others can have the same.
    pub nickname: Text<Person>,
    /// Whether this is a recognised public figure.
    pub kind: UserKind,
    /// When the user joined.
    pub joined_at: DateTime,
    /// What was read, for the edges.
    #[graphql(skip)]
    pub person: Person,
}

/// What a user is to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "values::UserKind")]
pub enum UserKind {
    /// A member, with at most `User.friendLimit` friends.
    Member,
    /// A public figure, recognised by an administrator: accepts every friend request at once, and
    /// has no limit of friends.
    Tarento,
}

impl User {
    /// Whether the selection `user` asks for more of a user than a face tells.
    pub fn is_asked_whole(user: Lookahead<'_>) -> bool {
        const FIELDS: [&str; 6] = [
            "ageBand",
            "bio",
            "facts",
            "friendCount",
            "mutualFriends",
            "viewerCanRequestFriendship",
        ];
        const COUNTED: [&str; 4] = ["friends", "introductions", "diaries", "reviews"];
        let is_counted = |list: &&str| user.field(list).field("totalCount").exists();
        FIELDS.iter().any(|field| user.field(field).exists()) || COUNTED.iter().any(is_counted)
    }
}

impl From<Person> for User {
    fn from(person: Person) -> Self {
        Self {
            id: NodeId::new(Kind::User, [person.id()]),
            username: Text::short(&person, Person::username),
            nickname: Text::short(&person, Person::nickname),
            kind: person.kind().into(),
            joined_at: person.joined_at().into(),
            person,
        }
    }
}

impl From<Arc<user::Model>> for User {
    fn from(row: Arc<user::Model>) -> Self {
        Self::from(Person::Whole(row))
    }
}

connection! {
    /// A page of users.
    UserConnection,
    /// A user in a list.
    UserEdge {},
    User,
    /// How many users the whole list has; null where counting would cost more than the page.
    Option<i32>
}
