//! What a group of friends is in the API.

use async_graphql::SimpleObject;
use entity::friend_group;

use super::store::{CLOSE_FRIENDS, GroupKey};
use crate::{graphql::id::NodeId, ids::Kind, paging::connection};

/// A group that you put friends into, for diaries that are for some of them. Only you see it: who is in
/// it does not learn of it, nor of its name.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct FriendGroup {
    /// Names this group among all, for ever.
    pub id: NodeId,
    /// The name, 1-50 characters. That of the close friends is "Close friends": show it in your users'
    /// language.
    pub name: String,
    /// Whether this is the group of close friends, which everybody has: it is neither renamed nor deleted.
    pub is_close_friends: bool,
    /// How many friends are in it, the absent among them.
    #[graphql(skip)]
    pub friends_of_all: i64,
    /// What names it in the database.
    #[graphql(skip)]
    pub key: GroupKey,
}

impl From<&friend_group::Model> for FriendGroup {
    fn from(row: &friend_group::Model) -> Self {
        let key = [row.owner_id, row.id];
        Self {
            id: NodeId::new(Kind::FriendGroup, key),
            name: row.name.clone(),
            is_close_friends: row.id == CLOSE_FRIENDS,
            friends_of_all: row.friend_count,
            key,
        }
    }
}

connection! {
    /// A page of your groups of friends: the close friends, then those that you made, the oldest first.
    FriendGroupConnection,
    /// A group of friends in a list.
    FriendGroupEdge {},
    FriendGroup,
    /// How many groups the whole list has.
    i32
}
