//! Somebody who is suggested.

use async_graphql::{Lookahead, SimpleObject};

use crate::{paging::connection, user::node::User};

/// Somebody whom you might know, and why: you have friends in common.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct FriendSuggestion {
    /// Who it is.
    pub user: User,
}

impl FriendSuggestion {
    /// Whether the selection `suggestion` asks for more of its user than a face tells.
    pub fn is_asked_whole(suggestion: Lookahead<'_>) -> bool {
        const FIELDS: [&str; 2] = ["mutualFriendCount", "mutualFriends"];
        let reason = FIELDS.iter().any(|field| suggestion.field(field).exists());
        reason || User::is_asked_whole(suggestion.field("user"))
    }
}

connection! {
    /// A page of people whom you might know.
    FriendSuggestionConnection,
    /// Somebody whom you might know, in a list.
    FriendSuggestionEdge {},
    FriendSuggestion,
    /// Null: counting would cost more than the page.
    Option<i32>
}
