//! Which visits of a batch are numbers that their owners have named. Who names none costs nothing: the
//! counters that visits hold say so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::{footprint, values::NotificationKind};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store::{self, Reached};
use crate::{
    app::App,
    clock::midnight_in_japan,
    database::Tx,
    error::Error,
    footprint::store::owners::Owner,
    notification::service::{News, unname},
};

/// What of the held owners' numbers a batch of visits can reach.
#[derive(Debug)]
pub struct Reaching {
    /// The number that was the next of each of them.
    near: BTreeMap<Uuid, i64>,
    /// All that are still to come.
    coming: HashMap<Uuid, BTreeSet<i64>>,
    reached: Vec<Reached>,
}

impl Reaching {
    /// Of `owners`, who are held, and each of whom is in `visited` as often as somebody visits: one
    /// statement where a number can be reached, and none otherwise.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(
        tx: &Tx,
        owners: &BTreeMap<Uuid, Owner>,
        visited: impl Iterator<Item = Uuid>,
    ) -> Result<Self, Error> {
        let mut visits: BTreeMap<Uuid, i64> = BTreeMap::new();
        for owner in visited {
            *visits.entry(owner).or_default() += 1;
        }
        let near = visits.iter().filter_map(|(id, visits)| {
            let owner = owners.get(id)?;
            let is_near =
                owner.next_kiriban > 0 && owner.next_kiriban <= owner.visit_count + visits;
            is_near.then_some(owner)
        });
        let near: Vec<_> = near.collect();
        let coming = if near.is_empty() {
            HashMap::new()
        } else {
            let counted = near.iter().map(|owner| (owner.user_id, owner.visit_count));
            store::coming(&tx.sql, &counted.collect::<Vec<_>>()).await?
        };
        let near = near.iter().map(|owner| (owner.user_id, owner.next_kiriban));
        Ok(Self {
            near: near.collect(),
            coming,
            reached: Vec::new(),
        })
    }

    /// Notes that `visit` was made. Gives its number, where its owner has named it.
    pub fn pass(&mut self, visit: Reached) -> Option<i64> {
        let coming = self.coming.get_mut(&visit.owner)?;
        if !coming.remove(&visit.number) {
            return None;
        }
        self.reached.push(visit);
        Some(visit.number)
    }

    /// Writes what was reached, after the owners' counters are written. Gives what owners and visitors are to be
    /// told of it.
    ///
    /// # Errors
    /// The database's.
    pub async fn write(
        mut self,
        app: &App,
        tx: &Tx,
        now: DateTime<Utc>,
    ) -> Result<Vec<News>, Error> {
        self.reached
            .sort_unstable_by_key(|visit| (visit.owner, visit.number));
        store::reach(&tx.sql, &self.reached, now).await?;
        // Also where an older program has counted past the next one.
        let next_now = |owner: &Uuid| self.coming.get(owner).and_then(BTreeSet::first);
        let changed = self
            .near
            .iter()
            .filter(|(owner, next)| next_now(owner) != Some(*next));
        let changed: Vec<_> = changed.map(|(owner, _)| *owner).collect();
        store::settle(&tx.sql, &changed).await?;
        let told = |visit: &Reached| told(visit, app.ids.at(now), now);
        Ok(self.reached.iter().flat_map(told).collect())
    }
}

/// What its owner and the visitor are told of `visit`, which has the id `id`.
fn told(visit: &Reached, id: Uuid, at: DateTime<Utc>) -> [News; 2] {
    let Reached {
        owner,
        visitor,
        number,
        ..
    } = *visit;
    let to_owner = News {
        actor: visit.kept(),
        kiriban: Some(number),
        ..News::new(NotificationKind::KiribanReached, owner, visitor, id, at)
    };
    let to_visitor = News {
        kiriban: Some(number),
        ..News::new(NotificationKind::KiribanHit, visitor, owner, id, at)
    };
    [to_owner, to_visitor]
}

/// Forgets that the visitor who left `footprint`, which is taken back, made visits of that day whose numbers
/// the owner had named. Both learned of it; the owner finds the name no more.
///
/// # Errors
/// The database's.
pub async fn forget(tx: &Tx, footprint: &footprint::Model) -> Result<(), Error> {
    let footprint::Model {
        owner_id: owner,
        visitor_id: visitor,
        day,
        ..
    } = *footprint;
    let next = day.succ_opt().unwrap_or(day);
    let that_day = [midnight_in_japan(day), midnight_in_japan(next)];
    let numbers = store::forget_between(&tx.sql, owner, visitor, that_day).await?;
    Ok(unname(tx, owner, visitor, &numbers).await?)
}
