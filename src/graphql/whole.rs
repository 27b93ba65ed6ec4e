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
/// feed behind `delivery` gives the event again, for at most `patience`; then this is the end, and
/// so it is where one turn of the feed, to read and resolve, lasts for longer than that.
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
        let mut tried: Option<Tried> = None;
        loop {
            let response = tokio::select! {
                biased;
                response = self.stream.next() => response,
                () = self.delivery.overdue(self.patience) => {
                    tracing::warn!("an event takes too long");
                    return Some(Err(Interrupted));
                }
            };
            let Some(response) = response else {
                // The feed itself has given up.
                return tried.map(|_| Err(Interrupted));
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
            // Where the row that was asked for again has gone, another one came.
            let row = self.delivery.given();
            let same = tried.take().filter(|tried| tried.row == row);
            let Tried { since, pause, .. } = same.unwrap_or_else(|| Tried::now(row));
            if since.elapsed() + pause > self.patience {
                tracing::warn!(detail = error.detail(), "an event cannot be resolved");
                return Some(Err(Interrupted));
            }
            sleep(pause).await;
            tried = Some(Tried {
                row,
                since,
                pause: (pause * 2).min(LONGEST_PAUSE),
            });
        }
    }
}

/// An event that could not be resolved yet.
struct Tried {
    /// Its row's number.
    row: i64,
    /// When it was tried first.
    since: Instant,
    /// How long to wait before it is tried again.
    pause: Duration,
}

impl Tried {
    fn now(row: i64) -> Self {
        Self {
            row,
            since: Instant::now(),
            pause: SHORTEST_PAUSE,
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

#[cfg(test)]
mod tests {
    use async_graphql::{Response, ServerError};
    use futures_util::stream;

    use super::*;

    fn busy() -> Response {
        let error = Error::Unavailable("a busy database".into());
        let mut busy = ServerError::new("busy", None);
        busy.source = Some(std::sync::Arc::new(error));
        Response::from_errors(vec![busy])
    }

    /// Responses for the rows of these numbers, all busy but the last, as a feed gives them.
    fn events(rows: &'static [i64]) -> impl Stream<Item = Result<Response, Interrupted>> {
        // Long enough for the first pause and not for the second one after it.
        const PATIENCE: Duration = Duration::from_millis(120);
        let delivery = Delivery::default();
        delivery.follow();
        let feed = delivery.clone();
        let responses = rows.iter().enumerate().map(move |(index, row)| {
            feed.give(*row);
            if index + 1 < rows.len() {
                busy()
            } else {
                Response::new(true)
            }
        });
        whole(stream::iter(responses).boxed(), delivery, PATIENCE)
    }

    #[tokio::test]
    async fn each_event_has_all_the_patience_for_itself() {
        let mut same = Box::pin(events(&[1, 1, 1]));
        assert_eq!(same.next().await.unwrap().err(), Some(Interrupted));
        // The first has gone meanwhile.
        let mut another = Box::pin(events(&[1, 2, 2]));
        assert!(another.next().await.unwrap().is_ok());
    }
}
