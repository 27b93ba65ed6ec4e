//! What goes wrong on purpose, to see what a client makes of it: answers come late, or fail as they do when
//! something is wrong (`--latency`, `--fail-rate`).

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::Response;
use futures_util::{
    StreamExt,
    stream::{BoxStream, unfold},
};
use rand::{Rng, RngExt};
use tokio::time::sleep;

use super::{answer::failed, failure::Failure, whole::Interrupted};
use crate::{
    config::{Latency, MockArgs},
    error::Error,
};

/// Makes things go wrong. Clones draw from one source.
#[derive(Clone)]
pub struct Mock {
    latency: Option<Latency>,
    probability: f64,
    chance: Arc<Mutex<dyn Rng + Send>>,
}

impl std::fmt::Debug for Mock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mock({:?}, {})", self.latency, self.probability)
    }
}

/// What goes wrong with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The database cannot just now.
    Unavailable,
    /// The service has a fault.
    Internal,
    /// It takes too long. A mutation is carried out all the same, and nobody hears of it.
    TooLong,
}

impl Fault {
    const ALL: [Self; 3] = [Self::Unavailable, Self::Internal, Self::TooLong];

    fn error(self) -> Error {
        let detail = "on purpose: --fail-rate";
        match self {
            Self::Internal => Error::internal(detail),
            Self::Unavailable | Self::TooLong => Error::Unavailable(detail.into()),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::TooLong => Self::TooLong,
            fault => Self::NotBegun(fault.error()),
        }
    }
}

impl Mock {
    /// What `args` say, by the chance of `source`; none where nothing is to go wrong.
    pub fn new(args: &MockArgs, source: impl Rng + Send + 'static) -> Option<Self> {
        let probability = args.fail_rate.map_or(0.0, |rate| rate.probability());
        let is_any = args.latency.is_some() || probability > 0.0;
        is_any.then(|| Self {
            latency: args.latency,
            probability,
            chance: Arc::new(Mutex::new(source)),
        })
    }

    /// Waits for as long as something is to come late, and says what goes wrong with it, if anything.
    pub async fn meet(&self) -> Option<Fault> {
        let (pause, fault) = {
            let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
            let pause = self
                .latency
                .map(|Latency(from, to)| chance.random_range(from..=to));
            let kinds = Fault::ALL.len();
            let fails = chance.random_bool(self.probability);
            let fault = fails.then(|| chance.random_range(0..kinds));
            (pause, fault.and_then(|kind| Fault::ALL.get(kind).copied()))
        };
        if let Some(pause) = pause {
            sleep(pause).await;
        }
        if let Some(fault) = fault {
            tracing::info!(?fault, "this fails on purpose");
        }
        fault
    }

    /// The `events` of a subscription, late, and broken off where one fails: as where the service cannot read one
    /// just now. Its start can fail, too.
    pub fn events(
        self,
        events: BoxStream<'static, Result<Response, Interrupted>>,
    ) -> BoxStream<'static, Result<Response, Interrupted>> {
        unfold(Some((self, events, true)), async |state| {
            let (mock, mut events, is_start) = state?;
            if is_start && let Some(fault) = mock.meet().await {
                return Some((Ok(failed(fault.error())), None));
            }
            let event = events.next().await?;
            match mock.meet().await {
                None => Some((event, Some((mock, events, false)))),
                Some(_) => Some((Err(Interrupted), None)),
            }
        })
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn mock(latency: Option<&str>, rate: &str) -> Option<Mock> {
        let args = MockArgs {
            latency: latency.map(|text| text.parse().unwrap()),
            fail_rate: Some(rate.parse().unwrap()),
        };
        Mock::new(&args, StdRng::seed_from_u64(11))
    }

    #[tokio::test]
    async fn so_many_fail_in_each_way() {
        let mock = mock(None, "30%").unwrap();
        let mut counts = [0; 4];
        for _ in 0..4_000 {
            let kind = mock.meet().await;
            let place = Fault::ALL.iter().position(|fault| Some(*fault) == kind);
            counts[place.unwrap_or(3)] += 1;
        }
        assert!(
            counts[..3].iter().all(|count| (330..470).contains(count)),
            "{counts:?}"
        );
        assert!((2_700..2_900).contains(&counts[3]), "{counts:?}");
    }

    #[tokio::test]
    async fn where_nothing_is_said_nothing_goes_wrong() {
        assert!(Mock::new(&MockArgs::default(), StdRng::seed_from_u64(1)).is_none());
        assert!(mock(None, "0%").is_none());
        let late = mock(Some("1ms-2ms"), "0%").unwrap();
        for _ in 0..100 {
            assert_eq!(late.meet().await, None);
        }
    }

    #[tokio::test]
    async fn events_come_in_their_order_and_end_where_one_fails() {
        let events = || futures_util::stream::iter((0..3).map(|n| Ok(Response::new(n)))).boxed();
        let late = mock(Some("1ms-3ms"), "0%").unwrap();
        let all: Vec<_> = late.events(events()).collect().await;
        let all: Vec<_> = all.into_iter().map(|event| event.unwrap().data).collect();
        assert_eq!(all, [0.into(), 1.into(), 2.into()]);
        let faulty = mock(None, "100%").unwrap();
        let mut faulty: Vec<_> = faulty.events(events()).collect().await;
        let only = faulty.pop().unwrap().unwrap();
        assert!(faulty.is_empty() && only.errors.len() == 1);
    }
}
