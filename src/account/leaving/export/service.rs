//! Asking for a copy of one's data: one at a time, and one a day. Asked for in another session, it is shown
//! there.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{data_export, values::ExportState};
use uuid::Uuid;

use super::store;
use crate::{
    account::{
        arrival::Arrival,
        proof::{Proof, Proved},
    },
    app::App,
    database::Tx,
    paging::PageArgs,
    rejection::{Rejection, UserError, reason::account::AccountReason},
    viewer::Member,
};

/// Has a copy of all that is `me`'s be made, who has proved that it is they; or has the one that there is be
/// shown to this session of theirs. Gives its id.
///
/// # Errors
/// `DATA_EXPORT_UNDER_WAY`, `DATA_EXPORT_TOO_SOON`, [`KeyMissing`](crate::error::Error::KeyMissing) where
/// the service has no key to sign a link with, and as [`Proof::then`].
pub async fn request(
    app: &Arc<App>,
    me: Member,
    proof: Proof,
    arrival: &Arrival,
) -> Result<Uuid, Rejection> {
    app.secrets.check()?;
    let shared = app.clone();
    proof
        .then(app, me, arrival, move |tx, proved: Proved<Uuid>| {
            let app = shared.clone();
            Box::pin(async move {
                match proved.earlier {
                    Some(earlier) => go_on(&app, tx, me, earlier).await,
                    None => write(&app, tx, me).await,
                }
            })
        })
        .await
}

/// The export `id`, which a call that is repeated made: shown to the session that repeats it.
async fn go_on(app: &App, tx: &Tx, me: Member, id: Uuid) -> Result<Uuid, Rejection> {
    let key = [me.id, id];
    let now = app.clock.now();
    let row = store::find(&tx.sql, key).await?;
    let is_anothers = |row: &data_export::Model| row.session_id != Some(me.session);
    if row.is_some_and(|row| is_to_be_had(&row, now) && is_anothers(&row)) {
        store::hand_over(&tx.sql, key, me.session).await?;
    }
    Ok(id)
}

/// Writes that there is to be an export of `me`, whom the transaction holds: of two who ask at once the
/// second finds the first's.
async fn write(app: &App, tx: &Tx, me: Member) -> Result<Uuid, Rejection> {
    let now = app.clock.now();
    let user = me.id;
    // Those that failed do not count: there are few of them.
    let page = PageArgs::default().page(0)?;
    let earlier = store::page(&tx.sql, user, &page).await?.rows;
    // Who has lost the session that asked need not wait for another copy.
    let of_another = |row: &&data_export::Model| row.session_id != Some(me.session);
    let wanted = earlier.iter().find(|row| is_to_be_had(row, now));
    if let Some(row) = wanted.filter(of_another) {
        store::hand_over(&tx.sql, [user, row.id], me.session).await?;
        return Ok(row.id);
    }
    if earlier.iter().any(|row| is_under_way(row.state)) {
        return Err(UserError::new(AccountReason::DataExportUnderWay).into());
    }
    let last = earlier.iter().find(|row| row.state != ExportState::Failed);
    let again = last.map(|row| row.requested_at + TimeDelta::hours(app.rules.data_export_hours));
    if let Some(until) = again.filter(|again| *again > now) {
        return Err(UserError::new(AccountReason::DataExportTooSoon { until }).into());
    }
    let row = data_export::Model {
        user_id: user,
        id: app.ids.at(now),
        state: ExportState::Queued,
        requested_at: now,
        ready_at: None,
        expires_at: None,
        rows_done: 0,
        rows_total: 0,
        size: 0,
        tries: 0,
        next_at: now,
        held_by: None,
        fetched_by: None,
        fetched_until: None,
        session_id: Some(me.session),
    };
    let id = row.id;
    store::insert(&tx.sql, row).await?;
    Ok(id)
}

/// Whether it can be fetched, or will be.
fn is_to_be_had(row: &data_export::Model, now: DateTime<Utc>) -> bool {
    let is_ready = row.state == ExportState::Ready && row.expires_at.is_some_and(|at| at > now);
    is_ready || is_under_way(row.state)
}

fn is_under_way(state: ExportState) -> bool {
    matches!(state, ExportState::Queued | ExportState::Running)
}
