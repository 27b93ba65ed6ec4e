//! Counting a day: everybody, one batch of users after the other, so that nobody waits for it. After each batch the
//! place and what came together so far are written down with it: a server that falls silent is replaced by another
//! after a minute, which goes on where that one was, and counts nobody twice. At the end the figures of the day are
//! written at once.

use std::sync::Arc;

use chrono::{Days, Months, NaiveDate, TimeDelta};
use entity::statistics_day;
use uuid::Uuid;

use super::{
    kind::Kind,
    months::first_of,
    store,
    sums::{Of, Sums},
};
use crate::{
    app::App,
    clock::midnight_in_japan,
    error::Error,
    rejection::{Rejection, answer},
};

/// How long a server has a day for itself without a word.
const HELD: TimeDelta = TimeDelta::seconds(60);
/// The users of a batch.
pub const ROWS: i64 = 2_000;
/// The days within which somebody who did anything is active.
const MONTH: u64 = 30;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many users more are looked at.
    Counted(u64),
    /// The figures are written.
    Done,
    /// Another server counts the day, or it is counted.
    NotOurs,
}

/// Has this server count `day`, if it is not counted and nobody else does it. Says whether it is so.
///
/// # Errors
/// The database's.
pub async fn claim(app: &App, day: NaiveDate) -> Result<bool, Error> {
    let db = app.database.reader();
    let is_counted = match store::run(db, day).await? {
        Some(run) => run.is_done,
        // It can be forgotten how far it had come: by a clock that goes back, it is yesterday once more.
        None => store::is_counted(db, day).await?,
    };
    if is_counted {
        return Ok(false);
    }
    let (server, now) = (app.server, app.clock.now());
    let claimed = app.database.write(move |tx| {
        Box::pin(async move {
            store::begin(&tx.sql, day, now).await?;
            Ok(store::claim(&tx.sql, day, server, [now, now + HELD]).await?)
        })
    });
    unrefused(claimed.await)
}

/// Counts the next `rows` users of `day`, which this server counts.
///
/// # Errors
/// The database's. Nothing of the batch is counted then.
pub async fn step(app: &App, day: NaiveDate, rows: i64) -> Result<Progress, Error> {
    let (db, server) = (app.database.reader(), app.server);
    let run = store::run(db, day).await?;
    let Some(run) = run.filter(|run| !run.is_done && run.held_by == Some(server)) else {
        return Ok(Progress::NotOurs);
    };
    let mut sums: Sums = serde_json::from_str(&run.sums)
        .map_err(|error| Error::internal(format!("what came together is not read: {error}")))?;
    let users = store::users(db, run.place.unwrap_or_default(), rows).await?;
    let of = Of::day(day);
    let Some(place) = users.last().map(|user| user.id) else {
        return finish(app, of, &sums).await;
    };
    count(app, of, &users, &mut sums).await?;
    let sums = serde_json::to_string(&sums).map_err(|error| Error::internal(error.to_string()))?;
    let until = app.clock.now() + HELD;
    let noted = app.database.write(move |tx| {
        let so_far = (place, sums.clone());
        Box::pin(async move { Ok(store::go_on(&tx.sql, day, server, so_far, until).await?) })
    });
    Ok(match unrefused(noted.await)? {
        true => Progress::Counted(users.len().try_into().unwrap_or(u64::MAX)),
        false => Progress::NotOurs,
    })
}

async fn count(app: &App, of: Of, users: &[store::Counted], sums: &mut Sums) -> Result<(), Error> {
    let db = app.database.reader();
    for user in users {
        sums.count(of, user);
    }
    let counted = users.iter().filter(|user| of.counts(user));
    let counted: Vec<Uuid> = counted.map(|user| user.id).collect();
    if counted.is_empty() {
        return Ok(());
    }
    let footprints = store::footprints(db, &counted).await?;
    sums.add(Kind::Footprints, "", footprints);
    let first = of.day.checked_sub_days(Days::new(MONTH - 1));
    let days = [first.unwrap_or(of.day), of.day];
    for last in store::last_active(db, &counted, days).await? {
        sums.add(Kind::MonthlyActive, "", 1);
        sums.add(Kind::Active, "", i64::from(last == of.day));
    }
    let grouped = users
        .iter()
        .filter(|user| of.counts(user) && of.groups(user));
    let grouped: Vec<Uuid> = grouped.map(|user| user.id).collect();
    if !grouped.is_empty() {
        for (sex, users) in store::sexes(db, &grouped).await? {
            sums.said(sex, users);
        }
    }
    Ok(())
}

/// Writes the figures, with those of access: of the month of the day, and of the one before, some days of which may
/// have been passed over. The groups of a month are told once, after its end.
async fn finish(app: &App, of: Of, sums: &Sums) -> Result<Progress, Error> {
    let (db, server) = (app.database.reader(), app.server);
    let mut rows = sums.rows(of);
    let groups = store::groups(db, of.month).await?;
    if groups.iter().all(|row| row.day < of.month) {
        rows.extend(sums.groups(of, &groups));
    }
    let this = first_of(of.day);
    let month = Months::new(1);
    let before = this.checked_sub_months(month).unwrap_or(this);
    for first in [before, this] {
        let next = first.checked_add_months(month).unwrap_or(first);
        for (part, figure) in store::access(db, [first, next]).await? {
            rows.push(statistics_day::Model {
                kind: Kind::Access.word().to_owned(),
                day: first,
                part,
                figure,
            });
        }
    }
    let (rows, day) = (Arc::new(rows), of.day);
    // The same whenever it is done.
    let at = midnight_in_japan(day) + TimeDelta::days(1);
    let finished = app.database.write(move |tx| {
        let rows = rows.clone();
        Box::pin(async move {
            if !store::finish(&tx.sql, day, server, at).await? {
                return Ok(false);
            }
            store::put(&tx.sql, &rows).await?;
            store::forget_runs(&tx.sql, day).await?;
            Ok(true)
        })
    });
    Ok(match unrefused(finished.await)? {
        true => Progress::Done,
        false => Progress::NotOurs,
    })
}

/// Counts `day`, if it is not counted and nobody else does it: `tell` hears how many users each batch had.
///
/// # Errors
/// The database's. What is counted stays so, and somebody goes on later.
pub async fn roll_up(
    app: &App,
    day: NaiveDate,
    tell: impl Fn(u64) + Send,
) -> Result<Progress, Error> {
    if !claim(app, day).await? {
        return Ok(Progress::NotOurs);
    }
    loop {
        match step(app, day, ROWS).await? {
            Progress::Counted(users) => tell(users),
            ended => return Ok(ended),
        }
    }
}

/// Nothing is refused here.
fn unrefused<T>(done: Result<T, Rejection>) -> Result<T, Error> {
    answer(done)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}
