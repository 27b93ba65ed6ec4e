//! What visits find, and what they change (rules.md, Footprints 2, 7 and 8): counted one after the
//! other, written together.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{footprint, values::FootprintPolicy};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::{
    kiriban::{reaching::Reaching, store::Reached},
    recent::Recent,
    store::{
        self, Held,
        owners::{self, Owner},
        unlisted, visitors,
    },
    visit::{PassedBy, Visit, Visiting},
};
use crate::{
    app::App,
    clock::day_in_japan,
    database::Tx,
    error::Error,
    events::Event,
    friendship::{reach::People, relations::relations},
    notification::service::tell_all,
    rejection::{Answer, UserError, reason::footprint::FootprintReason},
    rest::{choice::Choice, store as rests},
    visibility::{Majority, Relation, is_named},
};

/// An owner and a visitor.
type Pair = [Uuid; 2];

/// What is known of the owners and the visitors who are held.
pub(super) struct Ledger {
    now: DateTime<Utc>,
    day: NaiveDate,
    majority: Majority,
    pause: TimeDelta,
    /// The most visits of a visitor in an hour, if there is a limit.
    limit: Option<i64>,
    owners: BTreeMap<Uuid, Owner>,
    /// The numbers that the owners have named.
    reaching: Reaching,
    /// The day's footprints.
    today: HashMap<Pair, footprint::Model>,
    visitors: BTreeMap<Uuid, Visitor>,
    /// When the last visits were that no footprint tells of.
    unlisted: HashMap<Pair, DateTime<Utc>>,
    /// What those are to each other on whom it depends whether the visitor is named.
    relations: HashMap<Pair, Relation>,
    /// Which footprints are to be written.
    left: BTreeSet<Pair>,
    /// Of which pairs a visit counts, and no footprint is to tell of it.
    counted_only: BTreeSet<Pair>,
}

/// A visitor as of now.
struct Visitor {
    policy: FootprintPolicy,
    /// Whether the visitor rests: then visits leave nothing.
    rests: bool,
    /// Whether a visit of the visitor's may be unlisted.
    is_unlisted: bool,
    recent: Recent,
    /// Whether visits were counted in `recent`.
    has_visited: bool,
}

impl Ledger {
    /// Holds the owners of `visits`, then the visitors, and reads what there is between them; but for
    /// those who are passed by, as `held` says. Of the people some are known.
    pub(super) async fn open(
        app: &App,
        tx: &Tx,
        visits: impl Iterator<Item = &Visiting> + Clone,
        people: People,
        held: Held,
    ) -> Result<Self, Error> {
        let visited: BTreeSet<_> = visits.clone().map(|visit| visit.visited.owner()).collect();
        let visited: Vec<_> = visited.into_iter().collect();
        let owners = owners::hold(&tx.sql, &visited, held).await?;
        let to = visits.clone().map(|visit| visit.visited.owner());
        let reaching = Reaching::open(tx, &owners, to).await?;
        let pairs: BTreeSet<_> = visits
            .map(|visit| [visit.visited.owner(), visit.visitor])
            .filter(|[owner, _]| owners.contains_key(owner))
            .collect();
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        // Only now: what is counted is read when nobody else can count, and dated then.
        let now = app.clock.now();
        let day = day_in_japan(now);
        let mut ledger = Self {
            now,
            day,
            majority: Majority::on(day, app.rules.adult_age),
            pause: app.rules.visit_pause(),
            limit: Some(app.rules.visits_per_hour).filter(|limit| *limit > 0),
            owners,
            reaching,
            // Only this day's rows are looked at: Japan's midnight ends the pause.
            today: store::of_day(&tx.sql, &pairs, day).await?,
            visitors: BTreeMap::new(),
            unlisted: HashMap::new(),
            relations: HashMap::new(),
            left: BTreeSet::new(),
            counted_only: BTreeSet::new(),
        };
        pairs.retain(|pair| !ledger.is_within_pause(pair));
        if !pairs.is_empty() {
            ledger.read_visitors(app, tx, &pairs, people, held).await?;
        }
        Ok(ledger)
    }

    /// Reads what is to be known of the visitors of `pairs`, whose visits count by what is known of
    /// the owners, and of the people of whom it is not known yet.
    async fn read_visitors(
        &mut self,
        app: &App,
        tx: &Tx,
        pairs: &[Pair],
        people: People,
        held: Held,
    ) -> Result<(), Error> {
        let visitors: BTreeSet<_> = pairs.iter().map(|[_, visitor]| *visitor).collect();
        let visitors: Vec<_> = visitors.into_iter().collect();
        let rows = if self.limit.is_some() {
            visitors::hold(&tx.sql, &visitors, held).await?
        } else {
            visitors::of(&tx.sql, &visitors).await?
        };
        let resting = resting(tx, &rows, self.now).await?;
        let visitors = rows.into_iter().map(|(id, row)| {
            let is_named = row.footprint_policy == FootprintPolicy::Named;
            let visitor = Visitor {
                policy: row.footprint_policy,
                rests: resting.contains(&id),
                is_unlisted: !is_named || row.unlisted_until.is_some_and(|time| time > self.now),
                recent: Recent::read(row.recent_visits.as_deref(), self.now),
                has_visited: false,
            };
            (id, visitor)
        });
        self.visitors = visitors.collect();
        let all: BTreeSet<_> = pairs.iter().flatten().copied().collect();
        let all: Vec<_> = all.into_iter().collect();
        let people = people.with(&tx.sql, &all).await?;
        // Those of whom one is a minor and one an adult: who is without a tie is not named.
        let is_divided = |pair: &Pair| people.are_divided(self.majority, *pair);
        let of_those = |is_so: fn(&Visitor, bool) -> bool| -> Vec<_> {
            let known = |[_, visitor]: &Pair| self.visitors.get(visitor);
            let is_so = |pair: &&Pair| known(pair).is_some_and(|it| is_so(it, is_divided(pair)));
            pairs.iter().filter(is_so).copied().collect()
        };
        let unlisted = of_those(|visitor, is_divided| visitor.is_unlisted || is_divided);
        let depending = of_those(|visitor, is_divided| match visitor.policy {
            FootprintPolicy::Named => is_divided,
            FootprintPolicy::Connections => true,
            FootprintPolicy::Anonymous => false,
        });
        if !unlisted.is_empty() {
            self.unlisted = unlisted::last(&tx.sql, &unlisted).await?;
        }
        let ties = app.ties_for_acts();
        self.relations = relations(&tx.sql, self.majority, &people, &depending, &ties).await?;
        Ok(())
    }

    /// Whether a visit of `pair` comes within the pause after the last one.
    fn is_within_pause(&self, pair: &Pair) -> bool {
        let listed = self.today.get(pair).map(|row| row.visited_at);
        let unlisted = self.unlisted.get(pair).copied();
        let unlisted = unlisted.filter(|time| day_in_japan(*time) == self.day);
        listed
            .max(unlisted)
            .is_some_and(|last| self.now - last < self.pause)
    }

    /// Counts a visit, or says why it is refused; or who is passed by, its owner or its visitor. `id` is
    /// a new footprint's.
    pub(super) fn count(
        &mut self,
        visit: &Visiting,
        id: impl FnOnce(DateTime<Utc>) -> Uuid,
    ) -> Result<Answer<Visit>, PassedBy> {
        let pair @ [owner_id, visitor_id] = [visit.visited.owner(), visit.visitor];
        let is_within_pause = self.is_within_pause(&pair);
        let owner = self.owners.get_mut(&owner_id);
        let owner = owner.ok_or(PassedBy::Owner(owner_id))?;
        if is_within_pause {
            return Ok(Ok(Visit::UNCOUNTED));
        }
        let visitor = self.visitors.get_mut(&visitor_id);
        let visitor = visitor.ok_or(PassedBy::Visitor(visitor_id))?;
        if visitor.rests {
            return Ok(Ok(Visit::UNCOUNTED));
        }
        if let Some(limit) = self.limit {
            if let Some(time) = visitor.recent.free_at(limit) {
                return Ok(Err(vec![visit_limit_reached(limit, time)]));
            }
            visitor.recent.count();
            visitor.has_visited = true;
        }
        owner.visit_count += 1;
        let relation = self.relations.get(&pair).copied();
        let is_named = is_named(visitor.policy, relation.unwrap_or(Relation::Stranger));
        let kiriban = self.reaching.pass(Reached {
            owner: owner_id,
            number: owner.visit_count,
            visitor: visitor_id,
            is_named,
            is_named_to_all: is_named && visitor.policy == FootprintPolicy::Named,
        });
        if is_named {
            let today = self.today.get(&pair);
            owner.more_footprints += i64::from(today.is_none());
            // A row that the owner had seen is new again.
            let is_new = today.is_none_or(|row| row.number <= owner.seen_number);
            owner.more_new += i64::from(is_new);
            let row = footprint::Model {
                owner_id,
                id: today.map_or_else(|| id(self.now), |row| row.id),
                visitor_id,
                day: self.day,
                number: owner.visit_count,
                visited_at: self.now,
                origin: visit.origin,
            };
            self.today.insert(pair, row);
            self.left.insert(pair);
        } else {
            self.unlisted.insert(pair, self.now);
            self.counted_only.insert(pair);
        }
        Ok(Ok(Visit {
            counted: true,
            kiriban,
        }))
    }

    /// Writes what the visits that count leave.
    pub(super) async fn write(self, app: &App, tx: &Tx) -> Result<(), Error> {
        let visited = self.left.union(&self.counted_only);
        let visited: BTreeSet<_> = visited.map(|[owner, _]| *owner).collect();
        let owners: Vec<_> = visited
            .iter()
            .filter_map(|id| self.owners.get(id))
            .collect();
        if owners.is_empty() {
            return Ok(());
        }
        let rows = self.left.iter().filter_map(|pair| self.today.get(pair));
        let rows: Vec<_> = rows.collect();
        store::leave(&tx.sql, &rows, self.day, self.now).await?;
        if self.pause > TimeDelta::zero() {
            let pairs: Vec<_> = self.counted_only.iter().copied().collect();
            unlisted::remember(&tx.sql, &pairs, self.now).await?;
        }
        owners::count(&tx.sql, &owners).await?;
        let news = self.reaching.write(app, tx, self.now).await?;
        let visitors = self.visitors.iter().filter(|(_, it)| it.has_visited);
        let visitors: Vec<_> = visitors.map(|(id, it)| (*id, it.recent.text())).collect();
        visitors::count(&tx.sql, &visitors).await?;
        tell_all(tx, news).await?;
        // Who waits hears of those that a footprint tells of.
        let owners: BTreeSet<_> = self.left.iter().map(|[owner, _]| *owner).collect();
        for owner in owners {
            tx.after_commit(Event::FootprintLeft(owner));
        }
        Ok(())
    }
}

/// Those of `visitors` who rest at `now`: one statement where somebody has ever chosen to rest, and none otherwise.
async fn resting(
    tx: &Tx,
    visitors: &visitors::Visitors,
    now: DateTime<Utc>,
) -> Result<BTreeSet<Uuid>, Error> {
    let may_rest = visitors.values().filter(|row| row.has_rest);
    let may_rest: Vec<_> = may_rest.map(|row| row.user_id).collect();
    if may_rest.is_empty() {
        return Ok(BTreeSet::new());
    }
    let chosen = rests::of(&tx.sql, &may_rest).await?;
    let rest = chosen
        .into_iter()
        .filter(|(_, row)| Choice::from(row).at(now).is_some());
    Ok(rest.map(|(id, _)| id).collect())
}

fn visit_limit_reached(limit: i64, until: DateTime<Utc>) -> UserError {
    UserError::new(FootprintReason::VisitLimitReached { limit, until })
}
