//! Resting: at once, by schedule, and no more; and what is due when a rest is over.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::rest;
use uuid::Uuid;

use super::{
    choice::{Choice, JUST_BEFORE},
    digest,
    hours::{Hours, Week, text_of},
    store,
};
use crate::{
    app::App,
    database::Tx,
    error::Error,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError, reason::footprint::FootprintReason},
    user::store as users,
};

/// For how long somebody can rest at once who says until when.
const LONGEST: TimeDelta = TimeDelta::days(366);
/// The most hours of a schedule: three a day.
const MOST_HOURS: usize = 21;

/// Has `me` rest from now on, `until` a time or until they say so; and friends see it, or not, where that is given.
///
/// # Errors
/// `TIME_NOT_AHEAD`, `REST_TOO_LONG`.
pub async fn begin(
    app: &Arc<App>,
    me: Uuid,
    until: Option<DateTime<Utc>>,
    is_shown: Option<bool>,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    // Before what depends on the hour: what is asked again gets the first answer.
    let slot = Slot::of(app, me, idempotency_key, "rest", &(until, is_shown))?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let mut resting = Resting::held(app, tx, me).await?;
            check(until, resting.now)?;
            let Resting { row, now, .. } = &mut resting;
            row.began_at = Some(*now);
            row.ends_at = until;
            row.is_shown = is_shown.unwrap_or(row.is_shown);
            resting.settle(app, tx).await?;
            Ok(())
        })
    })
    .await
}

/// Has `me` rest no more, if they do: what the schedule says begins again the next time. Gives what tells of what
/// came meanwhile, where something did.
///
/// # Errors
/// The database's.
pub async fn end(
    app: &Arc<App>,
    me: Uuid,
    idempotency_key: Option<String>,
) -> Result<Option<Uuid>, Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "endRest", &())?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let mut resting = Resting::held(app, tx, me).await?;
            if resting.is_new {
                return Ok(None);
            }
            let Resting { row, now, .. } = &mut resting;
            let hours_end = Choice::from(&*row).hours_end(*now);
            (row.began_at, row.ends_at) = (None, None);
            row.weekly_from = hours_end.or(row.weekly_from);
            Ok(resting.settle(app, tx).await?)
        })
    })
    .await
}

/// Has `me` rest in these `hours` of each week from now on; and friends see it, or not, where that is given.
///
/// # Errors
/// `REST_HOURS_LIMIT_REACHED`, `REST_NEVER_ENDS`.
pub async fn schedule(
    app: &Arc<App>,
    me: Uuid,
    hours: Vec<Hours>,
    is_shown: Option<bool>,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    if hours.len() > MOST_HOURS {
        let limit = MOST_HOURS;
        return Err(
            UserError::on("hours", FootprintReason::RestHoursLimitReached { limit }).into(),
        );
    }
    if Week::of(&hours).is_whole() {
        return Err(UserError::on("hours", FootprintReason::RestNeverEnds).into());
    }
    let input = (text_of(&hours), is_shown);
    let slot = Slot::of(app, me, idempotency_key, "setRestSchedule", &input)?;
    let weekly = input.0;
    once(app, slot, move |app, tx| {
        let weekly = weekly.clone();
        Box::pin(async move {
            let mut resting = Resting::held(app, tx, me).await?;
            let Resting { row, now, .. } = &mut resting;
            row.weekly_from = (!weekly.is_empty()).then_some(*now);
            row.weekly = weekly;
            row.is_shown = is_shown.unwrap_or(row.is_shown);
            resting.settle(app, tx).await?;
            Ok(())
        })
    })
    .await
}

fn check(until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), UserError> {
    let Some(until) = until else { return Ok(()) };
    if until <= now {
        return Err(UserError::on("until", FootprintReason::RestTimeNotAhead));
    }
    if until - now > LONGEST {
        return Err(UserError::on("until", FootprintReason::RestTooLong));
    }
    Ok(())
}

/// What somebody has chosen, held, on the way to being another choice.
struct Resting {
    /// What is written in the end.
    row: rest::Model,
    now: DateTime<Utc>,
    /// Since when they rest, if they do.
    since: Option<DateTime<Utc>>,
    is_new: bool,
}

impl Resting {
    /// Holds what `me` has chosen. What is over by now is told of first.
    async fn held(app: &App, tx: &Tx, me: Uuid) -> Result<Self, Error> {
        // So that no session begins meanwhile: its token would not be told.
        users::hold(&tx.sql, [me]).await?;
        let found = store::held(&tx.sql, me).await?;
        let is_new = found.is_none();
        let mut row = found.unwrap_or_else(|| rest::Model {
            user_id: me,
            ..rest::Model::default()
        });
        let now = app.clock.now();
        while tell_of_due(app, tx, &mut row, now).await? {}
        let since = Choice::from(&row).at(now).map(|rest| rest.since);
        Ok(Self {
            row,
            now,
            since,
            is_new,
        })
    }

    /// Writes the choice. Who rested before and does so now is in one rest, since when it began; of who does not any
    /// more it is over: gives what tells of it.
    async fn settle(self, app: &App, tx: &Tx) -> Result<Option<Uuid>, Error> {
        let Self {
            mut row,
            now,
            since,
            is_new,
        } = self;
        let me = row.user_id;
        let mut told = None;
        match (since, Choice::from(&row).at(now)) {
            (Some(since), None) => told = digest::write(app, tx, me, (since, now)).await?,
            (Some(since), Some(rest)) if since < rest.since => {
                // What lasts by the schedule alone has the part before beside it, up to where it begins.
                if row.began_at.is_none_or(|began| began < rest.since) {
                    row.ends_at = Some(now);
                }
                row.began_at = Some(since);
            }
            _ => {}
        }
        row.due_at = Choice::from(&row).due_after(now);
        store::write(&tx.sql, row).await?;
        if is_new {
            store::mark(&tx.sql, me).await?;
        }
        digest::wake(tx, me);
        Ok(told)
    }
}

/// Tells of the rest of `row` that is over by `now`, if one is and was not told of. Says whether there may be
/// another.
async fn tell_of_due(
    app: &App,
    tx: &Tx,
    row: &mut rest::Model,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let Some(due) = row.due_at.filter(|due| *due <= now) else {
        return Ok(false);
    };
    let choice = Choice::from(&*row);
    if let Some(over) = choice.at(due - JUST_BEFORE) {
        digest::write(app, tx, row.user_id, (over.since, due)).await?;
    }
    row.due_at = choice.due_after(due);
    Ok(true)
}

/// Tells `user` of what came in a rest that is over, if one is and was not told of. Says whether there may be another.
///
/// # Errors
/// The database's.
pub async fn tell_of_one(app: &App, tx: &Tx, user: Uuid) -> Result<bool, Error> {
    let Some(mut row) = store::held(&tx.sql, user).await? else {
        return Ok(false);
    };
    if !tell_of_due(app, tx, &mut row, app.clock.now()).await? {
        return Ok(false);
    }
    store::write(&tx.sql, row).await?;
    digest::wake(tx, user);
    Ok(true)
}
