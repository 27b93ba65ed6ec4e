//! A service with a database of its own, and the people in it.

pub mod account;
mod operator;
mod person;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{backend::Fresh, clock::ManualClock, keys, outbox::Outbox, sql};
use ashiato::{
    account::{
        service::{self, NewUser},
        session::{self, Token},
    },
    app::{App, Parts},
    cache::Cache,
    config::Rules,
    graphql::schema::{self, Schema},
    payment::Payments,
    user::loader::id_by_username,
    viewer::{Member, Viewer},
};
use futures_util::{Stream, StreamExt};
pub use person::Person;
use sea_orm::Statement;
use uuid::Uuid;

/// A service on a database of its own, whose clock stands at noon in Japan until it is moved.
pub struct World {
    pub app: Arc<App>,
    pub clock: Arc<ManualClock>,
    schema: Schema,
    statements: Arc<Statements>,
    pub url: String,
    pub database: Arc<Fresh>,
}

/// A cache in which everything lives longer than any test.
pub fn kept() -> Cache {
    Cache::new(16, Duration::from_secs(3600))
}

/// Whether `sql` says whose a token is.
fn finds_session(sql: &str) -> bool {
    let at_once = sql.ends_with("FROM session_tokens AS t WHERE t.token_hash = ANY($1)");
    at_once || sql.starts_with("SELECT \"session_tokens\"") && sql.contains("\"token_hash\" = ")
}

/// Whether `sql` keeps that a session was used, which happens beside a request.
fn keeps_use(sql: &str) -> bool {
    sql.contains("used_at = $")
        || sql.ends_with("AND session_id = $2 ORDER BY token_hash FOR UPDATE")
}

/// What the database was asked.
#[derive(Default)]
struct Statements {
    count: AtomicUsize,
    uses: AtomicUsize,
    all: Mutex<Vec<Statement>>,
}

impl World {
    pub async fn new() -> Self {
        Self::with(Rules::default()).await
    }

    pub async fn with(rules: Rules) -> Self {
        // Every test holds with the cache, too, but those that count statements or rows.
        let cache = match std::env::var_os("ASHIATO_TEST_CACHE") {
            Some(_) => kept(),
            None => Cache::default(),
        };
        Self::made(rules, cache, Outbox::default()).await
    }

    /// With its short messages in `outbox`.
    pub async fn sending(rules: Rules, outbox: Outbox) -> Self {
        Self::made(rules, Cache::default(), outbox).await
    }

    /// Whose plans are paid at `payments`.
    pub async fn paying(rules: Rules, payments: Arc<dyn Payments>) -> Self {
        let clock = ManualClock::at("2006-05-01T03:00:00Z");
        let database = Arc::new(Fresh::new().await);
        let mut parts = Parts::new(database.place(), rules);
        parts.payments = payments;
        Self::on(database, parts, clock).await
    }

    /// Another service beside it, by these rules.
    pub async fn paying_as(&self, rules: Rules, payments: Arc<dyn Payments>) -> Self {
        let mut parts = Parts::new(self.database.place(), rules);
        parts.payments = payments;
        Self::on(self.database.clone(), parts, self.clock.clone()).await
    }

    /// Without a cache: where every statement is counted.
    pub async fn uncached() -> Self {
        Self::sending(Rules::default(), Outbox::default()).await
    }

    /// With a cache that forgets nothing by itself.
    pub async fn cached() -> Self {
        Self::made(Rules::default(), kept(), Outbox::default()).await
    }

    async fn made(rules: Rules, cache: Cache, outbox: Outbox) -> Self {
        let clock = ManualClock::at("2006-05-01T03:00:00Z");
        let database = Arc::new(Fresh::new().await);
        let mut parts = Parts::new(database.place(), rules);
        (parts.cache, parts.sms) = (cache, Arc::new(outbox));
        Self::on(database, parts, clock).await
    }

    /// Another service, on the same database at the same time, without a cache.
    pub async fn beside(&self) -> Self {
        self.beside_with(self.app.rules.clone()).await
    }

    /// The same with other rules.
    pub async fn beside_with(&self, rules: Rules) -> Self {
        let parts = Parts::new(self.database.place(), rules);
        Self::on(self.database.clone(), parts, self.clock.clone()).await
    }

    async fn on(database: Arc<Fresh>, parts: Parts, clock: Arc<ManualClock>) -> Self {
        let statements = Arc::new(Statements::default());
        let counted = statements.clone();
        let app = App::open(Parts {
            keys: keys(),
            clock: clock.clone(),
            on_statement: Some(Arc::new(move |info| {
                sql::hold(info.statement);
                // The look-up of the session comes before a request.
                if finds_session(&info.statement.sql) {
                    return;
                }
                if keeps_use(&info.statement.sql) {
                    let writes = info.statement.sql.starts_with("UPDATE sessions");
                    counted.uses.fetch_add(writes.into(), Ordering::SeqCst);
                    return;
                }
                counted.count.fetch_add(1, Ordering::SeqCst);
                counted.all.lock().unwrap().push(info.statement.clone());
            })),
            ..parts
        })
        .await
        .unwrap();
        statements.count.store(0, Ordering::SeqCst);
        statements.all.lock().unwrap().clear();
        Self {
            app,
            clock,
            schema: schema::build(),
            statements,
            url: database.url.clone(),
            database,
        }
    }

    /// Somebody new, 20 years old, signed in. (Without a password: hashing takes its time.)
    pub async fn person(&self, username: &str) -> Person<'_> {
        self.person_born(username, "1986-04-01").await
    }

    /// Somebody new who was born on this day, signed in.
    pub async fn person_born(&self, username: &str, birth_date: &str) -> Person<'_> {
        let now = ashiato::clock::Clock::now(&*self.clock);
        let id = self.app.ids.at(now);
        let new = NewUser {
            id,
            username: username.to_owned(),
            nickname: username.to_uppercase(),
            birth_date: birth_date.parse().unwrap(),
            home_region: None,
            joined_at: now,
            password_hash: None,
        };
        self.come_in(username, id, Some(new)).await
    }

    /// Somebody who has joined already, signed in.
    pub async fn known(&self, username: &str) -> Person<'_> {
        let id = id_by_username(&self.app, username).await.unwrap();
        self.come_in(username, id.unwrap(), None).await
    }

    async fn come_in(&self, username: &str, id: Uuid, new: Option<NewUser>) -> Person<'_> {
        let token = Token::draw(&self.app);
        let app = self.app.clone();
        let bearer = token.bearer.clone();
        let session = self
            .app
            .database
            .write(move |tx| {
                let (new, token, app) = (new.clone(), token.clone(), app.clone());
                Box::pin(async move {
                    if let Some(new) = new {
                        service::insert(tx, new).await?;
                    }
                    Ok(session::begin(&app, tx, id, &token).await?)
                })
            })
            .await
            .unwrap();
        Person {
            world: self,
            viewer: Viewer::Member(Member { id, session }),
            username: username.to_owned(),
            token: bearer,
        }
    }

    /// Many, named `prefix0`, `prefix1`, …
    pub async fn people(&self, prefix: &str, count: usize) -> Vec<Person<'_>> {
        let names: Vec<_> = (0..count).map(|index| format!("{prefix}{index}")).collect();
        // Not all at once: a busy database refuses.
        futures_util::stream::iter(names.iter().map(|name| self.person(name)))
            .buffered(64)
            .collect()
            .await
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Person<'_> {
        Person {
            world: self,
            viewer: Viewer::Anonymous,
            username: String::new(),
            token: String::new(),
        }
    }

    /// Forgets the statements so far.
    pub fn forget_statements(&self) {
        self.statements.count.store(0, Ordering::SeqCst);
        self.statements.all.lock().unwrap().clear();
    }

    /// How many statements there were since.
    pub fn statements(&self) -> usize {
        self.statements.count.load(Ordering::SeqCst)
    }

    /// How often it was written that a session was used, ever.
    pub fn uses_written(&self) -> usize {
        self.statements.uses.load(Ordering::SeqCst)
    }

    /// The texts of the statements since.
    pub fn statement_texts(&self) -> Vec<String> {
        let all = self.statements.all.lock().unwrap();
        all.iter().map(|statement| statement.sql.clone()).collect()
    }

    /// How PostgreSQL carries out each of the statements since, whose text has `part`.
    pub async fn plans_of(&self, part: &str) -> Vec<String> {
        use sea_orm::ConnectionTrait;
        let mut all = self.statements.all.lock().unwrap().clone();
        all.retain(|statement| statement.sql.contains(part));
        let db = self.app.database.reader();
        let mut plans = Vec::new();
        for statement in all {
            let explain = format!(
                "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {}",
                statement.sql
            );
            let explain = Statement {
                sql: sql::own(db, &explain).sql,
                ..statement
            };
            let lines = db.query_all_raw(explain).await.unwrap();
            let lines = lines.iter().map(|line| line.try_get_by_index(0).unwrap());
            plans.push(lines.collect::<Vec<String>>().join("\n"));
        }
        plans
    }

    /// How many rows each of the statements since gives, whose text has `part`.
    pub async fn rows_of(&self, part: &str) -> Vec<usize> {
        use sea_orm::ConnectionTrait;
        let mut all = self.statements.all.lock().unwrap().clone();
        all.retain(|statement| statement.sql.contains(part));
        let mut rows = Vec::new();
        for statement in all {
            let found = self.app.database.reader().query_all_raw(statement).await;
            rows.push(found.unwrap().len());
        }
        rows
    }
}

/// The next event, or a failure in place of waiting for ever.
pub async fn next<E>(events: &mut (impl Stream<Item = E> + Unpin)) -> E {
    const PATIENCE: Duration = Duration::from_secs(60);
    let event = tokio::time::timeout(PATIENCE, events.next()).await;
    event.expect("an event in time").expect("an event")
}

/// The first event of a subscription that begins now, while `act` goes on happening: when exactly
/// it began cannot be seen from outside.
pub async fn first<E>(
    events: &mut (impl Stream<Item = E> + Unpin),
    mut act: impl AsyncFnMut(usize),
) -> E {
    let mut event = std::pin::pin!(next(events));
    for turn in 0.. {
        tokio::select! {
            biased;
            event = &mut event => return event,
            () = act(turn) => {}
        }
    }
    unreachable!("the turns do not end")
}
