//! The search for the shortest chain of friends between two.
//!
//! It goes from both ends at once, a tie further at a time, from the end where fewer friends are to be
//! read, until somebody is reached from both. A step takes two statements, however many people stand there:
//! their friends, and who these are. What all steps read together is bounded
//! ([`crate::config::Rules::path_budget`]), and what of one person ([`super::side::MOST_EACH`]).
//!
//! Everybody on the chain is somebody whom the viewer sees and is in reach of (see [`crate::visibility`]).
//! Of the other side of 18 these are the viewer's friends, and who has a friend in common with the viewer
//! that ties them ([`super::super::figures`]): they stand one tie away from the viewer, or two. How far that is
//! is known of those who are reached from the viewer. Who is reached from the other end, and stands apart
//! from the viewer like that, is kept, but leads to nobody else than such friends of the viewer's.
//!
//! It reads at the primary: a friendship decides who is in reach.

use entity::user;
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::{
    Found, MOST_TIES,
    side::{Side, Step},
};
use crate::{
    block::loader::{Hidden, hidden},
    database::Reader,
    error::Error,
    friendship::{figures::Ties, reach::store::people, store as friends},
    loaders::Loaders,
    paging::{Page, int},
    visibility::Majority,
};

/// From where a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Viewer,
    Other,
}

/// By whom somebody was reached.
struct By {
    /// By whom first.
    first: Uuid,
    /// By whom first who ties two of whom one is a minor and one an adult.
    tying: Option<Uuid>,
}

/// A search under way.
pub struct Search<'l> {
    db: &'l Reader,
    hidden: Hidden,
    ties: Ties,
    majority: Majority,
    /// Whether the viewer is a minor.
    is_minor: bool,
    /// The viewer, and the other.
    ends: [Uuid; 2],
    mine: Side,
    theirs: Side,
    /// How many rows may yet be read.
    left: usize,
}

impl<'l> Search<'l> {
    /// For a chain from the viewer, who is `me`, to `other`, whom the viewer sees.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin(
        loaders: &'l Loaders,
        me: &user::Model,
        other: &user::Model,
    ) -> Result<Self, Error> {
        let app = &loaders.app;
        let majority = app.majority();
        let is_apart = majority.divides(me.birth_date, other.birth_date);
        Ok(Self {
            db: app.database.reader(),
            hidden: hidden(loaders).await?,
            ties: app.ties_for(me.id),
            majority,
            is_minor: majority.is_minor(me.birth_date),
            ends: [me.id, other.id],
            mine: Side::of(me.id, me.friend_count, false),
            theirs: Side::of(other.id, other.friend_count, is_apart),
            left: usize::try_from(app.rules.path_budget).unwrap_or(usize::MAX),
        })
    }

    /// Looks for it.
    ///
    /// # Errors
    /// The database's.
    pub async fn run(mut self) -> Result<Found, Error> {
        let [me, other] = self.ends;
        // Of friends nobody looks at others: they are that, too, where one has more than are followed.
        let shortest = if me == other {
            Some(vec![me])
        } else {
            let found = friends::friends_among(self.db, me, &[other]).await?;
            found.contains(&other).then(|| vec![me, other])
        };
        if let Some(users) = shortest {
            return Ok(Found {
                users,
                is_complete: true,
            });
        }
        let mut chain = None;
        while chain.is_none() && self.looked_at() < MOST_TIES {
            let Some(from) = self.cheaper() else { break };
            chain = self.further(from).await?;
        }
        let users = chain.unwrap_or_default();
        // Who has a friend in common with another is no friend: that was looked at.
        let is_shortest = users.len() == 3;
        Ok(Found {
            is_complete: is_shortest || !(self.mine.is_cut || self.theirs.is_cut),
            users,
        })
    }

    /// How many ties were looked at.
    fn looked_at(&self) -> usize {
        self.mine.ties + self.theirs.ties
    }

    /// Where it goes on: nowhere, where no chain is left to be found.
    fn cheaper(&self) -> Option<End> {
        let (mine, theirs) = (&self.mine, &self.theirs);
        // From an end that was left whole all are reached who can be.
        let is_done = |one: &Side, other: &Side| one.is_over() && (!one.is_cut || other.is_over());
        if is_done(mine, theirs) || is_done(theirs, mine) {
            return None;
        }
        // The viewer's friends say who is in reach.
        let is_first = mine.ties == 0;
        let is_cheaper = theirs.is_over() || mine.cost() <= theirs.cost();
        let from_viewer = !mine.is_over() && (is_first || is_cheaper);
        Some(if from_viewer { End::Viewer } else { End::Other })
    }

    fn sides(&self, from: End) -> [&Side; 2] {
        match from {
            End::Viewer => [&self.mine, &self.theirs],
            End::Other => [&self.theirs, &self.mine],
        }
    }

    fn near(&mut self, from: End) -> &mut Side {
        match from {
            End::Viewer => &mut self.mine,
            End::Other => &mut self.theirs,
        }
    }

    /// Goes a tie further. Gives the chain, where that reaches somebody whom the other end has reached.
    async fn further(&mut self, from: End) -> Result<Option<Vec<Uuid>>, Error> {
        let is_last = self.looked_at() + 1 == MOST_TIES;
        // Who is reached is read, too, but at the last step.
        let most = if is_last { self.left } else { self.left / 2 };
        let ties = self.read(from, most).await?;
        if let Some(chain) = self.meeting(from, &ties) {
            return Ok(Some(chain));
        }
        let reached = if is_last {
            Vec::new()
        } else {
            self.reached(from, &ties).await?
        };
        self.near(from).go_on(reached);
        Ok(None)
    }

    /// The friends of those who were reached last, by `most` rows: each such person with each friend, in an
    /// order that is always the same.
    async fn read(&mut self, from: End, most: usize) -> Result<Vec<[Uuid; 2]>, Error> {
        let next = self.near(from).next(most);
        let page = Page {
            limit: int(next.each),
            backwards: false,
            after: None,
            before: None,
            texts: true,
        };
        let of = friends::FriendsPage {
            page: &page,
            newest_first: true,
            among: None,
            without: self.hidden.ids(),
        };
        let pages = friends::friends_page(self.db, &next.people, of).await?;
        let (mut ties, mut cut) = (Vec::new(), 0);
        for person in &next.people {
            let Some(slice) = pages.get(person) else {
                continue;
            };
            cut += usize::from(slice.has_next);
            ties.extend(slice.rows.iter().map(|row| [*person, row.friend_id]));
        }
        self.left = self.left.saturating_sub(ties.len() + cut);
        self.near(from).is_cut |= cut > 0;
        Ok(ties)
    }

    /// The shortest chain by one of `ties`, which lead on from one end, to the other.
    fn meeting(&self, from: End, ties: &[[Uuid; 2]]) -> Option<Vec<Uuid>> {
        let [near, far] = self.sides(from);
        let met = ties.iter().filter_map(|[person, friend]| {
            let step = far.step(*friend)?;
            let may_meet = self.may_meet(from, *person, *friend, step);
            may_meet.then_some((step.ties, *person, *friend))
        });
        let (_, person, friend) = met.min_by_key(|(ties, ..)| *ties)?;
        let mut chain = near.way(person);
        chain.reverse();
        chain.extend(far.way(friend));
        if from == End::Other {
            chain.reverse();
        }
        Some(chain)
    }

    /// Whether a chain may go from `person` to `friend`, whom the other end has reached by `step`.
    fn may_meet(&self, from: End, person: Uuid, friend: Uuid, step: Step) -> bool {
        match from {
            End::Viewer => !step.is_apart || self.are_tied(self.mine.ties + 1, person),
            End::Other => {
                let is_apart = self.theirs.step(person).is_some_and(|it| it.is_apart);
                !is_apart || self.are_tied(step.ties + 1, friend)
            }
        }
    }

    /// Whether the viewer is in reach of somebody of the other side of 18, so many `ties` away, before whom
    /// stands `before`.
    fn are_tied(&self, ties: usize, before: Uuid) -> bool {
        match ties {
            1 => true,
            2 => self.ties.are_through(before, true),
            _ => false,
        }
    }

    /// Those to whom `ties` lead for the first time, from one end, without those of whom the viewer is out
    /// of reach.
    async fn reached(
        &mut self,
        from: End,
        ties: &[[Uuid; 2]],
    ) -> Result<Vec<(Uuid, i64, Step)>, Error> {
        let [near, _] = self.sides(from);
        let is_apart = |person: Uuid| near.step(person).is_some_and(|step| step.is_apart);
        let mut new = HashMap::<Uuid, By>::new();
        for [person, friend] in ties {
            if near.step(*friend).is_some() || is_apart(*person) {
                continue;
            }
            let by = new.entry(*friend).or_insert(By {
                first: *person,
                tying: None,
            });
            if by.tying.is_none() && self.ties.are_through(*person, true) {
                by.tying = Some(*person);
            }
        }
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let ties = near.ties + 1;
        let ids: Vec<_> = new.keys().copied().collect();
        let people = people(self.db, &ids).await?;
        self.left = self.left.saturating_sub(people.len());
        let reached = people.into_iter().filter_map(|person| {
            let by = new.get(&person.id)?;
            let is_apart = self.majority.is_minor(person.birth_date) != self.is_minor;
            let before = match from {
                End::Viewer if is_apart => {
                    let before = by.tying.unwrap_or(by.first);
                    self.are_tied(ties, before).then_some(before)?
                }
                _ => by.first,
            };
            let step = Step {
                before: Some(before),
                ties,
                is_apart: is_apart && from == End::Other,
            };
            Some((person.id, person.friend_count, step))
        });
        Ok(reached.collect())
    }
}
