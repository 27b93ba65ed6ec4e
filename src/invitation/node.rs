//! What an invitation is in the API.

use async_graphql::SimpleObject;
use chrono::Utc;
use entity::invitation;

use crate::{
    graphql::{id::NodeId, scalar::DateTime},
    ids::Kind,
    paging::{connection, int},
    user::node::User,
};

/// An invitation that you made. Its code was shown once, when you made it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Invitation {
    /// Names this invitation for ever.
    pub id: NodeId,
    /// How many people can join by it.
    pub places: i32,
    /// How many of them did.
    pub used: i32,
    /// When you made it.
    pub created_at: DateTime,
    /// Until when somebody can join by it.
    pub expires_at: DateTime,
    /// Whether somebody can still join by it: there is a place left, and it has not expired.
    pub is_open: bool,
}

impl Invitation {
    /// What `row` is at the time `now`.
    pub fn new(row: &invitation::Model, now: chrono::DateTime<Utc>) -> Self {
        Self {
            id: NodeId::new(Kind::Invitation, [row.inviter_id, row.id]),
            places: int(row.places),
            used: int(row.used),
            created_at: row.created_at.into(),
            expires_at: row.expires_at.into(),
            is_open: row.used < row.places && row.expires_at > now,
        }
    }
}

/// What somebody finds who was given the code of an invitation.
#[derive(Clone, Debug, SimpleObject)]
pub struct InvitationOffer {
    /// Who invites, and becomes your first friend; null where it was the service itself, and where you
    /// may not see the user.
    pub inviter: Option<User>,
    /// Until when you can join by it.
    pub expires_at: DateTime,
}

connection! {
    /// A page of the invitations that you made.
    InvitationConnection,
    /// An invitation in a list.
    InvitationEdge {},
    Invitation,
    /// How many invitations the whole list has; always null: counting would cost more than the page.
    Option<i32>
}
