//! The session's own fields.

use async_graphql::SimpleObject;
use entity::session;
use uuid::Uuid;

use crate::{
    graphql::{id::NodeId, scalar::DateTime},
    ids::Kind,
    paging::connection,
};

/// Where you are signed in: from a sign-in, or sign-up, to its sign-out. Only you see yours.
#[derive(Clone, Debug, SimpleObject)]
pub struct Session {
    /// Names this session: for `signOutSession`.
    pub id: NodeId,
    /// What the client called its device as it signed in, or what is left of its `User-Agent`; null
    /// where it said nothing. Anybody can call themselves anything.
    pub device: Option<String>,
    /// When you signed in.
    pub created_at: DateTime,
    /// When it was last used, by a request or by an operation on a socket: to about ten minutes.
    pub last_used_at: DateTime,
    /// When it ends by itself.
    pub expires_at: DateTime,
    /// Whether this very request comes with it.
    pub is_current: bool,
}

impl Session {
    /// As whoever asks in the session `current` sees `row`.
    pub fn new(row: session::Model, current: Uuid) -> Self {
        Self {
            id: NodeId::new(Kind::Session, [row.user_id, row.id]),
            device: (!row.device.is_empty()).then_some(row.device),
            created_at: row.created_at.into(),
            last_used_at: row.last_used_at.unwrap_or(row.created_at).into(),
            expires_at: row.expires_at.into(),
            is_current: row.id == current,
        }
    }
}

connection! {
    /// A page of your sessions.
    SessionConnection,
    /// A session in the list of yours.
    SessionEdge {},
    Session,
    /// How many sessions of yours live.
    i32
}
