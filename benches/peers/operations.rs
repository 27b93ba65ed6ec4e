//! What is measured: seven operations, and what each server is sent for them.

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    community::Community,
    server::{Kind, Server},
};

/// How many members' answers are compared.
const COMPARED: usize = 50;

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// As in the table.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What its files are called.
    file: &'static str,
    document: String,
    /// Of PostGraphile, whose schema is its own.
    postgraphile: String,
    /// How many connections send it.
    pub connections: usize,
    target: Target,
}

/// Whom or what a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// The viewer.
    Viewer,
    /// The profile that they look at.
    Profile,
    /// Another, each time.
    Other,
    /// One tarento, each time.
    Star,
    /// A friend's diary.
    Diary,
}

/// All of them, with the documents of all `kinds`.
///
/// # Errors
/// Where a document cannot be read.
pub fn all(kinds: &[Kind]) -> Result<Vec<Operation>> {
    [
        (
            "q1",
            "a profile with its 20 latest friends",
            Target::Profile,
            16,
        ),
        (
            "q2",
            "20 friends, 3 diaries each, 2 comments each, their authors",
            Target::Viewer,
            16,
        ),
        (
            "q3",
            "the home feed: 20 diaries, authors, comment counts",
            Target::Viewer,
            16,
        ),
        ("q4", "20 mutual friends", Target::Profile, 16),
        (
            "q5",
            "30 latest footprints with their visitors",
            Target::Viewer,
            16,
        ),
        ("w1", "leave a footprint", Target::Other, 16),
        (
            "w1x256",
            "leave a footprint, 256 at a time",
            Target::Other,
            256,
        ),
        (
            "w1star",
            "leave a footprint at one tarento, 256 at a time",
            Target::Star,
            256,
        ),
        ("w2", "comment on a diary", Target::Diary, 16),
    ]
    .into_iter()
    .map(|(name, title, target, connections)| {
        // Of one file: w1, w1x256, w1star.
        let file = name.get(..2).unwrap_or(name);
        let read = |folder| {
            let path = format!("benches/{folder}/{file}.graphql");
            std::fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))
        };
        let postgraphile = if kinds.contains(&Kind::Postgraphile) {
            read("postgraphile/operations")?
        } else {
            String::new()
        };
        Ok(Operation {
            name,
            title,
            file,
            document: read("operations")?,
            postgraphile,
            connections,
            target,
        })
    })
    .collect()
}

/// A request, as a server takes it.
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub token: String,
    pub body: String,
}

impl Operation {
    fn writes(&self) -> bool {
        matches!(self.target, Target::Other | Target::Star | Target::Diary)
    }

    /// Whether `kind` is measured by it. Every visit of one visitor to one tarento counts where the five
    /// minutes' pause is set aside, as it is in our server and in the hand-written endpoints.
    pub fn is_for(&self, kind: Kind) -> bool {
        self.target != Target::Star || kind.is_ours() || kind == Kind::Rest
    }

    /// The `turn`th request to a server of `kind`.
    pub fn request(&self, kind: Kind, community: &Community, turn: usize) -> Result<Request> {
        let (mut member, other) = community.turn(turn).context("there are no members")?;
        if !self.writes() {
            member = community.reader(turn).context("there are no members")?;
        }
        let (author, diary) = member.diary;
        let body = format!("comment {turn}");
        let username = match self.target {
            Target::Other => other.username.as_str(),
            Target::Star => community.star(),
            _ => member.looks_at.as_str(),
        };
        let token = member.token.clone();
        if kind == Kind::Rest {
            let (method, path) = match self.target {
                Target::Viewer => ("GET", format!("/{}", self.file)),
                Target::Profile => ("GET", format!("/{}/{username}", self.file)),
                Target::Other | Target::Star => ("POST", format!("/{}/{username}", self.file)),
                Target::Diary => ("POST", format!("/{}/{author}/{diary}", self.file)),
            };
            let body = if self.target == Target::Diary {
                body
            } else {
                String::new()
            };
            return Ok(Request {
                method,
                path,
                token,
                body,
            });
        }
        let variables = match self.target {
            Target::Viewer => json!({}),
            Target::Profile | Target::Other | Target::Star => json!({ "username": username }),
            Target::Diary => {
                let parts = [&b"d"[..], author.as_bytes(), diary.as_bytes()].concat();
                let id = URL_SAFE_NO_PAD.encode(parts);
                if kind == Kind::Postgraphile {
                    json!({ "authorId": author, "diaryRowId": diary, "diaryId": id, "body": body })
                } else {
                    json!({ "diaryId": id, "body": body })
                }
            }
        };
        let document = if kind == Kind::Postgraphile {
            &self.postgraphile
        } else {
            &self.document
        };
        let body = json!({ "query": document, "variables": variables }).to_string();
        Ok(Request {
            method: "POST",
            path: "/graphql".to_owned(),
            token,
            body,
        })
    }
}

/// What an answer says, in the form that all share.
fn said(kind: Kind, answer: &[u8]) -> Result<Value> {
    let mut answer: Value = serde_json::from_slice(answer)?;
    let data = if kind == Kind::Rest {
        answer
    } else {
        ensure!(answer.get("errors").is_none(), "{kind:?}: {answer}");
        answer.get_mut("data").map(Value::take).context("no data")?
    };
    Ok(unwrapped(data))
}

/// An object whose only field is `_` is that field: where a schema needs a step more.
fn unwrapped(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(unwrapped).collect(),
        Value::Object(mut fields) => {
            if fields.len() == 1
                && let Some(only) = fields.remove("_")
            {
                return unwrapped(only);
            }
            fields
                .into_iter()
                .map(|(name, value)| (name, unwrapped(value)))
                .collect()
        }
        other => other,
    }
}

/// Fails where two servers answer differently.
pub async fn compare(
    operation: &Operation,
    servers: &[Server],
    community: &Community,
) -> Result<()> {
    let mut bytes = 0;
    let servers: Vec<_> = servers
        .iter()
        .filter(|it| operation.is_for(it.kind))
        .collect();
    for turn in 0..COMPARED {
        let mut first: Option<(Kind, Value)> = None;
        for server in &servers {
            // Each writes for others, so that none meets what another wrote.
            let turn = if operation.writes() {
                community.fresh_turn()
            } else {
                turn
            };
            let request = operation.request(server.kind, community, turn)?;
            let answer = server.once(&request).await?;
            bytes += answer.len();
            let answer = said(server.kind, &answer)?;
            if operation.writes() {
                ensure!(
                    !answer.to_string().contains(":null"),
                    "{:?}: {answer}",
                    server.kind
                );
                continue;
            }
            match &first {
                None => first = Some((server.kind, answer)),
                Some((kind, expected)) => ensure!(
                    *expected == answer,
                    "{} differs.\n{kind:?}: {expected}\n{:?}: {answer}",
                    operation.name,
                    server.kind
                ),
            }
        }
    }
    let count = COMPARED * servers.len().max(1);
    eprintln!(
        "{}: {count} answers compared, {} bytes each",
        operation.name,
        bytes / count
    );
    Ok(())
}
