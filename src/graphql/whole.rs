//! A subscription's events, each whole: none goes out with an error that passes.

use std::time::Duration;

use async_graphql::Response;
use futures_util::{
    Stream, StreamExt,
    stream::{BoxStream, unfold},
};
use tokio::time::{Instant, sleep};

use crate::{error::Error, live::delivery::Delivery};

/// The pauses between the tries for one event: each is twice the one before.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// An event could not be resolved in time. Everything before it was delivered: whoever subscribes
/// again from the last cursor misses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

/// The responses of `stream`. Where the service could not resolve a part of an event just now, the
/// feed behind `delivery` gives the event again, for at most `patience`; then this is the end.
///
/// A subscription that cannot even start says so in a response of its own, as ever.
pub fn whole(
    stream: BoxStream<'static, Response>,
    delivery: Delivery,
    patience: Duration,
) -> impl Stream<Item = Result<Response, Interrupted>> + Send {
    let start = Some(Events {
        stream,
        delivery,
        patience,
        begun: false,
    });
    unfold(start, async |events| {
        let mut events = events?;
        let event = events.next().await?;
        let next = event.is_ok().then_some(events);
        Some((event, next))
    })
}

struct Events {
    stream: BoxStream<'static, Response>,
    delivery: Delivery,
    patience: Duration,
    begun: bool,
}

impl Events {
    async fn next(&mut self) -> Option<Result<Response, Interrupted>> {
        let mut first_try: Option<Instant> = None;
        let mut pause = SHORTEST_PAUSE;
        loop {
            let Some(response) = self.stream.next().await else {
                // The feed itself has given up.
                return first_try.map(|_| Err(Interrupted));
            };
            self.delivery.pass();
            let Some(error) = passing(&response) else {
                self.begun = true;
                return Some(Ok(response));
            };
            if !self.delivery.ask_again() {
                let start = !self.begun;
                return Some(if start {
                    Ok(response)
                } else {
                    Err(Interrupted)
                });
            }
            let since = *first_try.get_or_insert_with(Instant::now);
            if since.elapsed() + pause > self.patience {
                tracing::warn!(detail = error.detail(), "an event cannot be resolved");
                return Some(Err(Interrupted));
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

/// What the log is told of the first error that passes.
fn passing(response: &Response) -> Option<&Error> {
    let mut errors = response.errors.iter();
    errors.find_map(|error| match error.source::<Error>() {
        unavailable @ Some(Error::Unavailable(_)) => unavailable,
        _ => None,
    })
}
