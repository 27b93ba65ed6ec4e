//! A client of server-sent events, with a time-out an item.

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::{server::Running, soon};

/// What a stream says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    Next(Value),
    Complete,
    /// The connection says no more.
    End,
}

/// An open stream.
pub struct Stream {
    pub response: Response,
    text: String,
}

impl Stream {
    /// Begins an operation of whoever has the `token`, if any.
    pub async fn begin(server: &Running, token: Option<&str>, query: &str) -> Self {
        Self::begin_with(server, token, query, json!({})).await
    }

    /// Begins an operation with variables.
    pub async fn begin_with(
        server: &Running,
        token: Option<&str>,
        query: &str,
        variables: Value,
    ) -> Self {
        let body = json!({ "query": query, "variables": variables });
        let request = post(server, token).body(body.to_string());
        let stream = Self::of(request).await;
        assert_eq!(stream.response.status(), 200);
        stream
    }

    /// What `request` is answered.
    pub async fn of(request: RequestBuilder) -> Self {
        Self {
            response: soon(request.send()).await.unwrap(),
            text: String::new(),
        }
    }

    /// The next event, or the end.
    pub async fn hear(&mut self) -> Said {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                match block.as_str() {
                    // It says nothing.
                    ":" => {}
                    "event: complete\ndata:" => return Said::Complete,
                    next => {
                        let json = next.strip_prefix("event: next\ndata: ").expect(next);
                        return Said::Next(serde_json::from_str(json).unwrap());
                    }
                }
                continue;
            }
            match soon(self.response.chunk()).await {
                Ok(Some(chunk)) => self.text += std::str::from_utf8(&chunk).unwrap(),
                Ok(None) => {
                    assert_eq!(self.text, "", "cut off within an event");
                    return Said::End;
                }
                Err(_) => return Said::End,
            }
        }
    }

    /// The result of the next event.
    pub async fn next(&mut self) -> Value {
        match self.hear().await {
            Said::Next(value) => value,
            other => panic!("{other:?}"),
        }
    }

    /// The code of the error that the next event has alone.
    pub async fn refused(&mut self) -> String {
        let next = self.next().await;
        assert!(next.get("data").is_none(), "{next}");
        let code = next["errors"][0]["extensions"]["code"].as_str();
        code.unwrap_or_else(|| panic!("{next}")).to_owned()
    }
}

/// A POST to `/graphql` by who reads events alone.
pub fn post(server: &Running, token: Option<&str>) -> RequestBuilder {
    let request = server
        .client
        .post(server.url("/graphql"))
        .header("content-type", "application/json")
        .header("accept", "text/event-stream");
    match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    }
}
