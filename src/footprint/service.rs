//! What a visit does (rules.md, Footprints 1-3).

use std::sync::Arc;

use chrono::Duration;
use entity::{footprint, user_counter, values::VisitOrigin};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{node, store};
use crate::{
    app::App,
    block::store as blocks,
    clock::day_in_japan,
    database::Tx,
    diary::{service as diaries, store::DiaryKey},
    events::Event,
    idempotency::once,
    rejection::Rejection,
    user::{service::no_such_user, store as users},
};

/// What is visited.
#[derive(Clone, Debug, Serialize)]
pub enum Visited {
    /// A profile.
    Profile(Uuid),
    /// The profile of who has a user name.
    Named {
        /// Whom it led to. A repeat is known by the name alone: the id would tell who is there.
        #[serde(skip)]
        user: Uuid,
        /// As it was given.
        username: String,
    },
    /// A diary, by its key.
    Diary(DiaryKey),
}

/// What a visit came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Whether the visit was counted: not so for a visit to oneself, and for one within the pause
    /// after the same visitor's last.
    pub counted: bool,
}

/// Visits as `me`, coming from `origin`.
///
/// # Errors
/// `NOT_FOUND` where what is visited is hidden or absent: such a visit leaves nothing.
pub async fn visit(
    app: &Arc<App>,
    me: Uuid,
    visited: Visited,
    origin: Option<node::VisitOrigin>,
    idempotency_key: Option<String>,
) -> Result<Visit, Rejection> {
    let shared = app.clone();
    let input = (visited.clone(), origin);
    let operation = match visited {
        Visited::Profile(_) | Visited::Named { .. } => "visitProfile",
        Visited::Diary(_) => "visitDiary",
    };
    once(app, me, idempotency_key, operation, &input, move |tx| {
        let (app, visited) = (shared.clone(), visited.clone());
        Box::pin(async move {
            let owner = match visited {
                Visited::Profile(user) | Visited::Named { user, .. } => {
                    let seen = blocks::seen(&tx.sql, me, user).await?;
                    seen.ok_or_else(no_such_user)?.id
                }
                Visited::Diary(key) => {
                    diaries::visible(tx, me, key).await?;
                    let [author, _] = key;
                    author
                }
            };
            let counted = owner != me && leave(&app, tx, owner, me, origin.map(Into::into)).await?;
            Ok(Visit { counted })
        })
    })
    .await
}

/// Leaves the footprint of `visitor` with `owner`. Says whether the visit was counted.
async fn leave(
    app: &App,
    tx: &Tx,
    owner: Uuid,
    visitor: Uuid,
    origin: Option<VisitOrigin>,
) -> Result<bool, Rejection> {
    let now = app.clock.now();
    let day = day_in_japan(now);
    let pause = Duration::minutes(app.rules.visit_pause_minutes);
    users::hold_counters(&tx.sql, owner).await?;
    // Only this day's row is looked at: Japan's midnight ends the pause.
    let today = store::of_day(&tx.sql, owner, visitor, day).await?;
    if today
        .as_ref()
        .is_some_and(|row| now - row.visited_at < pause)
    {
        return Ok(false);
    }
    let counted = store::count_visit(&tx.sql, owner).await?;
    let number = counted.visit_count;
    // A row that the owner had seen is new again.
    let is_new = match today {
        Some(mut row) => {
            let was_seen = row.number <= counted.seen_number;
            row.number = number;
            row.visited_at = now;
            row.origin = origin;
            store::update(&tx.sql, row).await?;
            was_seen
        }
        None => {
            let row = footprint::Model {
                owner_id: owner,
                id: app.ids.at(now),
                visitor_id: visitor,
                day,
                number,
                visited_at: now,
                origin,
            };
            store::insert(&tx.sql, row).await?;
            users::tally(&tx.sql, owner, user_counter::Column::FootprintCount, 1).await?;
            true
        }
    };
    if is_new {
        users::tally(&tx.sql, owner, user_counter::Column::NewFootprintCount, 1).await?;
    }
    tx.after_commit(Event::FootprintLeft(owner));
    Ok(true)
}

/// Marks the footprints of `me` as seen: those up to `number`, or all.
///
/// # Errors
/// The database's.
pub async fn mark_seen(
    app: &Arc<App>,
    me: Uuid,
    number: Option<i64>,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    once(
        app,
        me,
        idempotency_key,
        "markFootprintsSeen",
        &number,
        move |tx| {
            Box::pin(async move {
                users::hold_counters(&tx.sql, me).await?;
                let last = users::counters(&tx.sql, me)
                    .await?
                    .map_or(0, |row| row.visit_count);
                let number = number.map_or(last, |number| number.min(last));
                Ok(store::mark_seen(&tx.sql, me, number).await?)
            })
        },
    )
    .await
}
