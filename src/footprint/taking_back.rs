//! Taking back a footprint that one left (rules.md, Footprints 6).

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::{footprint, order, visitor};
use uuid::Uuid;

use super::{
    kiriban::reaching::forget,
    store::{
        self, Held,
        owners::{self, Owner},
        unlisted, visitors,
    },
};
use crate::{
    app::App,
    block::store as blocks,
    clock::day_in_japan,
    database::Tx,
    error::Error,
    events::Event,
    idempotency::{Slot, once},
    plan::{effect, store as plans},
    rejection::{
        Rejection, UserError,
        reason::{footprint::FootprintReason, thing::Thing},
    },
};

/// Takes back what `me` left with `owner` on `day`, or last.
///
/// # Errors
/// `NOT_FOUND` where there is no such footprint, or the owner is hidden or absent;
/// `TAKE_BACK_LIMIT_REACHED`.
pub async fn take_back(
    app: &Arc<App>,
    me: Uuid,
    owner: Uuid,
    day: Option<NaiveDate>,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = (owner, day.map(|day| day.to_string()));
    let slot = Slot::of(app, me, idempotency_key, "takeBackFootprint", &input)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let owner = app.absent_for_acts(me).veiled(owner);
            if blocks::seen(&tx.sql, me, owner).await?.is_none() {
                return Err(no_such_footprint());
            }
            // The owner before the visitor, as visits hold them.
            let owners = owners::hold(&tx.sql, &[owner], Held::Await).await?;
            let left = match day {
                Some(day) => store::of_day(&tx.sql, &[[owner, me]], day)
                    .await?
                    .into_values()
                    .next(),
                None => store::latest(&tx.sql, owner, me).await?,
            };
            let left = left.ok_or_else(no_such_footprint)?;
            let owner = owners.get(&owner).copied().ok_or_else(no_such_footprint)?;
            count(app, tx, &left).await?;
            remove(tx, owner, &left).await?;
            Ok(())
        })
    })
    .await
}

/// Counts that `left` is taken back, if it may be.
async fn count(app: &App, tx: &Tx, left: &footprint::Model) -> Result<(), Rejection> {
    let me = left.visitor_id;
    let held = visitors::hold(&tx.sql, &[me], Held::Await).await?;
    let visitor = held
        .get(&me)
        .ok_or_else(|| Error::internal("a visitor is not held"))?;
    let now = app.clock.now();
    let month = month_in_japan(now);
    let taken = taken_back(visitor, month);
    let plan = plans::in_effect(&tx.sql, me, now).await?;
    let limit = effect::take_backs(app, plan.as_ref());
    if taken >= limit {
        return Err(UserError::new(FootprintReason::TakeBackLimitReached { limit }).into());
    }
    // The pause after the visit goes on, though no footprint tells of it.
    let pause_ends = left.visited_at + app.rules.visit_pause();
    let mut until = visitor.unlisted_until;
    if now < pause_ends {
        let pair = [left.owner_id, me];
        unlisted::remember(&tx.sql, &[pair], left.visited_at).await?;
        until = until.max(Some(pause_ends));
    }
    visitors::take_back(&tx.sql, me, month, taken + 1, until).await?;
    Ok(())
}

/// Removes `left`, with what counts it. The counter of all visits stays.
async fn remove(tx: &Tx, owner: Owner, left: &footprint::Model) -> Result<(), Error> {
    store::remove(&tx.sql, left).await?;
    let owner = Owner {
        more_footprints: -1,
        more_new: -i64::from(left.number > owner.seen_number),
        ..owner
    };
    owners::count(&tx.sql, &[&owner]).await?;
    forget(tx, left).await?;
    // Rows that were read ahead are out of date.
    tx.after_commit(Event::FootprintLeft(owner.user_id));
    Ok(())
}

/// How many footprints `visitor`, who has this `plan` or none, can still take back this month.
pub fn left(app: &App, visitor: &visitor::Model, plan: Option<&order::Model>) -> i64 {
    let taken = taken_back(visitor, month_in_japan(app.clock.now()));
    (effect::take_backs(app, plan) - taken).max(0)
}

/// How many `visitor` has taken back in `month`.
fn taken_back(visitor: &visitor::Model, month: NaiveDate) -> i64 {
    if visitor.take_back_month == Some(month) {
        visitor.take_backs
    } else {
        0
    }
}

/// The first day of the month in Japan.
fn month_in_japan(time: DateTime<Utc>) -> NaiveDate {
    let day = day_in_japan(time);
    day.with_day(1).unwrap_or(day)
}

fn no_such_footprint() -> Rejection {
    UserError::absent(Thing::Footprint).into()
}
