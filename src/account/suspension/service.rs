//! Suspending, and what that ends.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use entity::{
    suspension,
    values::{AbsenceCause, AuditAct, Role},
};
use uuid::Uuid;

use super::store;
use crate::{
    absence::store as absences,
    account::session::end_all,
    app::App,
    database::Tx,
    events::Event,
    idempotency::{Slot, once},
    plan::service as plans,
    rejection::{
        Rejection, UserError,
        reason::{account::AccountReason, text::TextReason},
    },
    text,
    user::{
        roles::{briefly, moderator, outranks, record},
        service::existing,
        store as users,
    },
};

const LONGEST_REASON: usize = 500;

/// For how long somebody is suspended, and what they are told.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Until when; none until it is lifted.
    pub until: Option<DateTime<Utc>>,
    /// What the user is told, 1-500 characters.
    pub reason: String,
}

impl Wish {
    /// Checks the reason, in the input's `reason_field`, and the time, in its `until_field`.
    ///
    /// # Errors
    /// Texts against the rules, `TIME_NOT_AHEAD`.
    pub fn check(
        self,
        app: &App,
        [until_field, reason_field]: [&str; 2],
    ) -> Result<Self, Rejection> {
        let reason = text::body(reason_field, &self.reason, LONGEST_REASON)?;
        if self.until.is_some_and(|until| until <= app.clock.now()) {
            return Err(UserError::on(until_field, TextReason::TimeNotAhead).into());
        }
        Ok(Self { reason, ..self })
    }

    fn in_words(&self) -> String {
        match self.until {
            Some(until) => {
                let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
                format!("until {until}: {}", self.reason)
            }
            None => format!("until it is lifted: {}", self.reason),
        }
    }

    /// What tells one wish from another.
    pub fn form(&self) -> (Option<i64>, String) {
        let until = self.until.map(|until| until.timestamp_millis());
        (until, self.reason.clone())
    }
}

/// Suspends `user` in the name of `by`, in the place of an earlier suspension: their sessions end, and
/// they are absent for everybody but moderators and administrators.
///
/// # Errors
/// [`Forbidden`](crate::error::Error::Forbidden) where `by` is neither; texts against the rules,
/// `TIME_NOT_AHEAD`, `NOT_FOUND`, `CANNOT_SUSPEND`.
pub async fn suspend(
    app: &Arc<App>,
    by: Uuid,
    user: Uuid,
    wish: Wish,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let wish = wish.check(app, ["until", "reason"])?;
    let input = (user, wish.form());
    let slot = Slot::of(app, by, idempotency_key, "suspendUser", &input)?;
    let done = once(app, slot, move |app, tx| {
        let wish = wish.clone();
        Box::pin(async move {
            // Of two who do it to each other, one comes first.
            users::hold(&tx.sql, [by, user]).await?;
            let role = moderator(tx, by).await?;
            impose(app, tx, Some((by, role)), user, wish).await
        })
    });
    done.await?;
    app.settle_absences().await;
    Ok(())
}

/// Suspends `user`, who is held, in the name of somebody with a role; of the operator, where there is
/// nobody.
///
/// # Errors
/// `NOT_FOUND`, `CANNOT_SUSPEND`.
pub async fn impose(
    app: &App,
    tx: &Tx,
    by: Option<(Uuid, Role)>,
    user: Uuid,
    wish: Wish,
) -> Result<(), Rejection> {
    allowed(tx, by, user).await?;
    let detail = briefly(&wish.in_words());
    let by = by.map(|(by, _)| by);
    let row = suspension::Model {
        user_id: user,
        by_id: by,
        since: app.clock.now(),
        until: wish.until,
        reason: wish.reason,
    };
    absences::begin(&tx.sql, user, AbsenceCause::Suspended, row.until).await?;
    let until = row.until;
    store::set(&tx.sql, row).await?;
    end_all(tx, user).await?;
    plans::suspended(app, tx, user, until).await?;
    tx.after_commit(Event::AbsencesChanged);
    record(app, tx, by, AuditAct::UserSuspended, user, detail).await
}

/// Lifts the suspension of `user` in the name of `by`.
///
/// # Errors
/// [`Forbidden`](crate::error::Error::Forbidden), `NOT_FOUND`, `CANNOT_SUSPEND` where `user` is `by`, or of
/// the same or a higher role; `NOT_SUSPENDED`.
pub async fn lift(
    app: &Arc<App>,
    by: Uuid,
    user: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, by, idempotency_key, "liftSuspension", &user)?;
    let done = once(app, slot, move |app, tx| {
        Box::pin(async move {
            users::hold(&tx.sql, [by, user]).await?;
            let role = moderator(tx, by).await?;
            end(app, tx, Some((by, role)), user).await
        })
    });
    done.await?;
    app.settle_absences().await;
    Ok(())
}

/// Ends the suspension of `user`, who is held, in the name of somebody with a role; of the operator, where
/// there is nobody.
///
/// # Errors
/// `NOT_FOUND`, `CANNOT_SUSPEND`, `NOT_SUSPENDED`.
pub async fn end(
    app: &App,
    tx: &Tx,
    by: Option<(Uuid, Role)>,
    user: Uuid,
) -> Result<(), Rejection> {
    allowed(tx, by, user).await?;
    if lasting(app, tx, user).await?.is_none() {
        return Err(UserError::new(AccountReason::NotSuspended).into());
    }
    absences::end(&tx.sql, user, AbsenceCause::Suspended).await?;
    store::remove(&tx.sql, user).await?;
    tx.after_commit(Event::AbsencesChanged);
    let by = by.map(|(by, _)| by);
    record(app, tx, by, AuditAct::SuspensionLifted, user, String::new()).await
}

/// Whether `user` is there, and `by` of a higher role. (A block between them is no matter here: nobody is
/// to hide from moderators by one.)
pub async fn allowed(tx: &Tx, by: Option<(Uuid, Role)>, user: Uuid) -> Result<(), Rejection> {
    let there = existing(tx, user).await?;
    match by {
        Some((by, role)) if by == user || !outranks(role, there.role) => {
            Err(UserError::new(AccountReason::CannotSuspend).into())
        }
        _ => Ok(()),
    }
}

async fn lasting(app: &App, tx: &Tx, user: Uuid) -> Result<Option<suspension::Model>, Rejection> {
    let now = app.clock.now();
    let row = store::find(&tx.sql, user).await?;
    Ok(row.filter(|row| row.until.is_none_or(|until| until > now)))
}

/// Refuses `user`, who is held, and has just proved who they are, where they are suspended.
///
/// # Errors
/// `ACCOUNT_SUSPENDED`.
pub async fn check(app: &App, tx: &Tx, user: Uuid) -> Result<(), Rejection> {
    let Some(suspension::Model { until, reason, .. }) = lasting(app, tx, user).await? else {
        return Ok(());
    };
    Err(UserError::new(match until {
        Some(until) => AccountReason::SuspendedUntil { until, reason },
        None => AccountReason::Suspended { reason },
    })
    .into())
}
