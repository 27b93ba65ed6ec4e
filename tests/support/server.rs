//! A real server in this process, on a port and a database of its own.

use std::{net::SocketAddr, sync::Arc};

use ashiato::{
    account::{
        service::{SignUp, sign_up},
        session,
    },
    app::{App, Parts},
    config::{Limits, Rules, Transport},
    payment::{Development, Payments},
    server::Server,
    viewer::Member,
};
use chrono::{Duration, NaiveDate};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{
    backend::Fresh,
    clock::ManualClock,
    keys,
    schema::{self, Probe},
    sql,
};

/// A running server.
pub struct Running {
    pub app: Arc<App>,
    pub address: SocketAddr,
    pub probe: Probe,
    pub client: Client,
    clock: Arc<ManualClock>,
    server: Option<Server>,
    pub database: Fresh,
}

impl Running {
    /// The test schema, with the settings as they come.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// The test schema, with other settings.
    pub async fn with(set: impl FnOnce(&mut Transport)) -> Self {
        let (schema, probe) = schema::build();
        let sdl = schema.sdl();
        let (app, clock, database) = app().await;
        let server = Server::start_with(app.clone(), schema, &sdl, transport(set)).await;
        Self::new(app, clock, database, server.unwrap(), probe)
    }

    /// Ashiato's own schema.
    pub async fn own() -> Self {
        Self::own_with(|_| {}).await
    }

    /// Ashiato's own schema, by other rules.
    pub async fn ruled(rules: Rules) -> Self {
        let (app, clock, database) = app_with(rules).await;
        let server = Server::start(app.clone(), transport(|_| {})).await;
        Self::new(app, clock, database, server.unwrap(), schema::build().1)
    }

    /// Ashiato's own schema, whose plans are paid at `payments`.
    pub async fn paying(payments: Arc<dyn Payments>) -> Self {
        let (app, clock, database) = app_paying(Rules::default(), payments).await;
        let server = Server::start(app.clone(), transport(|_| {})).await;
        Self::new(app, clock, database, server.unwrap(), schema::build().1)
    }

    /// Ashiato's own schema, with other settings.
    pub async fn own_with(set: impl FnOnce(&mut Transport)) -> Self {
        let (app, clock, database) = app().await;
        let server = Server::start(app.clone(), transport(set)).await;
        Self::new(app, clock, database, server.unwrap(), schema::build().1)
    }

    fn new(
        app: Arc<App>,
        clock: Arc<ManualClock>,
        database: Fresh,
        server: Server,
        probe: Probe,
    ) -> Self {
        Self {
            app,
            address: server.local_addr(),
            probe,
            client: Client::new(),
            clock,
            server: Some(server),
            database,
        }
    }

    /// Takes the server itself, to stop it.
    pub fn take(&mut self) -> Server {
        self.server.take().unwrap()
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Signs somebody up: the token, and who it is.
    pub async fn member(&self) -> (String, Member) {
        self.named("hanako").await
    }

    /// The same under a name.
    pub async fn named(&self, username: &str) -> (String, Member) {
        let wish = SignUp {
            username: username.to_owned(),
            nickname: "花子".to_owned(),
            password: "a password that nobody guesses".to_owned(),
            birth_date: NaiveDate::from_ymd_opt(1984, 2, 15).unwrap(),
            home_region: None,
            invitation_code: None,
            phone: None,
            idempotency_key: None,
        };
        let signed_in = sign_up(&self.app, wish).await.unwrap();
        let member = Member {
            id: signed_in.user,
            session: signed_in.session,
        };
        (signed_in.token, member)
    }

    /// Ends a session.
    pub async fn sign_out(&self, member: Member) {
        session::end(&self.app, member).await.unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A POST to `/graphql` that accepts the newer media type.
    pub fn post(&self) -> RequestBuilder {
        self.client
            .post(self.url("/graphql"))
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json")
    }

    /// Posts a document; the status and the body.
    pub async fn ask(&self, query: &str) -> (u16, Value) {
        self.ask_with(query, json!({})).await
    }

    /// Posts a document with variables.
    pub async fn ask_with(&self, query: &str, variables: Value) -> (u16, Value) {
        let body = json!({ "query": query, "variables": variables });
        read(self.post().body(body.to_string()).send().await.unwrap()).await
    }
}

/// The status and the body.
pub async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

/// The code of the first error.
pub fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_default()
}

/// Ashiato's own schema on `app`, at a free port.
pub async fn serve(app: Arc<App>) -> Server {
    Server::start(app, transport(|_| {})).await.unwrap()
}

fn transport(set: impl FnOnce(&mut Transport)) -> Transport {
    let mut transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    unlimited(&mut transport.limits);
    set(&mut transport);
    transport
}

/// Whoever tests something else asks as much as they like, all from one address.
pub fn unlimited(limits: &mut Limits) {
    limits.points_per_hour = 0;
    limits.points_per_hour_per_address = 0;
    limits.max_sign_ins_per_minute = 0;
    limits.max_sign_ups_per_hour = 0;
    limits.max_connections_per_address = Some(0);
}

/// A service with an empty database.
pub async fn app() -> (Arc<App>, Arc<ManualClock>, Fresh) {
    app_with(Rules::default()).await
}

async fn app_with(rules: Rules) -> (Arc<App>, Arc<ManualClock>, Fresh) {
    app_paying(rules, Arc::new(Development)).await
}

async fn app_paying(
    rules: Rules,
    payments: Arc<dyn Payments>,
) -> (Arc<App>, Arc<ManualClock>, Fresh) {
    let database = Fresh::new().await;
    let clock = ManualClock::at("2026-11-23T03:00:00Z");
    let mut parts = Parts::new(database.place(), rules);
    parts.keys = keys();
    parts.clock = clock.clone();
    parts.payments = payments;
    parts.on_statement = Some(Arc::new(|info| sql::hold(info.statement)));
    (App::open(parts).await.unwrap(), clock, database)
}
