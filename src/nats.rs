//! Events between servers, over NATS: a wake-up each, by who it concerns, with the
//! place of the primary's log after it. The database is the
//! truth; what NATS loses, or does not carry while it is away, is found there.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use anyhow::{Context, ensure};
use async_nats::{Client, ConnectError, ConnectOptions, Event as State, RequestErrorKind};
use futures_util::StreamExt;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, MissedTickBehavior},
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{
    cache::Object,
    events::{Event, Events, Told},
    lsn::Lsn,
};

/// Events that wait for NATS: what comes on top is not told.
const QUEUE: usize = 10_000;
/// How long it waits before it tries NATS again.
const PAUSE: Duration = Duration::from_millis(250);
/// How often what is followed is compared with what is waited for.
const SETTLE: Duration = Duration::from_secs(1);

/// Links `events` with those of the other servers at the NATS of `url`, until `stop`. NATS need not
/// be there yet.
///
/// # Errors
/// A sentence that says what to change, where the URL or the prefix cannot be one.
pub async fn link(
    events: &Events,
    url: &str,
    prefix: &str,
    stop: CancellationToken,
) -> anyhow::Result<JoinHandle<()>> {
    check_prefix(prefix)?;
    let (connected, connection) = watch::channel(false);
    let heard = events.clone();
    let connecting = ConnectOptions::new()
        .name("ashiato")
        .no_echo()
        .retry_on_initial_connect()
        .reconnect_delay_callback(|_| PAUSE)
        .event_callback(move |state| {
            hear(&heard, &state, &connected);
            std::future::ready(())
        })
        .connect(url);
    let client = connecting.await.map_err(cannot_use)?;
    let (sender, told) = mpsc::channel(QUEUE);
    events.link(sender);
    let carrier = Carrier {
        client,
        events: events.clone(),
        connection,
        prefix: prefix.to_owned(),
        followed: HashMap::new(),
    };
    Ok(tokio::spawn(carrier.run(told, stop)))
}

fn check_prefix(prefix: &str) -> anyhow::Result<()> {
    ensure!(
        !prefix.is_empty()
            && prefix
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'),
        "--nats-prefix is of letters, digits, - and _, for example ashiato"
    );
    Ok(())
}

fn cannot_use(error: ConnectError) -> anyhow::Error {
    anyhow::anyhow!(
        "cannot use the NATS server of --nats-url ({error}): write one such as nats://localhost:4222"
    )
}

/// How long a message takes to the NATS of `url` and back, below `prefix`.
///
/// # Errors
/// A sentence that says what is wrong. Who does not answer at all is waited for.
pub async fn round_trip(url: &str, prefix: &str) -> anyhow::Result<Duration> {
    check_prefix(prefix)?;
    let connecting = ConnectOptions::new().name("ashiato doctor").connect(url);
    let client = connecting.await.map_err(cannot_use)?;
    let subject = format!("{prefix}.doctor.{}", client.new_inbox());
    let mut messages = client.subscribe(subject.clone()).await?;
    let began = Instant::now();
    client.publish(subject, "".into()).await?;
    client.flush().await?;
    messages.next().await.context("NATS broke off")?;
    Ok(began.elapsed())
}

/// What NATS says of itself.
fn hear(events: &Events, state: &State, connected: &watch::Sender<bool>) {
    match state {
        State::Connected => {
            tracing::info!("NATS carries events");
            events.set_linked(true);
            // What happened meanwhile nobody told.
            events.publish_all();
            connected.send_replace(true);
        }
        State::Disconnected | State::Closed => {
            tracing::warn!("NATS is away: other servers' events come with a delay");
            events.set_linked(false);
            connected.send_replace(false);
        }
        State::SlowConsumer(_) => events.publish_all(),
        other => tracing::debug!(%other, "NATS"),
    }
}

struct Carrier {
    client: Client,
    events: Events,
    /// Whether there is one.
    connection: watch::Receiver<bool>,
    prefix: String,
    followed: HashMap<Event, AbortOnDropHandle<()>>,
}

impl Carrier {
    async fn run(mut self, mut told: mpsc::Receiver<Told>, stop: CancellationToken) {
        let hearing = hear_changes(
            self.client.clone(),
            self.prefix.clone(),
            self.events.clone(),
            self.connection.clone(),
        );
        let _hearing = AbortOnDropHandle::new(tokio::spawn(hearing));
        let mut settle = tokio::time::interval(SETTLE);
        settle.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let carrying = async {
            loop {
                tokio::select! {
                    told = told.recv() => match told {
                        Some(told) => self.carry(told).await,
                        None => return,
                    },
                    _ = settle.tick() => {
                        self.settle();
                        if self.events.is_linked() && let Some(told) = self.events.owed() {
                            self.carry(told).await;
                        }
                    }
                }
            }
        };
        stop.run_until_cancelled(carrying).await;
        // What was told before the end, as far as NATS is there to take it.
        while let Ok(told) = told.try_recv() {
            self.carry(told).await;
        }
        let _ = tokio::time::timeout(PAUSE, self.client.flush()).await;
        self.events.set_linked(false);
    }

    /// Follows what is waited for, and nothing else: of what was told, some may have been lost.
    fn settle(&mut self) {
        let watched: HashSet<_> = self
            .events
            .watched()
            .into_iter()
            .map(|(event, _)| event)
            .collect();
        self.followed
            .retain(|event, following| watched.contains(event) && !following.is_finished());
        for event in watched {
            self.follow(event);
        }
    }

    fn follow(&mut self, event: Event) {
        if self.followed.contains_key(&event) {
            return;
        }
        let events = self.events.clone();
        let (client, subject) = (self.client.clone(), self.subject(event));
        let following = follow(client, self.prefix.clone(), subject, move |lsn| {
            events.wake(event, lsn);
        });
        let task = AbortOnDropHandle::new(tokio::spawn(following));
        self.followed.insert(event, task);
    }

    async fn carry(&mut self, told: Told) {
        match told {
            // While NATS is away nobody would hear of it in time, and what waits would be lost.
            Told::Published(..) if !self.events.is_linked() => self.events.not_told(told),
            Told::Published(event, lsn) => {
                let payload = match event {
                    Event::Changed(object) => serde_json::to_vec(&object).unwrap_or_default(),
                    _ => lsn.to_text().into_bytes(),
                };
                let publish = self.client.publish(self.subject(event), payload.into());
                if !matches!(tokio::time::timeout(PAUSE, publish).await, Ok(Ok(()))) {
                    self.events.not_told(told);
                }
            }
            Told::Watched(event) => self.follow(event),
            Told::Forgotten(event) => {
                self.followed.remove(&event);
            }
        }
    }

    fn subject(&self, event: Event) -> String {
        let prefix = &self.prefix;
        match event {
            Event::FootprintLeft(user) => format!("{prefix}.footprint.{user}"),
            Event::FriendRequestReceived(user) => format!("{prefix}.request.{user}"),
            Event::DiaryCommented(user) => format!("{prefix}.comment.{user}"),
            Event::Notified(user) => format!("{prefix}.notification.{user}"),
            Event::SessionEnded(member) => {
                format!("{prefix}.session.{}.{}", member.id, member.session)
            }
            Event::AbsencesChanged => format!("{prefix}.absences"),
            Event::Changed(_) => changes(prefix),
        }
    }
}

/// What has changed, whatever it is: each server may have kept it.
fn changes(prefix: &str) -> String {
    format!("{prefix}.changed")
}

/// Waits until NATS has taken all that was said before. (To flush is only to send.) Says whether it has.
async fn has_heard(client: &Client, prefix: &str) -> bool {
    // Nobody answers there, and NATS says so.
    match client.request(format!("{prefix}.nobody"), "".into()).await {
        Ok(_) => true,
        Err(error) => error.kind() == RequestErrorKind::NoResponders,
    }
}

/// Forgets what other servers say that they have changed. Until NATS has taken the subscription,
/// again after each time that it was away, nothing is kept.
async fn hear_changes(
    client: Client,
    prefix: String,
    events: Events,
    mut connection: watch::Receiver<bool>,
) {
    let mut messages = match client.subscribe(changes(&prefix)).await {
        Ok(messages) => messages,
        Err(error) => {
            tracing::warn!(%error, "cannot subscribe on NATS: nothing is kept");
            return;
        }
    };
    // It may be there already.
    connection.mark_changed();
    loop {
        tokio::select! {
            changed = connection.changed() => {
                if changed.is_err() {
                    return;
                }
                let is_there = *connection.borrow_and_update();
                if is_there && !has_heard(&client, &prefix).await {
                    tokio::time::sleep(PAUSE).await;
                    connection.mark_changed();
                    continue;
                }
                // Where it went meanwhile, this is the next turn.
                events.set_hearing(is_there);
            }
            message = messages.next() => {
                let Some(message) = message else { return };
                // What cannot be read, as of another version, may be anything.
                let object = serde_json::from_slice(&message.payload);
                let object = object.unwrap_or(Object::Everything);
                events.wake(Event::Changed(object), Lsn::NEWEST);
            }
        }
    }
}

/// Calls `wake` for whatever comes under `subject`, with the place in the log that it bears.
async fn follow(client: Client, prefix: String, subject: String, wake: impl Fn(Lsn)) {
    match client.subscribe(subject).await {
        Ok(mut messages) => {
            // Between the watch and NATS' hearing of it something may have happened.
            has_heard(&client, &prefix).await;
            wake(Lsn::NEWEST);
            while let Some(message) = messages.next().await {
                wake(Lsn::from_text(&message.payload));
            }
        }
        Err(error) => tracing::warn!(%error, "cannot subscribe on NATS"),
    }
}
