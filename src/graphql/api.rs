//! The schema with what stands around it, whatever transport a request comes by.

use std::{future::ready, num::NonZeroU32, panic::AssertUnwindSafe, sync::Arc};

use async_graphql::{Executor, Request, Response, parser::types::OperationType};
use entity::values::Device;
use futures_util::{
    FutureExt, Stream, StreamExt,
    stream::{self, BoxStream},
};
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use super::{
    answer::{Answer, failed},
    bearer::bearer,
    committed::Committed,
    failure::Failure,
    guard::{Admitted, Guard, Refusal},
    http::multipart::room::ROOM,
    mock::{Fault, Mock},
    paid::{Payer, paid},
    peer::{Peer, Peers},
    points::{self, Points},
    quota::Quota,
    whole::{Interrupted, whole},
};
use crate::{
    account::{door::Door, session, writes::Writing},
    app::App,
    budget::Budget,
    clock::day_in_japan,
    config::{Deadlines, Limits, Transport},
    error::Error,
    live::{delivery::Delivery, turns::Turns},
    loaders::Loaders,
    lsn::Lsn,
    usage::tally::Deeds,
    viewer::{Caller, Viewer},
};

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
    /// Who asks, as far as that can be told from outside.
    pub peers: Peers,
    /// The subscriptions that are under way.
    pub subscriptions: Quota<Uuid>,
    /// The requests with files that are being taken.
    pub uploads: Quota<Uuid>,
    /// The room for the files that are being taken, each of as much as [`ROOM`].
    pub upload_room: Arc<Semaphore>,
    /// Where those who sign in come by.
    door: Arc<Door>,
    /// What everybody has left for operations.
    points: Arc<Points>,
    /// What the feeds of all subscriptions take turns by.
    turns: Turns,
    /// What goes wrong on purpose, if anything.
    pub mock: Option<Mock>,
    executor: E,
    guard: Guard,
}

impl<E: Executor> Api<E> {
    /// Puts `executor`, whose schema is `sdl`, behind a guard, for `transport`.
    ///
    /// # Errors
    /// Where `sdl` is no schema.
    pub fn new(
        app: Arc<App>,
        executor: E,
        sdl: &str,
        transport: Transport,
    ) -> anyhow::Result<Self> {
        let Transport {
            limits,
            deadlines,
            proxies,
            profile,
            mock,
            ..
        } = transport;
        Ok(Self {
            door: Arc::new(Door::new(app.clone(), &limits)),
            points: Arc::new(Points::new(app.clock.clone(), &limits)),
            peers: Peers::new(proxies),
            app,
            upload_room: Arc::new(Semaphore::new(
                (usize::try_from(limits.max_upload_bytes).unwrap_or(usize::MAX) / ROOM).max(1),
            )),
            uploads: Quota::default(),
            guard: Guard::new(sdl, limits.clone())?.introspecting(profile.introspects()),
            limits,
            deadlines,
            stop: CancellationToken::new(),
            sockets: TaskTracker::new(),
            subscriptions: Quota::default(),
            turns: Turns::default(),
            mock: Mock::new(&mock, rand::make_rng::<rand::rngs::StdRng>()),
            executor,
        })
    }

    /// Who comes with this `Authorization`: a header's value, or a socket's.
    ///
    /// # Errors
    /// [`Error::InvalidToken`] where it is not a bearer token of a living session.
    pub async fn caller(&self, authorization: Option<&[u8]>) -> Result<Caller, Error> {
        let token = match authorization {
            None => None,
            Some(value) => Some(bearer(value).ok_or(Error::InvalidToken)?),
        };
        session::caller(&self.app, token).await
    }

    /// Checks the document, and says what operation will run.
    ///
    /// # Errors
    /// Why it must not.
    pub fn admit(&self, request: &mut Request) -> Result<Admitted, Refusal> {
        self.guard.check(request)
    }

    /// Takes the `cost` of an operation of `caller` at `peer`, and has it told to who asks.
    fn charge(
        &self,
        request: Request,
        cost: NonZeroU32,
        caller: Caller,
        peer: &Peer,
    ) -> Result<Request, Error> {
        let left = self.points.charge(caller.viewer, peer.network(), cost)?;
        Ok(match left {
            Some(left) => request.data(left),
            None => request,
        })
    }

    /// Executes an admitted operation, a query or a mutation, for `caller` at `peer`.
    ///
    /// # Errors
    /// An answer in its place, where it is not paid for, took too long or broke.
    pub async fn execute(
        &self,
        request: Request,
        admitted: Admitted,
        caller: Caller,
        peer: Peer,
        request_id: &str,
    ) -> Result<Answer, Failure> {
        let fault = match &self.mock {
            Some(mock) => mock.meet().await,
            None => None,
        };
        let is_mutation = admitted.kind == OperationType::Mutation;
        if let Some(fault) = fault.filter(|fault| !is_mutation || *fault != Fault::TooLong) {
            return Err(fault.into());
        }
        let request = self.charge(request, admitted.cost, caller, &peer);
        let request = request.map_err(Failure::Throttled)?;
        let request = request.data(peer.language);
        let device = peer.device;
        if !is_mutation {
            let (answer, _) = self.run(request, caller, request_id).await?;
            self.count(caller.viewer, device, Deeds::READING);
            return Ok(answer);
        }
        if admitted.acts && self.app.is_leaving(caller.viewer) {
            return Err(Failure::NotTheirs(Error::Leaving));
        }
        let entrance = self.door.entrance(peer.network());
        let request = request.data(entrance).data(peer);
        let writing = match caller.viewer {
            Viewer::Member(member) => Writing::begin(&self.app, member)
                .await
                .map_err(Failure::NotBegun)?,
            Viewer::Anonymous => None,
        };
        // What it wrote itself is in its answer.
        let caller = Caller {
            wrote: Lsn::NEWEST,
            ..caller
        };
        // Where it was given up, it may be writing still.
        let (answer, deeds) = self.run(request, caller, request_id).await?;
        self.count(caller.viewer, device, deeds);
        if let Some(writing) = writing {
            writing.end().await;
        }
        match fault {
            // It was carried out, and nobody hears of it.
            Some(fault) => Err(fault.into()),
            None => Ok(answer),
        }
    }

    /// Counts an operation that was carried out.
    fn count(&self, viewer: Viewer, device: Device, done: Deeds) {
        let day = day_in_japan(self.app.clock.now());
        self.app.usage.count(viewer.id(), day, device, done);
    }

    async fn run(
        &self,
        request: Request,
        caller: Caller,
        request_id: &str,
    ) -> Result<(Answer, Deeds), Failure> {
        let budget = self.budget();
        let loaders = Loaders::within(self.app.clone(), caller, budget.clone());
        let committed = Committed::default();
        let request = request.data(loaders).data(committed.clone());
        let execution = AssertUnwindSafe(self.executor.execute(request));
        let execution = async {
            tokio::select! {
                biased;
                () = budget.spent() => None,
                executed = execution.catch_unwind() => Some(executed),
            }
        };
        match timeout(self.deadlines.execution_timeout, execution).await {
            Ok(_) if budget.is_spent() => Err(Failure::TooLarge(budget.error())),
            Ok(Some(Ok(mut response))) => {
                committed.settle(&mut response);
                Ok((Answer::new(response, request_id), committed.deeds()))
            }
            Ok(_) => Err(Failure::Broken),
            Err(_) => {
                tracing::warn!(request_id, "an operation took too long");
                Err(Failure::TooLong)
            }
        }
    }

    /// Starts an admitted subscription for `caller` at `peer`, whose events come while there is `room`
    /// for them, and are paid for. An event has as long as a query to be whole. What is not paid for
    /// ends with an error.
    pub fn subscribe(
        &self,
        request: Request,
        admitted: Admitted,
        caller: Caller,
        peer: &Peer,
        room: Arc<Semaphore>,
    ) -> BoxStream<'static, Result<Response, Interrupted>> {
        let cost = points::of_a_start(admitted.cost);
        let request = match self.charge(request, cost, caller, peer) {
            Ok(request) => request,
            Err(error) => return stream::once(ready(Ok(failed(error)))).boxed(),
        };
        self.count(caller.viewer, peer.device, Deeds::default());
        let budget = self.budget();
        let delivery = Delivery::new(self.turns.line(caller.viewer.id()), room);
        let (app, budgeted) = (self.app.clone(), budget.clone());
        // An event's word can overtake that of the change behind it: nothing here is what was kept.
        let caller = Caller {
            reads_kept: false,
            ..caller
        };
        let loaders = Loaders::within(app, caller, budgeted);
        let request = request
            .data(loaders)
            .data(delivery.clone())
            .data(peer.language);
        let stream = self.executor.execute_stream(request, None);
        // What panics ends with an error, as elsewhere.
        let events = AssertUnwindSafe(stream)
            .catch_unwind()
            .map(|item| item.unwrap_or_else(|_| failed(Error::internal("a panic"))));
        let events = within(budget, events.boxed()).boxed();
        let events = whole(events, delivery, self.deadlines.execution_timeout);
        let payer = Payer::of_each(&self.points, caller.viewer, peer.network(), admitted.cost);
        let events = paid(payer, events.boxed());
        match self.mock.clone() {
            Some(mock) => mock.events(events),
            None => events,
        }
    }

    fn budget(&self) -> Arc<Budget> {
        Arc::new(Budget::new(self.limits.max_response_bytes))
    }
}

/// `events`, each of which has the budget anew. The first that is too large ends them.
fn within(
    budget: Arc<Budget>,
    events: BoxStream<'static, Response>,
) -> impl Stream<Item = Response> + Send + 'static {
    stream::unfold(Some((budget, events)), async |state| {
        let (budget, mut events) = state?;
        let event = tokio::select! {
            biased;
            () = budget.spent() => None,
            event = events.next() => Some(event?),
        };
        match event {
            Some(event) if !budget.is_spent() => {
                budget.refill();
                Some((event, Some((budget, events))))
            }
            _ => Some((failed(budget.error()), None)),
        }
    })
}
