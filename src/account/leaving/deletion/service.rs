//! Wishing an account away, and thinking better of it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{account_deletion, values::AuditAct};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{absence, store};
use crate::{
    account::{
        arrival::Arrival,
        proof::{Proof, Proved},
        session::ending,
    },
    app::App,
    database::Tx,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError, reason::account::AccountReason},
    user::{roles::record, store as users},
    viewer::Member,
};

/// What wishing an account away came to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Scheduled {
    /// How many other sessions have ended.
    pub ended_sessions: i64,
}

/// Has the account of `me`, who has proved that it is they, be deleted after the days of grace; all other
/// sessions end. Where it is to be deleted already, the day stays.
///
/// # Errors
/// As [`Proof::then`].
pub async fn schedule(
    app: &Arc<App>,
    me: Member,
    proof: Proof,
    arrival: &Arrival,
) -> Result<Scheduled, Rejection> {
    let shared = app.clone();
    let done = proof
        .then(app, me, arrival, move |tx, proved: Proved<Scheduled>| {
            let app = shared.clone();
            Box::pin(async move {
                if let Some(earlier) = proved.earlier {
                    return Ok(earlier);
                }
                let due = app.clock.now() + grace(&app);
                write(&app, tx, me.id, due).await?;
                let ended = ending::end_but(tx, me.id, Some(me.session)).await?;
                Ok(Scheduled {
                    ended_sessions: i64::try_from(ended).unwrap_or(i64::MAX),
                })
            })
        })
        .await?;
    app.settle_absences().await;
    Ok(done)
}

fn grace(app: &App) -> TimeDelta {
    TimeDelta::days(app.rules.account_deletion_days)
}

/// Writes that `user` is to be deleted from `due` on, unless that is so already.
async fn write(app: &App, tx: &Tx, user: Uuid, due: DateTime<Utc>) -> Result<(), Rejection> {
    if store::find(&tx.sql, user).await?.is_some() {
        return Ok(());
    }
    let row = account_deletion::Model {
        user_id: user,
        requested_at: app.clock.now(),
        due_at: due,
        begun_at: None,
        gone_at: None,
        removed: 0,
        next_at: due,
        held_by: None,
    };
    store::insert(&tx.sql, row).await?;
    absence::begins(tx, user).await?;
    Ok(())
}

/// Has the account of `me` stay.
///
/// # Errors
/// `NOT_LEAVING` where it was not to be deleted.
pub async fn cancel(
    app: &Arc<App>,
    me: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let operation = "cancelAccountDeletion";
    let slot = Slot::of(app, me, idempotency_key, operation, &())?;
    let done = once(app, slot, move |_, tx| {
        Box::pin(async move {
            // The row before the user's, as who carries it out.
            if !store::cancel(&tx.sql, me).await? {
                return Err(UserError::new(AccountReason::NotLeaving).into());
            }
            absence::ends(tx, me).await?;
            Ok(())
        })
    });
    done.await?;
    app.settle_absences().await;
    Ok(())
}

/// Has the account of `user` be deleted, as the operator wishes: after the days of grace, or from `now`
/// on. All sessions end. In those days the user can sign in and cancel it, as if the wish had been theirs; but
/// not who is suspended, and of those nothing goes until that is over (see [`store::due`]).
///
/// # Errors
/// The database's.
pub async fn order(app: &Arc<App>, user: Uuid, now: bool) -> Result<(), Rejection> {
    let shared = app.clone();
    let done = app.database.write(move |tx| {
        let app = shared.clone();
        Box::pin(async move {
            let today = app.clock.now();
            // Beside who thinks better of it.
            users::hold(&tx.sql, [user]).await?;
            ending::end_but(tx, user, None).await?;
            let due = if now { today } else { today + grace(&app) };
            write(&app, tx, user, due).await?;
            if now {
                store::hasten(&tx.sql, user, today).await?;
            }
            let detail = if now { "at once" } else { "" };
            let act = AuditAct::AccountDeleted;
            record(&app, tx, None, act, user, detail.to_owned()).await
        })
    });
    done.await?;
    app.settle_absences().await;
    Ok(())
}
