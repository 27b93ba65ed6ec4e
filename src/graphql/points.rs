//! What operations cost, and what each user and address has left for them.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use async_graphql::{Context, Object, SimpleObject};
use chrono::TimeDelta;
use uuid::Uuid;

use super::{networks::Networks, peer::Network, scalar::DateTime};
use crate::{
    allowance::{Allowance, Short},
    clock::Clock,
    config::Limits,
    error::Error,
    paging::int,
    viewer::Viewer,
};

/// The time in which all points come back.
const HOUR: Duration = Duration::from_secs(60 * 60);
/// The nodes of a point.
const NODES: u64 = 100;

/// What an operation costs that can return so many `nodes`.
pub fn cost(nodes: u64) -> NonZeroU32 {
    let points = u32::try_from(nodes.div_ceil(NODES)).unwrap_or(u32::MAX);
    NonZeroU32::new(points).unwrap_or(NonZeroU32::MIN)
}

/// What each event of a subscription costs whose document costs `cost`; none where it is free: how often others
/// come is not the subscriber's doing, so that a point of each is everybody's.
pub fn of_an_event(cost: NonZeroU32) -> Option<NonZeroU32> {
    NonZeroU32::new(cost.get().saturating_sub(1))
}

/// What the start of a subscription costs whose document costs `cost`: its first event is paid for with it. Whoever
/// begins without a cursor has none to come back with before that event.
pub fn of_a_start(cost: NonZeroU32) -> NonZeroU32 {
    cost.saturating_add(of_an_event(cost).map_or(0, NonZeroU32::get))
}

/// The points of all who come to this server. Where there is no limit there are none.
#[derive(Debug)]
pub struct Points {
    clock: Arc<dyn Clock>,
    of_users: Option<Allowance<Uuid>>,
    /// Of who is not signed in.
    of_networks: Option<Networks>,
}

impl Points {
    /// As many as `limits` say.
    pub fn new(clock: Arc<dyn Clock>, limits: &Limits) -> Self {
        let (user, address) = (limits.points_per_hour, limits.points_per_hour_per_address);
        Self {
            of_users: Allowance::new(clock.clone(), user, HOUR),
            of_networks: Networks::new(clock.clone(), address, HOUR),
            clock,
        }
    }

    /// Takes what an operation of `viewer` in `network` costs. Gives what that leaves; none where there is no limit.
    ///
    /// # Errors
    /// [`Error::Throttled`], [`Error::TooExpensive`].
    pub fn charge(
        &self,
        viewer: Viewer,
        network: Network,
        cost: NonZeroU32,
    ) -> Result<Option<RateLimit>, Error> {
        let (limit, taken) = match (viewer, &self.of_users, &self.of_networks) {
            (Viewer::Member(member), Some(users), _) => {
                (users.most(), users.take_many(member.id, cost))
            }
            (Viewer::Anonymous, _, Some(networks)) => {
                (networks.most(), networks.take_many(network, cost))
            }
            _ => return Ok(None),
        };
        let left = taken.map_err(|short| match short {
            Short::For(seconds) => Error::Throttled(seconds),
            Short::Always => Error::TooExpensive(cost.get(), limit),
        })?;
        let whole_in = TimeDelta::from_std(left.whole_in).unwrap_or_default();
        Ok(Some(RateLimit {
            limit: int(limit.into()),
            remaining: int(left.remaining.into()),
            reset_at: (self.clock.now() + whole_in).into(),
            cost: int(cost.get().into()),
        }))
    }
}

/// How many points you have for your operations, after this one. Without enough of them an operation is not
/// carried out, and the error's code is THROTTLED; its `extensions.retryAfter` says in how many seconds there will be enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SimpleObject)]
pub struct RateLimit {
    /// The points of an hour: each user's, wherever they are signed in; without a token those of your address,
    /// together with all others there who are signed out. (IPv6 addresses of one /64 network are one, and those of one /48 have
    /// together as many as sixteen.)
    limit: i32,
    /// The points that are left after this operation.
    remaining: i32,
    /// When all points will be back, if none are used until then. They come back one by one, as many in an hour as `limit` says.
    reset_at: DateTime,
    /// What this operation costs: a point for each hundred nodes that it could return, begun hundreds included, and 1 at
    /// least. Every page counts as many nodes as `first` or `last` say, 20 where neither does, however many there
    /// are, and multiplies what is asked of each; so do `ids`. `Diary.body` counts as 100 nodes, `Review.body` as 50,
    /// `DiaryComment.body` as 20 and `User.bio` as 10, `Viewer.pathTo` as 990, for what it looks through, and its
    /// `users` as 7, `Query.searchDiaries` and `Query.searchReviews` as 480 beside their pages; everything else that is one as none, and of introspection a hundred nodes count as one. So `user { diaries(first: 50) { nodes { title comments(first: 10) { nodes { id } } } } }` counts 50 + 50 × 10 nodes and costs 6
    /// points. A subscription costs as much as it starts, and each of its events a point less: up to a hundred nodes
    /// an event is free, however many come. The first is paid for with the start. Those that a cursor has delivered again cost likewise. Where points do not
    /// suffice for another the subscription ends with THROTTLED, and nothing is lost: subscribe again with the last
    /// cursor after `extensions.retryAfter`. A document that is refused costs nothing.
    cost: i32,
}

/// Asking for one's points.
#[derive(Debug, Default)]
pub struct RateLimitQuery;

#[Object]
impl RateLimitQuery {
    /// What this operation costs, and how many points are left for others; null where this service sets no limit.
    async fn rate_limit(&self, ctx: &Context<'_>) -> Option<RateLimit> {
        // What is executed without a transport costs nothing.
        ctx.data_opt::<RateLimit>().copied()
    }
}
