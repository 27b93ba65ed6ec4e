//! What anybody can ask for, and try: points for operations, sign-ins, sign-ups; by user and address.

mod aliases;
mod attempts;
mod codes;
mod events;
mod points;
mod proxies;
mod rotation;
mod servers;
mod sign_ins;
mod sign_ups;
mod sites;
mod socket;

use std::sync::Arc;

use ashiato::{
    app::{App, Parts},
    config::{Limits, Rules, Transport},
    secrets::Keys,
};
use reqwest::{Response, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

use crate::support::{
    server::{Running, code},
    soon,
};

const RIGHT: &str = "a password that nobody guesses";
const SIGN_IN: &str = "mutation($username: String!, $password: String!) {
    signIn(input: { username: $username, password: $password }) { token userErrors { code } } }";

/// A server behind a proxy on this machine, with the limits as they come but for what is `set`.
async fn server(set: impl FnOnce(&mut Limits)) -> Running {
    Running::own_with(|transport| behind_proxy(transport, set)).await
}

fn behind_proxy(transport: &mut Transport, set: impl FnOnce(&mut Limits)) {
    transport.limits = Limits::default();
    let name = "x-forwarded-for".parse().unwrap();
    transport.proxies.client_address_header = Some(name);
    set(&mut transport.limits);
}

/// Another service on the database of `server`.
async fn beside(server: &Running, keys: Keys) -> Arc<App> {
    let mut parts = Parts::new(server.database.place(), Rules::default());
    parts.keys = keys;
    parts.clock = server.app.clock.clone();
    App::open(parts).await.unwrap()
}

/// Somebody with an address, as the proxy tells it, and perhaps a token.
#[derive(Clone)]
struct Caller {
    url: String,
    client: reqwest::Client,
    address: Option<String>,
    token: Option<String>,
}

struct Said {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Caller {
    fn at(server: &Running, address: &str) -> Self {
        Self {
            url: server.url("/graphql"),
            client: server.client.clone(),
            address: Some(address.to_owned()),
            token: None,
        }
    }

    fn with(self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self
        }
    }

    async fn send(&self, media: &str, query: &str, variables: Value) -> Response {
        let body = json!({ "query": query, "variables": variables });
        let mut request = self
            .client
            .post(&self.url)
            .header("content-type", "application/json")
            .header("accept", media)
            .body(body.to_string());
        if let Some(address) = &self.address {
            request = request.header("x-forwarded-for", address);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        soon(request.send()).await.unwrap()
    }

    async fn ask(&self, query: &str, variables: Value) -> Said {
        let media = "application/graphql-response+json";
        said(self.send(media, query, variables).await).await
    }

    /// What a sign-in comes to, in a word.
    async fn sign_in(&self, username: &str, password: &str) -> String {
        let variables = json!({ "username": username, "password": password });
        let Said { body, .. } = self.ask(SIGN_IN, variables).await;
        word(&body, "signIn")
    }
}

async fn said(response: Response) -> Said {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    Said {
        status,
        headers,
        body,
    }
}

/// What the mutation `name` came to: `IN`, or the code of a user error, or of the error.
fn word(body: &Value, name: &str) -> String {
    let payload = &body["data"][name];
    match payload["userErrors"][0]["code"].as_str() {
        Some(reason) => reason.to_owned(),
        None if payload["token"].is_string() => "IN".to_owned(),
        None => code(body).to_owned(),
    }
}

/// How many of `words` are `word`.
fn count(words: &[String], word: &str) -> usize {
    words.iter().filter(|said| *said == word).count()
}
