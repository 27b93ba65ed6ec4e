//! Documents that are known by names: those that the service trusts, and those that clients had it keep.

mod kept;
mod manifests;
mod only;
mod trusted;

use std::path::PathBuf;

use ashiato::config::{Transport, TrustMode};
use reqwest::{RequestBuilder, Url};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support::{
    server::{Running, read},
    socket::Socket,
    stream::Stream,
};

const NEW: &str = "application/graphql-response+json";
const OLD: &str = "application/json";

const NUMBER: &str = "query Number($n: Int!) { number(value: $n) }";
const BUMP: &str = "mutation Bump { bump }";
const COUNT: &str = "subscription Count($to: Int!) { count(to: $to) }";
const SEVERAL: &str = "query A { echo(text: \"a\") } query B { echo(text: \"b\") }";

/// The hash of a document's text.
fn sha256(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Its `documentId`.
fn id(text: &str) -> String {
    format!("sha256:{}", sha256(text))
}

/// Its `extensions`.
fn persisted(text: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": sha256(text) } })
}

/// A manifest's file, and its folder.
struct Manifest(TempDir);

impl Manifest {
    fn of(json: &Value) -> Self {
        Self::written(&json.to_string())
    }

    fn written(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("documents.json"), text).unwrap();
        Self(folder)
    }

    /// Of these, as GraphQL Code Generator writes it.
    fn with(texts: &[&str]) -> Self {
        let documents = texts.iter().map(|text| (id(text), json!(text)));
        Self::of(&Value::Object(documents.collect()))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("documents.json")
    }

    fn trust(&self, transport: &mut Transport, mode: TrustMode) {
        transport.documents.trusted_documents.push(self.path());
        transport.documents.trusted_documents_mode = mode;
    }
}

/// A server of the test schema that trusts these.
async fn trusting(mode: TrustMode, texts: &[&str]) -> Running {
    let manifest = Manifest::with(texts);
    Running::with(|transport| manifest.trust(transport, mode)).await
}

/// How a request comes.
#[derive(Clone, Copy, Debug)]
enum By {
    Post,
    Get,
    Socket,
    Stream,
}

impl By {
    const ALL: [Self; 4] = [Self::Post, Self::Get, Self::Socket, Self::Stream];

    /// What these parameters are answered: the first of the results, or of what is refused.
    async fn ask(self, server: &Running, parameters: &Value) -> Value {
        match self {
            Self::Post => {
                read(posted(server, OLD, parameters).send().await.unwrap())
                    .await
                    .1
            }
            Self::Get => {
                read(got(server, OLD, parameters).send().await.unwrap())
                    .await
                    .1
            }
            Self::Socket => {
                let mut socket = Socket::ready(server).await;
                socket
                    .say(json!({ "id": "1", "type": "subscribe", "payload": parameters }))
                    .await;
                let said = socket.hear().await;
                match said["type"].as_str() {
                    Some("next") => said["payload"].clone(),
                    Some("error") => json!({ "errors": said["payload"] }),
                    _ => panic!("{said}"),
                }
            }
            Self::Stream => {
                let request = crate::support::stream::post(server, None);
                Stream::of(request.body(parameters.to_string()))
                    .await
                    .next()
                    .await
            }
        }
    }
}

fn posted(server: &Running, accept: &str, parameters: &Value) -> RequestBuilder {
    let request = server.client.post(server.url("/graphql"));
    let request = request.header("content-type", OLD).header("accept", accept);
    request.body(parameters.to_string())
}

fn got(server: &Running, accept: &str, parameters: &Value) -> RequestBuilder {
    let mut url = Url::parse(&server.url("/graphql")).unwrap();
    for (name, value) in parameters.as_object().unwrap() {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        url.query_pairs_mut().append_pair(name, &text);
    }
    server.client.get(url).header("accept", accept)
}
