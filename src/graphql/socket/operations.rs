//! The operations under way on one socket, and their messages on the way to its client.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Executor, Request, parser::types::OperationType};
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use super::{
    close::Close,
    operation::Operation,
    outbox::{Item, Outbox, Said, Waiters, Waiting},
};
use crate::{
    error::text::request::RequestText,
    graphql::{answer::Answer, api::Api, peer::Peer, quota::Held},
    viewer::Viewer,
};

/// The operations of one socket.
pub struct Operations {
    running: HashMap<String, Running>,
    keys: u64,
    outbox: Outbox,
    items: Waiters,
}

/// An operation under way.
struct Running {
    key: u64,
    /// Counted where it is a member's and goes on for as long as the member likes.
    subscription: Option<Held<Uuid>>,
    _task: AbortOnDropHandle<()>,
}

/// What an operation runs for.
pub struct Asker<E> {
    /// What executes it.
    pub api: Arc<Api<E>>,
    /// For whom.
    pub viewer: Viewer,
    /// Where the socket's client is.
    pub peer: Peer,
    /// The socket's, for the log.
    pub request_id: Arc<str>,
}

/// Why an operation does not start.
pub enum NotStarted {
    /// The socket has to be closed for it.
    Close(Close),
    /// The client is told.
    Refused(Answer),
}

impl Default for Operations {
    fn default() -> Self {
        let (outbox, items) = Outbox::new();
        Self {
            running: HashMap::new(),
            keys: 0,
            outbox,
            items,
        }
    }
}

impl Operations {
    /// Starts an operation, within the limits.
    pub fn start<E: Executor>(
        &mut self,
        asker: Asker<E>,
        id: String,
        mut request: Box<Request>,
    ) -> Result<(), NotStarted> {
        if self.running.contains_key(&id) {
            return Err(NotStarted::Close(Close::duplicate(&id)));
        }
        let Asker { api, viewer, .. } = asker;
        let most = api.limits.max_socket_operations;
        if u32::try_from(self.running.len()).is_ok_and(|running| running >= most) {
            let text = RequestText::TooManyOperations { limit: most };
            return Err(NotStarted::Refused(Answer::because(text)));
        }
        let admitted = api.admit(&mut request);
        let is_subscription = admitted
            .as_ref()
            .is_ok_and(|admitted| admitted.kind == OperationType::Subscription);
        let subscription = match viewer.id() {
            Some(member) if is_subscription => Some(subscription(&api, member)?),
            _ => None,
        };
        self.keys += 1;
        let operation = Operation {
            api,
            viewer,
            peer: asker.peer,
            id: id.clone(),
            key: self.keys,
            request_id: asker.request_id,
            outbox: self.outbox.clone(),
        };
        let running = Running {
            key: self.keys,
            subscription,
            _task: AbortOnDropHandle::new(tokio::spawn(operation.run(request, admitted))),
        };
        self.running.insert(id, running);
        Ok(())
    }

    /// The next message of any of them.
    pub async fn next(&mut self) -> Option<Waiting> {
        self.items.recv().await.map(|waiting| *waiting)
    }

    /// Whether the item is still waited for: what was completed meanwhile is not sent any more.
    pub fn accept(&mut self, item: &Item) -> bool {
        let running = self.running.get(&item.id);
        let awaited = running.is_some_and(|running| running.key == item.key);
        if awaited && matches!(item.said, Said::Last(_)) {
            self.running.remove(&item.id);
        }
        awaited
    }

    /// Stops one, if it is under way.
    pub fn stop(&mut self, id: &str) {
        self.running.remove(id);
    }

    /// Stops all.
    pub fn stop_all(&mut self) {
        self.running.clear();
    }

    /// Stops what would go on for as long as the client likes.
    pub fn stop_subscriptions(&mut self) {
        self.running
            .retain(|_, running| running.subscription.is_none());
    }

    /// Whether none is under way.
    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }
}

fn subscription<E: Executor>(api: &Api<E>, member: Uuid) -> Result<Held<Uuid>, NotStarted> {
    let most = api.limits.max_subscriptions_per_member;
    let text = RequestText::TooManySubscriptions { limit: most };
    let held = api.subscriptions.take(member, most);
    held.ok_or_else(|| NotStarted::Refused(Answer::because(text)))
}
