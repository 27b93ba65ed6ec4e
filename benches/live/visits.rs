//! Visits at a steady rate, whatever the answers take, and how they arrive.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;
use rand::{SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

use crate::{
    Args, bar,
    place::{Member, Place},
    service::{Connection, Service, post},
    sockets::Sockets,
};

/// How long the last footprints may take.
const LATE: Duration = Duration::from_secs(10);
const DOCUMENT: &str = "mutation($username: String!) { visitProfile(input: { username: $username }) \
     { user { username nickname } userErrors { code } } }";

/// What came of the visits.
#[derive(Debug)]
pub struct Visited {
    /// How many visits there were.
    pub sent: usize,
    /// How many a second.
    pub rate: u32,
    /// From when a visit was due to be sent to the footprint's arrival, in microseconds.
    pub arrival: Histogram<u64>,
    /// The same to the visitor's answer.
    pub answer: Histogram<u64>,
    /// How many were not carried out, and what the last of these was told.
    pub failed: usize,
    pub failure: Option<String>,
    /// Processor seconds that the service used for each second of them.
    pub load: f64,
}

/// Connections that are not in use.
type Pool = Arc<Mutex<Vec<Connection>>>;

/// Sends them, and waits for what arrives.
///
/// # Errors
/// Where a socket ends.
pub async fn send(
    args: &Args,
    service: &Service,
    place: &Place,
    sockets: &mut Sockets,
) -> Result<Visited> {
    let (rate, pool) = (args.rate(), Pool::default());
    let count = usize::try_from(rate * args.seconds)?;
    let bar = bar(count, "visits")?;
    let mut chance = ChaCha8Rng::seed_from_u64(2);
    let mut due_by_pair = HashMap::new();
    let mut answers = JoinSet::new();
    let mut arrival = Histogram::new(3)?;
    let mut ticks = interval(Duration::from_secs(1) / rate);
    // A tick that was missed is made up for at once: the rate is kept.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (began, used) = (Instant::now(), service.seconds()?);
    // Each visits once, or rarely, and nobody the same profile twice.
    let mut visitors = place.members.iter().cycle();
    while due_by_pair.len() < count {
        tokio::select! {
            due = ticks.tick() => {
                let visitor = visitors.next().context("nobody visits")?;
                let owner = sockets.owners.choose(&mut chance).context("nobody is visited")?;
                let pair = (visitor.username.clone(), owner.username.clone());
                if visitor.username == owner.username || due_by_pair.contains_key(&pair) {
                    ticks.reset_immediately();
                    continue;
                }
                due_by_pair.insert(pair, due.into_std());
                bar.inc(1);
                let visit = visit(service.address.clone(), pool.clone(), visitor.clone(), owner.clone());
                answers.spawn(async move {
                    visit.await?;
                    anyhow::Ok(due.into_std().elapsed())
                });
            }
            arrived = sockets.arrivals.recv() => {
                let arrived = arrived.context("no socket is open")??;
                let due = due_by_pair.get(&(arrived.visitor, arrived.owner));
                arrival.record(micros(arrived.at - *due.context("nobody visited")?)?)?;
            }
        }
    }
    bar.finish();
    let load = (service.seconds()? - used) / began.elapsed().as_secs_f64();
    while arrival.len() < u64::try_from(count)? {
        let Ok(arrived) = timeout(LATE, sockets.arrivals.recv()).await else {
            break;
        };
        let arrived = arrived.context("no socket is open")??;
        let due = due_by_pair.get(&(arrived.visitor, arrived.owner));
        arrival.record(micros(arrived.at - *due.context("nobody visited")?)?)?;
    }
    let mut answer = Histogram::new(3)?;
    let (mut failed, mut failure) = (0, None);
    while let Some(answered) = answers.join_next().await {
        match answered? {
            Ok(time) => answer.record(micros(time)?)?,
            Err(error) => {
                failed += 1;
                failure = Some(error.to_string());
            }
        }
    }
    Ok(Visited {
        sent: count,
        rate,
        arrival,
        answer,
        failed,
        failure,
        load,
    })
}

fn micros(time: Duration) -> Result<u64> {
    Ok(u64::try_from(time.as_micros())?)
}

/// One visit, over a connection that is free, or a new one.
async fn visit(address: String, pool: Pool, visitor: Member, owner: Member) -> Result<()> {
    let body = json!({ "query": DOCUMENT, "variables": { "username": owner.username } });
    let idle = lock(&pool).pop();
    let mut connection = match idle {
        Some(connection) => connection,
        None => crate::service::connect(&address).await?,
    };
    let answer = post(&mut connection, &visitor.token, body.to_string()).await?;
    let said: Value = serde_json::from_slice(&answer)?;
    let user = said.pointer("/data/visitProfile/user/username");
    ensure!(
        user.and_then(Value::as_str) == Some(&owner.username),
        "a visit was refused: {said}"
    );
    lock(&pool).push(connection);
    Ok(())
}

fn lock(pool: &Pool) -> MutexGuard<'_, Vec<Connection>> {
    pool.lock().unwrap_or_else(PoisonError::into_inner)
}
