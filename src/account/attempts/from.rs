//! What is tried from somewhere: it counts for the network, and for the site that the network is one of
//! thousands of.

use std::sync::Arc;

use super::{Attempt, Attempts, Limit};
use crate::{
    graphql::peer::{Network, Site},
    rejection::Rejection,
};

/// The most times that the row of a site has: it is written anew with each.
const MOST: u32 = 1_000;

/// An attempt, as often as it counts.
#[derive(Debug)]
pub struct Attempted(Vec<Attempt>);

impl Attempted {
    /// See [`Attempt::give_back`].
    pub async fn give_back(self) {
        for attempt in self.0 {
            attempt.give_back().await;
        }
    }
}

impl From<Attempt> for Attempted {
    fn from(attempt: Attempt) -> Self {
        Self(vec![attempt])
    }
}

/// Counts an attempt at `what` from `network`, before it is made, and for its site, which has as much as so many
/// networks, a thousand at the most. None where there is no `limit`.
///
/// # Errors
/// What [`Limit::spent`] says, of the one or the other, and the database's: then it counts for neither.
pub async fn take(
    attempts: &Arc<Attempts>,
    limit: Limit,
    what: &str,
    network: Network,
) -> Result<Option<Attempted>, Rejection> {
    let own = format!("{what}{network}");
    let Some(own) = attempts.take(limit, own.as_bytes()).await? else {
        return Ok(None);
    };
    let Some(site) = network.site() else {
        return Ok(Some(own.into()));
    };
    let wider = Limit {
        most: Site::share_of(limit.most, MOST),
        ..limit
    };
    let what = format!("{what}{site}");
    match attempts.take(wider, what.as_bytes()).await {
        Ok(site) => Ok(Some(Attempted(std::iter::once(own).chain(site).collect()))),
        Err(spent) => {
            own.give_back().await;
            Err(spent)
        }
    }
}
