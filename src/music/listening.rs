//! Listens as a player reports them: many at once, and as often as it likes, for each counts once.
//!
//! Whoever reports holds their own row in `users`: what a day holds, and who is new to a week's song, is
//! exact. The charts, which everybody shares, are brought up to date afterwards: [`super::charting`].

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    listen::{id_of, least_at},
    service::check_song,
    store::{
        charts::Uncharted,
        listens::{self as store, Weekly},
    },
    week::Week,
};
use crate::{
    app::App,
    catalogue::store as catalogue,
    clock::{day_in_japan, midnight_in_japan},
    database::Tx,
    error::Error,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError, reason::catalogue::CatalogueReason},
    user::store as users,
};

/// The most listens of one report.
pub const MOST_AT_ONCE: usize = 50;
/// For how long a listen can be reported: a player may have been off the net.
pub const REPORTED_WITHIN: TimeDelta = TimeDelta::days(14);
/// How far a player's clock may be ahead.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// A listen as it is reported.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Heard {
    /// To what.
    pub item: Uuid,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// A listen that is kept.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Its id.
    pub id: Uuid,
    /// The song.
    pub song: Uuid,
}

/// What a report came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reported {
    /// Each listen, in the order in which they were reported; none in the place of one that was refused.
    pub listens: Vec<Option<Kept>>,
    /// How many of them are new.
    pub new: i64,
    /// Why others were refused.
    pub refused: Vec<UserError>,
}

/// Keeps what `me` listened to. Of what is refused nothing is kept, and of the rest all.
///
/// # Errors
/// `NUMBER_OUT_OF_RANGE` where there are too many, or none.
pub async fn report(
    app: &Arc<App>,
    me: Uuid,
    heard: Vec<Heard>,
    idempotency_key: Option<String>,
) -> Result<Reported, Rejection> {
    if !(1..=MOST_AT_ONCE).contains(&heard.len()) {
        let reason = CatalogueReason::TooManyListens {
            minimum: 1,
            limit: MOST_AT_ONCE,
        };
        return Err(UserError::on("listens", reason).into());
    }
    let slot = Slot::of(app, me, idempotency_key, "reportListens", &heard)?;
    once(app, slot, move |app, tx| {
        let heard = heard.clone();
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let mut report = Report::open(app, tx, me, &heard).await?;
            for (place, heard) in heard.iter().enumerate() {
                report.take(place, heard);
            }
            report.write(app, tx).await
        })
    })
    .await
}

/// A report on its way.
struct Report {
    me: Uuid,
    now: DateTime<Utc>,
    /// What is wrong with what was named, by item.
    wrong: BTreeMap<Uuid, UserError>,
    /// What is kept already.
    known: BTreeSet<Uuid>,
    /// How many listens there are of a day.
    by_day: BTreeMap<NaiveDate, i64>,
    limit: i64,
    /// What comes to it, with the songs.
    new: Vec<Kept>,
    reported: Reported,
}

impl Report {
    async fn open(app: &App, tx: &Tx, me: Uuid, heard: &[Heard]) -> Result<Self, Error> {
        let now = app.clock.now();
        let items: BTreeSet<_> = heard.iter().map(|heard| heard.item).collect();
        let items: Vec<_> = items.into_iter().collect();
        let found = catalogue::items(&tx.sql, &items).await?;
        let wrong = |item: &Uuid| Some((*item, check_song(found.get(item)).err()?));
        let ids: BTreeSet<_> = heard.iter().map(|it| id_of(me, it.item, it.at)).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let known = store::known(&tx.sql, me, &ids).await?;
        let timely = heard.iter().map(|heard| heard.at);
        let timely = timely.filter(|at| (now - REPORTED_WITHIN..=now + AHEAD).contains(at));
        Ok(Self {
            me,
            now,
            wrong: items.iter().filter_map(wrong).collect(),
            by_day: by_day(tx, me, timely).await?,
            known: known.into_iter().collect(),
            limit: app.rules.listens_per_day,
            new: Vec::new(),
            reported: Reported::default(),
        })
    }

    /// Takes the listen at `place` of the report, or says why not.
    fn take(&mut self, place: usize, heard: &Heard) {
        let kept = match self.check(heard) {
            Ok(kept) => Some(kept),
            Err((field, error)) => {
                let path = ["listens".to_owned(), place.to_string()];
                let field = field.map(str::to_owned);
                let field = Some(path.into_iter().chain(field).collect());
                self.reported.refused.push(error.at(field));
                None
            }
        };
        self.reported.listens.push(kept);
    }

    fn check(&mut self, heard: &Heard) -> Result<Kept, (Option<&'static str>, UserError)> {
        let Heard { item, at } = *heard;
        if let Some(error) = self.wrong.get(&item) {
            return Err((Some("itemId"), error.clone()));
        }
        let kept = Kept {
            id: id_of(self.me, item, at),
            song: item,
        };
        let untimely = |reason| (Some("listenedAt"), UserError::new(reason));
        if at > self.now + AHEAD {
            return Err(untimely(CatalogueReason::ListenInFuture));
        }
        if self.known.contains(&kept.id) {
            return Ok(kept);
        }
        if at < self.now - REPORTED_WITHIN {
            let limit = REPORTED_WITHIN.num_days();
            return Err(untimely(CatalogueReason::ListenTooOld { limit }));
        }
        let day = day_in_japan(at);
        let count = self.by_day.entry(day).or_default();
        if *count >= self.limit {
            let limit = self.limit;
            let reason = CatalogueReason::ListenLimitReached { limit, day };
            return Err((None, UserError::new(reason)));
        }
        *count += 1;
        self.known.insert(kept.id);
        self.new.push(kept);
        Ok(kept)
    }

    /// Writes what is new, with everything that counts it.
    async fn write(mut self, app: &App, tx: &Tx) -> Result<Reported, Rejection> {
        let (db, me) = (&tx.sql, self.me);
        self.reported.new = i64::try_from(self.new.len()).unwrap_or(i64::MAX);
        if self.new.is_empty() {
            return Ok(self.reported);
        }
        let listens: Vec<_> = self.new.iter().map(|it| (it.id, it.song)).collect();
        store::insert(db, me, &listens).await?;
        let added = weekly(&listens);
        let counted = store::add_to_weeks(db, me, &added).await?;
        let uncharted: Vec<_> = added
            .iter()
            .map(|row| Uncharted {
                week: row.week,
                item_id: row.item_id,
                listens: row.listens,
                // There was nothing before of what comes to just what was added.
                listeners: i64::from(counted.contains(row)),
            })
            .collect();
        let ids: Vec<_> = added.iter().map(|_| app.ids.at(self.now)).collect();
        store::uncharted(db, me, &ids, &uncharted).await?;
        let mut last: BTreeMap<Uuid, Uuid> = BTreeMap::new();
        for (id, song) in listens {
            let latest = last.entry(song).or_insert(id);
            *latest = id.max(*latest);
        }
        let last: Vec<_> = last.into_iter().map(|(song, id)| (id, song)).collect();
        store::heard_last(db, me, &last).await?;
        Ok(self.reported)
    }
}

/// How often each song was listened to in each week by `listens`, in order.
pub fn weekly(listens: &[(Uuid, Uuid)]) -> Vec<Weekly> {
    let mut weeks: BTreeMap<(i64, Uuid), i64> = BTreeMap::new();
    for (id, song) in listens {
        let week = Week::at(super::listen::time_of(*id)).number();
        *weeks.entry((week, *song)).or_default() += 1;
    }
    let weeks = weeks.into_iter();
    weeks
        .map(|((week, item_id), listens)| Weekly {
            week,
            item_id,
            listens,
        })
        .collect()
}

/// How many listens of `me` there are of the days of `heard`, which are few.
async fn by_day(
    tx: &Tx,
    me: Uuid,
    heard: impl Iterator<Item = DateTime<Utc>>,
) -> Result<BTreeMap<NaiveDate, i64>, Error> {
    let days: BTreeSet<_> = heard.map(day_in_japan).collect();
    let range = |day: &NaiveDate| {
        let next = day.checked_add_days(Days::new(1)).unwrap_or(*day);
        [*day, next].map(|day| least_at(midnight_in_japan(day)))
    };
    let ranges: Vec<_> = days.iter().map(range).collect();
    let found = store::count_within(&tx.sql, me, &ranges).await?;
    let counts = days.iter().zip(&ranges);
    let counts = counts.map(|(day, [first, _])| (*day, found.get(first).copied()));
    Ok(counts
        .map(|(day, count)| (day, count.unwrap_or_default()))
        .collect())
}
