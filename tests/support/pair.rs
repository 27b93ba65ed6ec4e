//! Two servers on one database, reached as clients reach them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use ashiato::{
    account::session::{self, Token},
    app::{App, Parts},
    ids::{GlobalId, Kind},
    server::Server,
};
use reqwest::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    keys,
    server::{code, serve},
    world::World,
};

/// Two servers on the world's database, each with connections of its own.
pub struct Pair {
    servers: [Server; 2],
    client: Client,
    busy: AtomicUsize,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: Uuid,
    token: String,
}

impl Member {
    /// The id in the API.
    pub fn user(&self) -> String {
        GlobalId::encode(Kind::User, &[self.id]).to_string()
    }

    /// The id of the request to `other`.
    pub fn request_to(&self, other: &Self) -> String {
        GlobalId::encode(Kind::FriendRequest, &[self.id, other.id]).to_string()
    }
}

async fn server(world: &World) -> Server {
    let mut parts = Parts::new(world.database.place(), world.app.rules.clone());
    parts.keys = keys();
    parts.clock = world.clock.clone();
    serve(App::open(parts).await.unwrap()).await
}

/// Signs `users` in.
pub async fn sign_in(app: &Arc<App>, users: &[Uuid]) -> Vec<Member> {
    let mut members = Vec::new();
    for id in users.iter().copied() {
        let token = Token::draw(app);
        let drawn = token.clone();
        let shared = app.clone();
        app.database
            .write(move |tx| {
                let (app, token) = (shared.clone(), drawn.clone());
                Box::pin(async move { Ok(session::begin(&app, tx, id, &token).await?) })
            })
            .await
            .unwrap();
        let token = token.bearer;
        members.push(Member { id, token });
    }
    members
}

impl Pair {
    pub async fn new(world: &World) -> Self {
        Self {
            servers: [server(world).await, server(world).await],
            client: Client::new(),
            busy: AtomicUsize::new(0),
        }
    }

    /// Has `who` send a mutation to the server `at`: the code of what it refused, if it did. Where
    /// it is busy, it is asked again, and no other failure is taken.
    pub async fn mutate(
        &self,
        at: usize,
        who: &Member,
        name: &str,
        input: Value,
    ) -> Result<(), String> {
        let kind = name[..1].to_uppercase() + &name[1..];
        let query = format!(
            "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        let body = json!({ "query": query, "variables": { "input": input } });
        let address = self.servers[at].local_addr();
        loop {
            let sent = self
                .client
                .post(format!("http://{address}/graphql"))
                .header("content-type", "application/json")
                .bearer_auth(&who.token)
                .body(body.to_string())
                .send();
            let answer: Value = serde_json::from_str(&sent.await.unwrap().text().await.unwrap())
                .unwrap_or_default();
            match code(&answer) {
                "" => {}
                "UNAVAILABLE" => {
                    self.busy.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
                _ => panic!("{name}: {answer}"),
            }
            let refused = answer["data"][name]["userErrors"].as_array().unwrap();
            break match refused.first() {
                Some(error) => Err(error["code"].as_str().unwrap().to_owned()),
                None => Ok(()),
            };
        }
    }

    /// As [`Self::mutate`]: whether it was done, where a refusal is one of `allowed`.
    pub async fn settles(
        &self,
        at: usize,
        who: &Member,
        name: &str,
        input: Value,
        allowed: &[&str],
    ) -> bool {
        match self.mutate(at, who, name, input).await {
            Ok(()) => true,
            Err(code) => {
                assert!(allowed.contains(&&*code), "{name} was refused: {code}");
                false
            }
        }
    }

    /// How often a server said that it was busy.
    pub fn was_busy(&self) -> usize {
        self.busy.load(Ordering::Relaxed)
    }

    /// Stops both.
    pub async fn shutdown(self) {
        for server in self.servers {
            server.shutdown().await;
        }
    }
}
