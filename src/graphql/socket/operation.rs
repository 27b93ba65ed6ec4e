//! One operation on a socket, from its admission to its end.

use std::sync::Arc;

use async_graphql::{Executor, Request, Response, parser::types::OperationType};
use futures_util::{StreamExt, stream::BoxStream};

use super::{
    close::Close,
    message::FromServer,
    outbox::{Item, Outbox, Said},
};
use crate::{
    account::writes,
    error::Error,
    graphql::{
        answer::{Answer, server_error},
        api::Api,
        guard::{Admitted, Refusal},
        peer::Peer,
        whole::Interrupted,
    },
    viewer::{Caller, Viewer},
};

/// Why an operation ends otherwise than by itself.
enum Cut {
    /// It is told in an `error`.
    Error(Answer),
    /// By the socket's end.
    Close(Close),
}

impl From<Answer> for Cut {
    fn from(answer: Answer) -> Self {
        Self::Error(answer)
    }
}

impl From<Interrupted> for Cut {
    fn from(_: Interrupted) -> Self {
        Self::Close(Close::INTERRUPTED)
    }
}

/// An operation.
#[derive(Debug)]
pub struct Operation<E> {
    /// What executes it.
    pub api: Arc<Api<E>>,
    /// For whom.
    pub viewer: Viewer,
    /// Where the client is.
    pub peer: Peer,
    /// The client's id of it.
    pub id: String,
    /// See [`Item::key`].
    pub key: u64,
    /// The socket's, for the log.
    pub request_id: Arc<str>,
    /// Where its messages go. Bounded: a stream waits for the socket.
    pub outbox: Outbox,
}

impl<E: Executor> Operation<E> {
    /// Runs `request`, which was admitted or not, to its end. Dropped, it stops at once.
    pub async fn run(self, request: Box<Request>, admitted: Result<Admitted, Refusal>) {
        let outcome = match admitted {
            Err(refusal) => Err(Answer::refused(refusal, &self.request_id).into()),
            Ok(admitted) if admitted.kind == OperationType::Subscription => {
                self.stream(request, admitted).await
            }
            // Boxed, as all that a subscription which waits has no use for: its future has room for the
            // largest of its states.
            Ok(admitted) => Box::pin(self.once(*request, admitted)).await,
        };
        self.send(match outcome {
            Ok(()) => Said::Last(FromServer::Complete { id: &self.id }.write()),
            Err(Cut::Error(answer)) => {
                let payload = answer.told_in(self.peer.language).into_errors();
                Said::Last(
                    FromServer::Error {
                        id: &self.id,
                        payload,
                    }
                    .write(),
                )
            }
            Err(Cut::Close(close)) => Said::Close(close),
        })
        .await;
    }

    /// Who asks, as of now: they may have written elsewhere since the last operation.
    async fn caller(&self) -> Result<Caller, Answer> {
        let caller = writes::caller(&self.api.app, self.viewer).await;
        caller.map_err(|error| Answer::refused(server_error(error), &self.request_id))
    }

    async fn once(&self, request: Request, admitted: Admitted) -> Result<(), Cut> {
        // What cannot be said is not worked out.
        drop(self.outbox.room().acquire().await);
        let caller = self.caller().await?;
        let answer = self
            .api
            .execute(
                request,
                admitted,
                caller,
                self.peer.clone(),
                &self.request_id,
            )
            .await
            .map_err(|failure| failure.answer(&self.request_id))?;
        if answer.is_refusal() {
            return Err(answer.into());
        }
        self.next(answer).await?;
        Ok(())
    }

    async fn stream(&self, request: Box<Request>, admitted: Admitted) -> Result<(), Cut> {
        let caller = Box::pin(self.caller()).await?;
        let mut stream = self.events(request, admitted, caller);
        let mut first = true;
        while let Some(response) = stream.next().await {
            let answer = Answer::new(response?, &self.request_id);
            // Validation failed, or the source of events could not be made; later on, an error is
            // an event's.
            if answer.is_refusal() || (first && answer.is_stillborn()) {
                return Err(answer.into());
            }
            first = false;
            Box::pin(self.next(answer)).await?;
        }
        Ok(())
    }

    /// Not part of `stream`, which would keep the emptied box to its end.
    fn events(
        &self,
        request: Box<Request>,
        admitted: Admitted,
        caller: Caller,
    ) -> BoxStream<'static, Result<Response, Interrupted>> {
        let room = self.outbox.room();
        self.api
            .subscribe(*request, admitted, caller, &self.peer, room)
    }

    async fn next(&self, answer: Answer) -> Result<(), Answer> {
        let answer = answer.told_in(self.peer.language);
        let message = FromServer::Next {
            id: &self.id,
            payload: &answer,
        };
        let limit = self.api.limits.max_response_bytes;
        let text = message.write_within(limit).ok_or_else(|| {
            let error = Error::ResponseTooLarge(limit.into());
            Answer::refused(server_error(error), &self.request_id)
        })?;
        // It may wait for long: for a client that does not read.
        drop(answer);
        self.send(Said::Next(text)).await;
        Ok(())
    }

    async fn send(&self, said: Said) {
        let item = Item {
            id: self.id.clone(),
            key: self.key,
            said,
        };
        self.outbox.put(item).await;
    }
}
