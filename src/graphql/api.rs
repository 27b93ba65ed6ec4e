//! The schema with what stands around it, whatever transport a request comes by.

use std::{panic::AssertUnwindSafe, sync::Arc};

use async_graphql::{Executor, Request, Response, ServerError, parser::types::OperationType};
use futures_util::{FutureExt, StreamExt, stream::BoxStream};
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    answer::{Answer, server_error},
    guard::{Guard, Refusal},
    quota::Quota,
    whole::{Interrupted, whole},
};
use crate::{
    account::session,
    app::App,
    config::{Deadlines, Limits},
    error::Error,
    live::delivery::Delivery,
    loaders::Loaders,
    viewer::Viewer,
};

/// The most events that are read and resolved at once: enough to keep every connection that reads
/// at work, and so few that queries beside them do not wait long.
const EVENTS_AT_ONCE: usize = 32;

/// A schema ready to answer.
#[derive(Debug)]
pub struct Api<E> {
    /// The service.
    pub app: Arc<App>,
    /// How much a client may ask for.
    pub limits: Limits,
    /// How long anything may take.
    pub deadlines: Deadlines,
    /// Is cancelled when the service stops.
    pub stop: CancellationToken,
    /// The websockets that are open.
    pub sockets: TaskTracker,
    /// The subscriptions that are under way.
    pub subscriptions: Quota,
    /// What the feeds of all subscriptions take turns by.
    turns: Arc<Semaphore>,
    executor: E,
    guard: Guard,
}

impl<E: Executor> Api<E> {
    /// Puts `executor`, whose schema is `sdl`, behind a guard.
    ///
    /// # Errors
    /// Where `sdl` is no schema.
    pub fn new(
        app: Arc<App>,
        executor: E,
        sdl: &str,
        limits: Limits,
        deadlines: Deadlines,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            app,
            guard: Guard::new(sdl, limits.clone())?,
            limits,
            deadlines,
            stop: CancellationToken::new(),
            sockets: TaskTracker::new(),
            subscriptions: Quota::default(),
            turns: Arc::new(Semaphore::new(EVENTS_AT_ONCE)),
            executor,
        })
    }

    /// Who comes with this `Authorization`: a header's value, or a socket's.
    ///
    /// # Errors
    /// [`Error::InvalidToken`] where it is not a bearer token of a living session.
    pub async fn viewer(&self, authorization: Option<&[u8]>) -> Result<Viewer, Error> {
        match authorization {
            None => Ok(Viewer::Anonymous),
            Some(value) => {
                let token = bearer(value).ok_or(Error::InvalidToken)?;
                session::viewer(&self.app, Some(token)).await
            }
        }
    }

    /// Checks the document, and says what kind of operation will run.
    ///
    /// # Errors
    /// Why it must not.
    pub fn admit(&self, request: &mut Request) -> Result<OperationType, Refusal> {
        self.guard.check(request)
    }

    /// Executes an admitted query or mutation for `viewer`.
    ///
    /// # Errors
    /// An answer in its place, where it took too long or broke.
    pub async fn execute(
        &self,
        request: Request,
        viewer: Viewer,
        request_id: &str,
    ) -> Result<Answer, Failure> {
        let loaders = Loaders::new(self.app.clone(), viewer);
        let execution = AssertUnwindSafe(self.executor.execute(request.data(loaders)));
        match timeout(self.deadlines.execution_timeout, execution.catch_unwind()).await {
            Ok(Ok(response)) => Ok(Answer::new(response, request_id)),
            Ok(Err(_)) => Err(Failure::Broken),
            Err(_) => {
                tracing::warn!(request_id, "an operation took too long");
                Err(Failure::TooLong)
            }
        }
    }

    /// Starts an admitted subscription for `viewer`. An event has as long as a query to be whole.
    pub fn subscribe(
        &self,
        request: Request,
        viewer: Viewer,
    ) -> BoxStream<'static, Result<Response, Interrupted>> {
        let delivery = Delivery::new(self.turns.clone());
        let loaders = Loaders::new(self.app.clone(), viewer);
        let request = request.data(loaders).data(delivery.clone());
        let stream = self.executor.execute_stream(request, None);
        // What panics ends with an error, as elsewhere.
        let stream = AssertUnwindSafe(stream)
            .catch_unwind()
            .map(|item| {
                item.unwrap_or_else(|_| {
                    let error: ServerError = server_error(Error::internal("a panic"));
                    Response::from_errors(vec![error])
                })
            })
            .boxed();
        whole(stream, delivery, self.deadlines.execution_timeout).boxed()
    }
}

/// Why an execution has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It did not end in time.
    TooLong,
    /// It panicked.
    Broken,
}

impl Failure {
    /// What the client is told.
    pub fn answer(self, request_id: &str) -> Answer {
        match self {
            Self::TooLong => Answer::because(
                "TIMEOUT",
                "The operation took too long and was given up. A mutation may have been carried \
                 out all the same: repeat it with the same idempotencyKey.",
            ),
            Self::Broken => Answer::broken(request_id),
        }
    }
}

/// The token of `Bearer <token>`, in the alphabet that RFC 6750 allows.
fn bearer(value: &[u8]) -> Option<&str> {
    let (scheme, token) = std::str::from_utf8(value).ok()?.trim().split_once(' ')?;
    let token = token.trim_start();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    let well_formed = !token.is_empty() && token.bytes().all(fits);
    (scheme.eq_ignore_ascii_case("bearer") && well_formed).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn a_bearer_token_is_a_scheme_and_one_word() {
        for right in ["Bearer abc-_1", "bearer abc-_1", "BEARER   abc-_1 "] {
            assert_eq!(bearer(right.as_bytes()), Some("abc-_1"), "{right}");
        }
        for wrong in [
            "",
            "Bearer",
            "Bearer ",
            "Basic abc",
            "abc",
            "Bearer a b",
            "Bearer é",
        ] {
            assert_eq!(bearer(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
