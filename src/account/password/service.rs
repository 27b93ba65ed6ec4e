//! Changing one's own password.

use std::sync::Arc;

use crate::{
    account::{
        arrival::Arrival,
        credential, password,
        proof::{Proof, Proved},
        session::ending,
    },
    app::App,
    error::Error,
    rejection::Rejection,
    user::{service::no_such_user, store as users},
    viewer::Member,
};

/// Gives `me`, who has proved the old one, the password that `proof` sets, and ends all other
/// sessions. Says how many.
///
/// # Errors
/// The rule that the password breaks, and as [`Proof::then`].
pub async fn change(
    app: &Arc<App>,
    me: Member,
    proof: Proof,
    arrival: &Arrival,
) -> Result<i64, Rejection> {
    let who = users::by_id(app.database.reader(), me.id).await?;
    let who = who.ok_or_else(no_such_user)?;
    let choice = proof.sets.as_deref().unwrap_or_default();
    password::check_new(choice, &[&who.username, &who.nickname])?;
    let now = app.clock.now();
    proof
        .then(app, me, arrival, move |tx, proved: Proved<i64>| {
            Box::pin(async move {
                if let Some(ended) = proved.earlier {
                    return Ok(ended);
                }
                let hash = proved
                    .hash
                    .ok_or_else(|| Error::internal("no new password"))?;
                credential::set(tx, me.id, hash, now).await?;
                let ended = ending::end_but(tx, me.id, Some(me.session)).await?;
                Ok(i64::try_from(ended).unwrap_or(i64::MAX))
            })
        })
        .await
}
