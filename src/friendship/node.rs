//! Friend requests, relations, and the connections of friends.

use async_graphql::{Enum, SimpleObject};
use entity::{friend_request, values::RequestDirection};
use uuid::Uuid;

use crate::{
    graphql::{id::NodeId, scalar::DateTime},
    ids::Kind,
    paging::connection,
    user::node::User,
};

/// A wish to become friends. Only its sender and its recipient see it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct FriendRequest {
    /// Names this request. A later request between the same two has the same id.
    pub id: NodeId,
    /// What the sender wrote, up to 500 characters; empty if nothing.
    pub message: String,
    /// When it was sent.
    pub created_at: DateTime,
    /// Who sent it.
    #[graphql(skip)]
    pub sender_id: Uuid,
    /// Whom it was sent to.
    #[graphql(skip)]
    pub recipient_id: Uuid,
}

impl From<friend_request::Model> for FriendRequest {
    fn from(row: friend_request::Model) -> Self {
        let (sender_id, recipient_id) = match row.direction {
            RequestDirection::Outgoing => (row.user_id, row.other_id),
            RequestDirection::Incoming => (row.other_id, row.user_id),
        };
        Self {
            id: NodeId::new(Kind::FriendRequest, [sender_id, recipient_id]),
            message: row.message,
            created_at: row.created_at.into(),
            sender_id,
            recipient_id,
        }
    }
}

/// What you are to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Relation {
    /// This is you.
    #[graphql(name = "SELF")]
    Myself,
    /// You are friends.
    Friend,
    /// You asked this user to become friends. (A refusal is silent: it looks like this, too.)
    RequestSent,
    /// This user asked you to become friends.
    RequestReceived,
    /// You have a friend in common. (A tarento is none between a minor and an adult.)
    FriendOfFriend,
    /// None of these, or nobody is signed in.
    None,
}

/// The order of a list of friends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum FriendOrder {
    /// Who became a friend last comes first.
    #[default]
    NewestFirst,
    /// Who became a friend first comes first.
    OldestFirst,
}

connection! {
    /// A page of a user's friends.
    FriendConnection,
    /// A friend in a list.
    FriendEdge {
        /// When the two became friends.
        since: DateTime,
    },
    User,
    /// How many friends the user has, but for those who are hidden from you: by a block, or because they are absent.
    i32
}

connection! {
    /// A page of friend requests.
    FriendRequestConnection,
    /// A friend request in a list, or as it arrives.
    FriendRequestEdge {
        /// Of an edge that arrives: how many came before it while you rested, and do not arrive one by one. 0 in a
        /// list.
        held: i32,
    },
    FriendRequest,
    /// How many requests the whole list has.
    i32
}
