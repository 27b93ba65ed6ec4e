//! Two servers that are restarted one after the other, as for a new version, behind a client that
//! tries again.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use ashiato::{bulk::recount::recount, database::Place};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::support::{PATIENCE, servers::Servers};

const WRITERS: usize = 8;
const ROUNDS: usize = 3;
/// Each restart comes when so many more writes were answered.
const ANSWERS: usize = 40;

const SIGN_UP: &str = "mutation { signUp(input: { username: \"writer\", nickname: \"w\",
    password: \"a long enough one\", birthDate: \"1984-02-15\" }) { token } }";
const WRITE: &str = "mutation($key: String!) {
    writeDiary(input: { title: $key, body: \"…\", idempotencyKey: $key }) { diary { id } } }";
const COUNT: &str = "{ viewer { user { diaries { totalCount } } } }";

/// A client that knows both servers.
struct Client {
    http: reqwest::Client,
    addresses: Vec<String>,
    again: AtomicUsize,
}

impl Client {
    /// The data of an answer without errors. Where a server is away, or says that it cannot just
    /// now, the other is asked; anything else is a failure.
    async fn ask(&self, token: &str, document: &str, variables: Value, first: usize) -> Value {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let began = Instant::now();
        for server in (first..).map(|turn| turn % self.addresses.len()) {
            assert!(began.elapsed() < PATIENCE, "a mutation has failed: {body}");
            let request = self
                .http
                .post(&self.addresses[server])
                .header("content-type", "application/json")
                .body(body.clone());
            let request = if token.is_empty() {
                request
            } else {
                request.bearer_auth(token)
            };
            if let Ok(response) = request.send().await
                && let Ok(text) = response.text().await
            {
                let answer: Value = serde_json::from_str(&text).unwrap();
                let code = &answer["errors"][0]["extensions"]["code"];
                if code.is_null() {
                    return answer["data"].clone();
                }
                let passing = ["UNAVAILABLE", "OUTCOME_UNKNOWN"];
                assert!(passing.iter().any(|passing| code == passing), "{answer}");
            }
            self.again.fetch_add(1, Ordering::SeqCst);
        }
        unreachable!("the servers do not end");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_rolling_restart_fails_no_mutation_of_a_client_that_tries_again() {
    let mut servers = tokio::task::spawn_blocking(Servers::start).await.unwrap();
    let client = Client {
        http: reqwest::Client::new(),
        addresses: servers.addresses.clone(),
        again: AtomicUsize::new(0),
    };
    let database = servers.database.clone();
    let joined = client.ask("", SIGN_UP, json!({}), 0).await;
    let token = joined["signUp"]["token"].as_str().unwrap();
    let (answered, enough) = (watch::Sender::new(0), AtomicBool::new(false));
    let writing = join_all((0..WRITERS).map(async |writer| {
        let mut slowest = Duration::ZERO;
        for turn in 0.. {
            if enough.load(Ordering::SeqCst) {
                return (turn, slowest);
            }
            let (key, began) = (json!({ "key": format!("{writer}-{turn}") }), Instant::now());
            let data = client.ask(token, WRITE, key, writer + turn).await;
            assert!(data["writeDiary"]["diary"]["id"].is_string(), "{data}");
            slowest = slowest.max(began.elapsed());
            answered.send_modify(|count| *count += 1);
        }
        unreachable!("the turns do not end");
    }));
    let restarting = async {
        for round in 1..=ROUNDS * 2 {
            let mut progress = answered.subscribe();
            let enough = progress.wait_for(|count| *count >= round * ANSWERS).await;
            drop(enough.unwrap());
            let restarted = tokio::task::spawn_blocking(move || {
                servers.restart(round % 2 + 1);
                servers
            });
            servers = restarted.await.unwrap();
        }
        enough.store(true, Ordering::SeqCst);
        servers
    };
    let (wrote, servers) = futures_util::join!(writing, restarting);
    let total: usize = wrote.iter().map(|(turns, _)| turns).sum();
    let slowest = wrote.iter().map(|(_, slowest)| *slowest).max().unwrap();
    for server in 0..2 {
        let there = client.ask(token, COUNT, json!({}), server).await;
        let count = &there["viewer"]["user"]["diaries"]["totalCount"];
        assert_eq!(count, total, "each once");
    }
    let again = client.again.load(Ordering::SeqCst);
    assert!(
        again > 0,
        "the restarts were not felt: this test shows nothing"
    );
    let db = Place::new(&database).connect_to_migrate().await.unwrap();
    assert_eq!(recount(&db).await.unwrap(), []);
    db.close().await.unwrap();
    println!(
        "{} restarts of two servers: {total} mutations, none failed, {again} tried again, the \
         slowest took {slowest:?}",
        ROUNDS * 2
    );
    drop(servers);
}
