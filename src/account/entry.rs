//! Coming in: the session that a sign-up or a sign-in begins, once an idempotency key.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::session::{self, Token};
use crate::{app::App, database::Tx, idempotency::Slot, rejection::Rejection};

/// A user who has just signed up or in, and the token to come back with.
#[derive(Clone)]
pub struct SignedIn {
    /// The user.
    pub user: Uuid,
    /// The session.
    pub session: Uuid,
    /// The bearer token: given once, kept nowhere.
    pub token: String,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn")
            .field("user", &self.user)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

/// What is kept of a sign-up or sign-in under its idempotency key: no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Begun {
    user: Uuid,
    session: Uuid,
}

/// One call that signs up or in, its password checked.
#[derive(Debug)]
pub(super) struct Entry {
    app: Arc<App>,
    slot: Option<Slot>,
    token: Token,
}

impl Entry {
    /// Draws the token that the call will be answered with.
    pub(super) fn new(app: &Arc<App>, slot: Option<Slot>) -> Arc<Self> {
        Arc::new(Self {
            app: app.clone(),
            slot,
            token: Token::draw(app),
        })
    }

    /// Begins a session of `user`, and keeps it under the call's key.
    pub(super) async fn begin(&self, tx: &Tx, user: Uuid) -> Result<Begun, Rejection> {
        let session = session::begin(&self.app, tx, user, &self.token).await?;
        let begun = Begun { user, session };
        if let Some(slot) = &self.slot {
            slot.keep(tx, &Ok(begun)).await?;
        }
        Ok(begun)
    }

    /// Goes on with the session that the call's key began, under a further token; with a new
    /// session where that has ended. None where the key began none.
    pub(super) async fn resume(&self, tx: &Tx) -> Result<Option<Begun>, Rejection> {
        let Some(slot) = &self.slot else {
            return Ok(None);
        };
        let Some(answer) = slot.recall::<Begun>(tx).await? else {
            return Ok(None);
        };
        let earlier = answer.map_err(Rejection::Refused)?;
        let session =
            session::renew(&self.app, tx, earlier.user, earlier.session, &self.token).await?;
        let begun = Begun { session, ..earlier };
        if begun != earlier {
            // The next repetition goes on with the new session, not with one more.
            slot.amend(tx, &Ok(begun)).await?;
        }
        Ok(Some(begun))
    }

    /// The call's answer.
    pub(super) fn signed_in(&self, begun: Begun) -> SignedIn {
        SignedIn {
            user: begun.user,
            session: begun.session,
            token: self.token.bearer.clone(),
        }
    }
}
