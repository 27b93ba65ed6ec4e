//! A chain of friends.

use async_graphql::SimpleObject;

use crate::user::node::User;

/// A chain of friends from you to a user, as far as one was found.
#[derive(Clone, Debug, SimpleObject)]
pub struct FriendPath {
    /// The people of the chain, in its order: you first, the user last, and each a friend of the one before. Two
    /// where you are friends, seven at the most; nobody where no chain was found, or where there is no such user for
    /// you.
    pub users: Vec<User>,
    /// How many friendships the chain has: 1 to a friend, 2 to a friend of a friend, 6 at the most; 0 to yourself. Null
    /// where no chain was found.
    pub length: Option<i32>,
    /// Whether all chains were looked at: then there is none that is shorter, or none at all where none was found.
    /// False where somebody has more than 1,000 friends, of whom the newest 1,000 are looked at, or where so many
    /// people stand between that the search ended before it had seen all of them.
    pub is_complete: bool,
}
