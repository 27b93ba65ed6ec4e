//! Errors as an API: a code, a message in the reader's language, the figures in it, and a page of all of them.

mod languages;
mod page;
mod sockets;

use reqwest::Response;
use serde_json::{Value, json};

use crate::support::server::{Running, read};

/// Asks as a client whose browser wishes `language`, signed in with `token` if there is one.
async fn ask(
    server: &Running,
    language: &str,
    token: Option<&str>,
    query: &str,
    variables: Value,
) -> Response {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let mut request = server.post().header("accept-language", language).body(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap()
}

/// The same: the answer's body alone.
async fn told(
    server: &Running,
    language: &str,
    token: Option<&str>,
    query: &str,
    variables: Value,
) -> Value {
    read(ask(server, language, token, query, variables).await)
        .await
        .1
}
