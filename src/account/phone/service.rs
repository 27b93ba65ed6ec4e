//! Verifying a number in the place of an earlier one, and taking one off.

use std::sync::Arc;

use entity::values::AuditAct;
use uuid::Uuid;

use crate::{
    account::{
        arrival::Arrival,
        proof::{Proof, Proved},
    },
    app::App,
    phone::{
        leaving::free_number,
        service::{claim, give_back, mark, prove},
    },
    rejection::Rejection,
    user::{roles::record, store as users},
    viewer::Member,
};

/// Verifies that `me`, who has proved that it is they, holds the number that `text` writes, by the `code` that
/// was sent to it. An earlier number is free then.
///
/// # Errors
/// As [`prove`], [`claim`] and [`Proof::then`].
pub async fn verify(
    app: &Arc<App>,
    me: Member,
    (text, code): (&str, &str),
    proof: Proof,
    arrival: &Arrival,
) -> Result<(), Rejection> {
    // Neither the number nor the code is kept with the key.
    let proof = Proof {
        about: Some(mark(app, text, code)?),
        ..proof
    };
    // Whatever is wrong of the rest, a try is taken: nobody learns for nothing whether a code is right.
    let held = match prove(app, text, code).await {
        Err(Rejection::Failed(error)) => return Err(error.into()),
        held => Arc::new(held),
    };
    let (shared, shown) = (app.clone(), Arc::clone(&held));
    let done = proof.then(app, me, arrival, move |tx, proved: Proved<()>| {
        let (app, shown) = (shared.clone(), Arc::clone(&shown));
        Box::pin(async move {
            if proved.earlier.is_some() {
                return Ok(());
            }
            let held = shown.as_ref().as_ref().map_err(Clone::clone)?;
            claim(&app, tx, me.id, held).await
        })
    });
    match (done.await, held.as_ref()) {
        // The code was right: it serves with the right password.
        (Err(Rejection::Refused(reasons)), Ok(held)) => {
            give_back(app, held.clone()).await?;
            Err(Rejection::Refused(reasons))
        }
        (done, _) => done,
    }
}

/// Takes the number off `me`, who has proved that it is they: it is free then, and lets nobody in. Who has none
/// is as they were.
///
/// # Errors
/// As [`Proof::then`].
pub async fn remove(
    app: &Arc<App>,
    me: Member,
    proof: Proof,
    arrival: &Arrival,
) -> Result<(), Rejection> {
    proof
        .then(app, me, arrival, move |tx, proved: Proved<()>| {
            Box::pin(async move {
                // One that was verified since stays.
                if proved.earlier.is_none() {
                    free_number(tx, me.id).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Takes the number off `user`, for who has lost it and cannot come in. Says whether there was one. Sessions go
/// on.
///
/// # Errors
/// The database's.
pub async fn take_off(app: &Arc<App>, user: Uuid) -> Result<bool, Rejection> {
    let shared = app.clone();
    app.database
        .write(move |tx| {
            let app = shared.clone();
            Box::pin(async move {
                users::hold(&tx.sql, [user]).await?;
                let act = AuditAct::PhoneNumberRemoved;
                record(&app, tx, None, act, user, String::new()).await?;
                Ok(free_number(tx, user).await? > 0)
            })
        })
        .await
}
