//! What visits leave (rules.md, Footprints 1-3): the one place of the rule, for one visit and for
//! many in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use entity::footprint;
use foldhash::HashMap;
use uuid::Uuid;

use super::{
    store::{self, Held, Owner},
    visit::{Visit, Visited, Visiting},
};
use crate::{
    app::App,
    block::store as blocks,
    clock::day_in_japan,
    database::Tx,
    diary::service as diaries,
    error::Error,
    events::Event,
    rejection::{Answer, UserError, answer},
    sql::Sql,
    user::service::no_such_user,
};

/// Carries out `visits`, as if one after the other. The answers are in their order; without one are
/// those to owners that are passed by, as `held` says: they have left nothing.
///
/// # Errors
/// The database's.
pub async fn leave_all(
    app: &App,
    tx: &Tx,
    visits: &[Visiting],
    held: Held,
) -> Result<Vec<Option<Answer<Visit>>>, Error> {
    let mut answers: Vec<_> = refusals(tx, visits)
        .await?
        .into_iter()
        .map(|refusal| refusal.map(Err))
        .collect();
    // One's own profile or diary: nothing is left.
    for (visit, answer) in visits.iter().zip(&mut answers) {
        if answer.is_none() && visit.visitor == visit.visited.owner() {
            *answer = Some(Ok(Visit { counted: false }));
        }
    }
    let leaving: Vec<_> = visits
        .iter()
        .zip(&mut answers)
        .filter(|(_, answer)| answer.is_none())
        .collect();
    if leaving.is_empty() {
        return Ok(answers);
    }
    // On Citus no statement holds or writes the rows of several users: one owner after the other.
    if Sql::of(&tx.sql).is_citus() {
        let mut by_owner: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (visit, answer) in leaving {
            let visits = by_owner.entry(visit.visited.owner()).or_default();
            visits.push((visit, answer));
        }
        for visits in by_owner.into_values() {
            leave(app, tx, visits, held).await?;
        }
    } else {
        leave(app, tx, leaving, held).await?;
    }
    Ok(answers)
}

/// Of each of `visits`, why it is refused, if it is: what is hidden is absent.
async fn refusals(tx: &Tx, visits: &[Visiting]) -> Result<Vec<Option<Vec<UserError>>>, Error> {
    let to_profile = |visit: &Visiting| match visit.visited {
        Visited::Profile(user) | Visited::Named { user, .. } => Some([visit.visitor, user]),
        Visited::Diary(_) => None,
    };
    let pairs: BTreeSet<_> = visits.iter().filter_map(to_profile).collect();
    let pairs: Vec<_> = pairs.into_iter().collect();
    let seen = blocks::seen_among(&tx.sql, &pairs).await?;
    let mut refusals = Vec::with_capacity(visits.len());
    for visit in visits {
        refusals.push(match visit.visited {
            Visited::Profile(user) | Visited::Named { user, .. } => {
                let is_seen = seen.contains(&[visit.visitor, user]);
                (!is_seen).then(|| vec![no_such_user()])
            }
            Visited::Diary(key) => answer(diaries::visible(tx, visit.visitor, key).await)?.err(),
        });
    }
    Ok(refusals)
}

/// A visit that may leave a footprint, and the place of its answer.
type Leaving<'v> = (&'v Visiting, &'v mut Option<Answer<Visit>>);

/// Counts `visits`, writes what they leave, and answers them.
async fn leave(app: &App, tx: &Tx, visits: Vec<Leaving<'_>>, held: Held) -> Result<(), Error> {
    let owners: BTreeSet<_> = visits
        .iter()
        .map(|(visit, _)| visit.visited.owner())
        .collect();
    let owners: Vec<_> = owners.into_iter().collect();
    let owners = store::hold(&tx.sql, &owners, held).await?;
    // Only now: what is counted is read when nobody else can count, and dated then.
    let now = app.clock.now();
    let day = day_in_japan(now);
    let pairs: BTreeSet<_> = visits
        .iter()
        .map(|(visit, _)| [visit.visited.owner(), visit.visitor])
        .filter(|[owner, _]| owners.contains_key(owner))
        .collect();
    let pairs: Vec<_> = pairs.into_iter().collect();
    // Only this day's rows are looked at: Japan's midnight ends the pause.
    let mut ledger = Ledger {
        now,
        day,
        pause: Duration::minutes(app.rules.visit_pause_minutes),
        today: store::of_day(&tx.sql, &pairs, day).await?,
        left: BTreeSet::new(),
        owners,
    };
    for (visit, answer) in visits {
        let counted = ledger.count(visit, || app.ids.at(now));
        *answer = counted.map(|counted| Ok(Visit { counted }));
    }
    ledger.write(tx).await
}

/// What is known of the owners that are held, and of the day's footprints with them.
struct Ledger {
    now: DateTime<Utc>,
    day: NaiveDate,
    pause: Duration,
    owners: BTreeMap<Uuid, Owner>,
    /// By owner and visitor.
    today: HashMap<[Uuid; 2], footprint::Model>,
    /// Which of them are to be written.
    left: BTreeSet<[Uuid; 2]>,
}

impl Ledger {
    /// Whether a visit counts; nothing where its owner is not held. `id` is a new footprint's.
    fn count(&mut self, visit: &Visiting, id: impl FnOnce() -> Uuid) -> Option<bool> {
        let key @ [owner_id, visitor_id] = [visit.visited.owner(), visit.visitor];
        let owner = self.owners.get_mut(&owner_id)?;
        let today = self.today.get(&key);
        if today.is_some_and(|row| self.now - row.visited_at < self.pause) {
            return Some(false);
        }
        owner.visit_count += 1;
        owner.more_footprints += i64::from(today.is_none());
        // A row that the owner had seen is new again.
        let is_new = today.is_none_or(|row| row.number <= owner.seen_number);
        owner.more_new += i64::from(is_new);
        let row = footprint::Model {
            owner_id,
            id: today.map_or_else(id, |row| row.id),
            visitor_id,
            day: self.day,
            number: owner.visit_count,
            visited_at: self.now,
            origin: visit.origin,
        };
        self.today.insert(key, row);
        self.left.insert(key);
        Some(true)
    }

    async fn write(&self, tx: &Tx) -> Result<(), Error> {
        if self.left.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = self
            .left
            .iter()
            .filter_map(|key| self.today.get(key))
            .collect();
        store::leave(&tx.sql, &rows, self.day, self.now).await?;
        let visited: BTreeSet<_> = self.left.iter().map(|[owner, _]| *owner).collect();
        let owners: Vec<_> = visited
            .iter()
            .filter_map(|id| self.owners.get(id))
            .collect();
        store::count(&tx.sql, &owners).await?;
        for owner in visited {
            tx.after_commit(Event::FootprintLeft(owner));
        }
        Ok(())
    }
}
