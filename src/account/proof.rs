//! What a signed-in user proves anew before something that whoever has found their token must not do:
//! the password, and the second factor where there is one.

use std::{
    fmt::{Debug, Formatter},
    sync::Arc,
};

use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    arrival::Arrival,
    credential::{self, Checked},
    two_factor::proof::{SecondFactor, call},
};
use crate::{
    app::App,
    database::Tx,
    error::Error,
    idempotency::Slot,
    rejection::{Rejection, UserError, reason::account::AccountReason},
    user::store as users,
    viewer::Member,
};

/// What a signed-in user proves, for one `operation`.
#[derive(Clone)]
pub struct Proof {
    /// The operation's name.
    pub operation: &'static str,
    /// The password.
    pub password: String,
    /// Which field of the input it stands in.
    pub field: &'static str,
    /// The password that the operation sets: the right one where it is repeated.
    pub sets: Option<String>,
    /// What the operation is about, beside its name: the same key for another is an error.
    pub about: Option<Vec<u8>>,
    /// The second factor, if one was given.
    pub second_factor: Option<String>,
    /// For a repetition.
    pub idempotency_key: Option<String>,
}

/// All of it has shown to be right.
#[derive(Clone)]
pub struct Proved<T> {
    /// What the operation came to before, where it is repeated.
    pub earlier: Option<T>,
    /// The hash of the password that it sets, where it does and is not repeated.
    pub hash: Option<String>,
}

impl Debug for Proof {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

impl Proof {
    /// What `operation` has proved by the field `password` of its input, without a second factor.
    pub fn of(operation: &'static str, password: String, idempotency_key: Option<String>) -> Self {
        Self {
            operation,
            password,
            field: "password",
            sets: None,
            about: None,
            second_factor: None,
            idempotency_key,
        }
    }

    /// The same, with the second factor that was given.
    pub fn with_second_factor(self, second_factor: Option<String>) -> Self {
        Self {
            second_factor,
            ..self
        }
    }

    /// What the operation is known by, where it can be repeated.
    pub fn call(&self) -> Option<Vec<u8>> {
        call(self.operation, self.idempotency_key.as_deref())
    }

    /// Carries out `work` for `me` in the transaction in which all of it has shown to be right. What
    /// that comes to is kept for a repetition, and must be no secret.
    ///
    /// # Errors
    /// `PASSWORD_WRONG`, what [`SecondFactor::check`] and the door refuse, and what `work` does.
    pub async fn then<T, F>(
        self,
        app: &Arc<App>,
        me: Member,
        arrival: &Arrival,
        work: F,
    ) -> Result<T, Rejection>
    where
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
        F: for<'t> Fn(&'t Tx, Proved<T>) -> BoxFuture<'t, Result<T, Rejection>>
            + Send
            + Sync
            + 'static,
    {
        let who = users::by_id(app.database.reader(), me.id).await?;
        let username = who.ok_or(Error::InvalidToken)?.username;
        let key = self.idempotency_key.clone();
        let slot = Slot::of(app, me.id, key, self.operation, &self.about)?;
        arrival
            .proving(&username, async {
                let (checked, is_repeated) = self.password(app, me).await?;
                // The old one first: hashing takes its time, and is for who has come so far.
                let hash = match self.sets {
                    Some(choice) if !is_repeated => {
                        Some(app.passwords.hash(choice, app.ids.secret()).await?)
                    }
                    _ => None,
                };
                let second = SecondFactor::new(
                    self.second_factor,
                    self.operation,
                    self.idempotency_key.as_deref(),
                );
                let is_code = second.is_code();
                let shared = app.clone();
                let work = Arc::new(work);
                let field = self.field;
                let writing = app.database.write(move |tx| {
                    let (app, work) = (shared.clone(), Arc::clone(&work));
                    let (checked, second) = (checked.clone(), second.clone());
                    let (slot, hash) = (slot.clone(), hash.clone());
                    Box::pin(async move {
                        if !checked.still_fits(tx).await? {
                            return Err(wrong(field));
                        }
                        let earlier = match &slot {
                            Some(slot) => slot.recall::<T>(tx).await?.transpose(),
                            None => Ok(None),
                        };
                        let earlier = earlier.map_err(Rejection::Refused)?;
                        if is_repeated && earlier.is_none() {
                            return Err(wrong(field));
                        }
                        second.check(&app, tx, me.id).await?;
                        let is_first = earlier.is_none();
                        let done = work(tx, Proved { earlier, hash }).await?;
                        if is_first && let Some(slot) = &slot {
                            slot.keep(tx, &Ok(&done)).await?;
                        }
                        Ok(done)
                    })
                });
                arrival.with_code(me.id, is_code, writing).await
            })
            .await
    }

    /// The password, checked, and whether it is the one that the operation sets.
    async fn password(&self, app: &App, me: Member) -> Result<(Checked, bool), Rejection> {
        let old = credential::check(app, Some(me.id), self.password.clone()).await?;
        if let Some(checked) = old {
            return Ok((checked, false));
        }
        let new = self.sets.clone().filter(|_| self.idempotency_key.is_some());
        if let Some(new) = new
            && let Some(checked) = credential::check(app, Some(me.id), new).await?
        {
            return Ok((checked, true));
        }
        Err(wrong(self.field))
    }
}

fn wrong(field: &str) -> Rejection {
    UserError::on(field, AccountReason::PasswordWrong).into()
}
