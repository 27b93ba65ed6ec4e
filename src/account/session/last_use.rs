//! When a session was last used: written beside its requests, and seldom.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::session_token;

use super::store;
use crate::app::App;

/// How often it is written at most that a session was used.
const EVERY: TimeDelta = TimeDelta::minutes(10);

/// Keeps that the session of the token `row` is being used, where that was not kept for ten minutes:
/// beside the request, which does not wait for it.
pub fn note(app: &Arc<App>, row: &session_token::Model) {
    let now = app.clock.now();
    let before = now - EVERY;
    if row.used_at.is_some_and(|at| at > before) {
        return;
    }
    let Some(written) = app.uses.begin(row.session_id) else {
        return;
    };
    let (app, key) = (app.clone(), [row.user_id, row.session_id]);
    tokio::spawn(async move {
        let noted = app.database.write(move |tx| {
            Box::pin(async move { Ok(store::note_use(&tx.sql, key, now, before).await?) })
        });
        if let Err(rejection) = noted.await {
            let why = rejection.in_words();
            tracing::debug!(why, "it was not kept that a session was used");
        }
        drop(written);
    });
}
