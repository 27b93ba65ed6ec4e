//! What a blocker sees of whom they block.

use async_graphql::SimpleObject;
use entity::user;

use crate::{
    graphql::{id::NodeId, scalar::DateTime},
    ids::Kind,
    paging::connection,
};

/// Somebody whom you block: the name, so that you know whom to unblock. There is no more to see of
/// them for you, nor of you for them.
#[derive(Clone, Debug, SimpleObject)]
pub struct BlockedUser {
    /// The id of the `User`, for `unblockUser`.
    pub user_id: NodeId,
    /// The user name.
    pub username: String,
    /// The nickname.
    pub nickname: String,
}

impl From<&user::Model> for BlockedUser {
    fn from(row: &user::Model) -> Self {
        Self {
            user_id: NodeId::new(Kind::User, [row.id]),
            username: row.username.clone(),
            nickname: row.nickname.clone(),
        }
    }
}

connection! {
    /// A page of the users whom you block.
    BlockedUserConnection,
    /// Somebody in the list of those whom you block.
    BlockedUserEdge {
        /// Since when you block them.
        since: DateTime,
    },
    BlockedUser,
    /// How many users you block
    i32
}
