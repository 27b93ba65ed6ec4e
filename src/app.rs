//! The composition root: what every part of a running service shares.

use std::{fmt::Debug, sync::Arc};

use crate::{
    account::password::Passwords,
    cache::Cache,
    clock::{Clock, SystemClock},
    config::Rules,
    database::{Database, OnStatement, Place},
    events::Events,
    footprint::visit::Lines,
    ids::Ids,
};

/// A running service, but for its transports.
#[derive(Debug)]
pub struct App {
    /// Where everything is kept.
    pub database: Database,
    /// What is kept of what was read.
    pub cache: Cache,
    /// What happened.
    pub events: Events,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Names of new things, and secrets.
    pub ids: Ids,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Where visits wait to be carried out together.
    pub visits: Lines,
    /// The domain's figures.
    pub rules: Rules,
}

/// What an [`App`] is made from.
pub struct Parts {
    /// Where the database is.
    pub database: Place,
    /// The domain's figures.
    pub rules: Rules,
    /// What is kept of what is read: nothing, where nothing else is said.
    pub cache: Cache,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Is told of every statement.
    pub on_statement: Option<OnStatement>,
}

impl Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

impl Parts {
    /// The parts of a service that is not under test.
    pub fn new(database: Place, rules: Rules) -> Self {
        Self {
            database,
            rules,
            cache: Cache::default(),
            clock: Arc::new(SystemClock),
            on_statement: None,
        }
    }
}

impl App {
    /// Opens the database and puts the parts together.
    ///
    /// # Errors
    /// See [`Database::open`].
    pub async fn open(parts: Parts) -> anyhow::Result<Arc<Self>> {
        let events = Events::with(parts.cache.clone());
        let ids = Ids::new(rand::make_rng::<rand::rngs::StdRng>());
        Ok(Arc::new(Self {
            database: Database::open(&parts.database, events.clone(), parts.on_statement).await?,
            passwords: Passwords::new(&ids)?,
            visits: Lines::default(),
            ids,
            cache: parts.cache,
            events,
            clock: parts.clock,
            rules: parts.rules,
        }))
    }
}
