//! Objects by their global id.

use async_graphql::{ID, Interface};

use crate::user::node::User;

/// Whatever has an id of its own.
#[derive(Clone, Debug, Interface)]
#[graphql(field(
    name = "id",
    ty = "&ID",
    desc = "Names this object among all, for ever."
))]
pub enum Node {
    /// A user.
    User(User),
}
