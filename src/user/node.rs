//! The user's own fields.

use std::sync::Arc;

use async_graphql::{Enum, ID, SimpleObject};
use entity::{user, values};

use crate::{
    graphql::{scalar::DateTime, text::Text},
    ids::{GlobalId, Kind},
    paging::connection,
};

/// A member of the community: a pseudonym with a profile. Nothing here is a person's real name.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct User {
    /// Names this user for ever, also after the user name changes.
    pub id: ID,
    /// The unique name, 3-20 of `a-z0-9_`, starting with a letter. It can change.
    pub username: String,
    /// The name to show, 1-32 characters of any script. Others can have the same.
    pub nickname: String,
    /// Whether this is a recognised public figure.
    pub kind: UserKind,
    /// What the user says of themselves, up to 1,000 characters; empty if nothing.
    pub bio: Text<user::Model>,
    /// When the user joined.
    pub joined_at: DateTime,
    /// The row, for the edges.
    #[graphql(skip)]
    pub row: Arc<user::Model>,
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

impl From<Arc<user::Model>> for User {
    fn from(row: Arc<user::Model>) -> Self {
        Self {
            id: GlobalId::encode(Kind::User, &[row.id]),
            username: row.username.clone(),
            nickname: row.nickname.clone(),
            kind: row.kind.into(),
            bio: Text::new(&row, |row| &row.bio),
            joined_at: row.joined_at.into(),
            row,
        }
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
