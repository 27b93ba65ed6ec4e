//! Events between servers, over NATS: a wake-up each, by who it concerns, with the
//! place of the primary's log after it. The database is the
//! truth; what NATS loses, or does not carry while it is away, is found there.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use anyhow::ensure;
use async_nats::{Client, ConnectOptions, Event as State};
use futures_util::StreamExt;
use tokio::{sync::mpsc, task::JoinHandle, time::MissedTickBehavior};
use uuid::Uuid;

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
    ensure!(
        !prefix.is_empty()
            && prefix
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'),
        "--nats-prefix is of letters, digits, - and _, for example ashiato"
    );
    let heard = events.clone();
    let connecting = ConnectOptions::new()
        .name("ashiato")
        .no_echo()
        .retry_on_initial_connect()
        .reconnect_delay_callback(|_| PAUSE)
        .event_callback(move |state| {
            hear(&heard, &state);
            std::future::ready(())
        })
        .connect(url);
    let client = connecting.await.map_err(|error| {
        anyhow::anyhow!(
            "cannot use the NATS server of --nats-url ({error}): write one such as \
             nats://localhost:4222"
        )
    })?;
    let (sender, told) = mpsc::channel(QUEUE);
    events.link(sender);
    let carrier = Carrier {
        client,
        events: events.clone(),
        prefix: prefix.to_owned(),
        followed: HashMap::new(),
    };
    Ok(tokio::spawn(carrier.run(told, stop)))
}

/// What NATS says of itself.
fn hear(events: &Events, state: &State) {
    match state {
        State::Connected => {
            tracing::info!("NATS carries events");
            events.set_linked(true);
            // What happened meanwhile nobody told.
            events.publish_all();
        }
        State::Disconnected | State::Closed => {
            tracing::warn!("NATS is away: other servers' events come with a delay");
            events.set_linked(false);
        }
        State::SlowConsumer(_) => events.publish_all(),
        other => tracing::debug!(%other, "NATS"),
    }
}

struct Carrier {
    client: Client,
    events: Events,
    prefix: String,
    followed: HashMap<Event, AbortOnDropHandle<()>>,
}

impl Carrier {
    async fn run(mut self, mut told: mpsc::Receiver<Told>, stop: CancellationToken) {
        let hearing = hear_changes(
            self.client.clone(),
            changes(&self.prefix),
            self.events.clone(),
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
                        self.make_up().await;
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

    /// Has the others forget everything, where they were not told of a change.
    async fn make_up(&self) {
        if self.events.is_linked() && self.events.take_untold() {
            // Nobody can read this: it may be anything.
            let publish = self.client.publish(changes(&self.prefix), "all".into());
            if !matches!(tokio::time::timeout(PAUSE, publish).await, Ok(Ok(()))) {
                self.events.not_told(&Told::Published(
                    Event::Changed(Object::User(Uuid::nil())),
                    Lsn::NEWEST,
                ));
            }
        }
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
        let following = follow(self.client.clone(), self.subject(event), {
            let events = self.events.clone();
            move |lsn| events.wake(event, lsn)
        });
        let task = AbortOnDropHandle::new(tokio::spawn(following));
        self.followed.insert(event, task);
    }

    async fn carry(&mut self, told: Told) {
        match told {
            // While NATS is away nobody would hear of it in time, and what waits would be lost.
            Told::Published(..) if !self.events.is_linked() => self.events.not_told(&told),
            Told::Published(event, lsn) => {
                let payload = match event {
                    Event::Changed(object) => serde_json::to_vec(&object).unwrap_or_default(),
                    _ => lsn.to_text().into_bytes(),
                };
                let publish = self.client.publish(self.subject(event), payload.into());
                if !matches!(tokio::time::timeout(PAUSE, publish).await, Ok(Ok(()))) {
                    self.events.not_told(&told);
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
            Event::SessionEnded(member) => {
                format!("{prefix}.session.{}.{}", member.id, member.session)
            }
            Event::Changed(_) => changes(prefix),
        }
    }
}

/// What has changed, whatever it is: each server may have kept it.
fn changes(prefix: &str) -> String {
    format!("{prefix}.changed")
}

/// Forgets what other servers say that they have changed.
async fn hear_changes(client: Client, subject: String, events: Events) {
    match client.subscribe(subject).await {
        Ok(mut messages) => {
            // What changed before NATS heard of this nobody told.
            let _ = client.flush().await;
            events.publish_all();
            while let Some(message) = messages.next().await {
                match serde_json::from_slice(&message.payload) {
                    Ok(object) => events.wake(Event::Changed(object), Lsn::NEWEST),
                    // Of another version, perhaps: it may be anything.
                    Err(_) => events.publish_all(),
                }
            }
        }
        Err(error) => tracing::warn!(%error, "cannot subscribe on NATS"),
    }
}

/// Calls `wake` for whatever comes under `subject`, with the place in the log that it bears.
async fn follow(client: Client, subject: String, wake: impl Fn(Lsn)) {
    match client.subscribe(subject).await {
        Ok(mut messages) => {
            // Between the watch and NATS' hearing of it something may have happened.
            let _ = client.flush().await;
            wake(Lsn::NEWEST);
            while let Some(message) = messages.next().await {
                wake(Lsn::from_text(&message.payload));
            }
        }
        Err(error) => tracing::warn!(%error, "cannot subscribe on NATS"),
    }
}
