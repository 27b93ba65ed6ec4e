//! Coming in: the session that a sign-up or a sign-in begins, once an idempotency key.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    arrival::Arrival,
    credential::Checked,
    session::{self, Token, ending},
    suspension::service as suspension,
    two_factor::proof::SecondFactor,
};
use crate::{
    app::App,
    database::Tx,
    error::Error,
    idempotency::Slot,
    rejection::{Rejection, UserError},
    viewer::Member,
};

/// A user who has just signed up or in, and the token to come back with.
#[derive(Clone)]
pub struct SignedIn {
    /// The user.
    pub user: Uuid,
    /// The session.
    pub session: Uuid,
    /// The bearer token: given once, kept nowhere.
    pub token: String,
    /// The recovery codes of who has just signed up: the same.
    pub recovery_codes: Option<Vec<String>>,
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
    pub(super) user: Uuid,
    session: Uuid,
}

/// One call that signs up or in, its password checked.
#[derive(Debug)]
pub(super) struct Entry {
    app: Arc<App>,
    slot: Option<Slot>,
    token: Token,
    device: Option<String>,
    /// The session that whoever comes in comes out of.
    left: Option<Member>,
}

impl Entry {
    /// Draws the token that the call of `user` will be answered with.
    ///
    /// # Errors
    /// Where what the client calls its device is against the rules.
    pub(super) fn new(
        app: &Arc<App>,
        user: Uuid,
        slot: Option<Slot>,
        arrival: &Arrival,
    ) -> Result<Arc<Self>, UserError> {
        Ok(Arc::new(Self {
            app: app.clone(),
            slot,
            token: Token::draw(app),
            device: arrival.device()?,
            left: arrival.session_of(user),
        }))
    }

    /// Begins a session of `user`, and keeps it under the call's key. The one that the user comes
    /// out of ends: whoever else has its token has it in vain.
    pub(super) async fn begin(&self, tx: &Tx, user: Uuid) -> Result<Begun, Rejection> {
        if let Some(left) = self.left {
            ending::end_one(tx, left).await?;
        }
        let device = self.device.as_deref();
        let session = session::begin_on(&self.app, tx, user, &self.token, device).await?;
        let begun = Begun { user, session };
        if let Some(slot) = &self.slot {
            slot.keep(tx, &Ok(begun)).await?;
        }
        Ok(begun)
    }

    /// For who comes with something that lets in once, and has not let in: it is no repetition.
    ///
    /// # Errors
    /// [`Error::IdempotencyKeyReused`] where the call's key began a session before.
    pub(super) async fn check_key(&self, tx: &Tx) -> Result<(), Error> {
        match &self.slot {
            Some(slot) if slot.recall::<Begun>(tx).await?.is_some() => {
                Err(Error::IdempotencyKeyReused)
            }
            _ => Ok(()),
        }
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
        let key = [earlier.user, earlier.session];
        let device = self.device.as_deref();
        let session = session::renew(&self.app, tx, key, &self.token, device).await?;
        let begun = Begun { session, ..earlier };
        if begun != earlier {
            // The next repetition goes on with the new session, not with one more.
            slot.amend(tx, &Ok(begun)).await?;
        }
        Ok(Some(begun))
    }

    /// [`Self::resume`], where the password is still the one that was `checked`, and the `second`
    /// factor is right.
    pub(super) async fn resume_checked(
        &self,
        tx: &Tx,
        checked: &Checked,
        second: &SecondFactor,
    ) -> Result<Option<Begun>, Rejection> {
        if !checked.still_fits(tx).await? {
            return Ok(None);
        }
        let Some(begun) = self.resume(tx).await? else {
            return Ok(None);
        };
        second.check(&self.app, tx, checked.user).await?;
        suspension::check(&self.app, tx, checked.user).await?;
        Ok(Some(begun))
    }

    /// The call's answer.
    pub(super) fn signed_in(&self, begun: Begun) -> SignedIn {
        SignedIn {
            user: begun.user,
            session: begun.session,
            token: self.token.bearer.clone(),
            recovery_codes: None,
        }
    }
}
