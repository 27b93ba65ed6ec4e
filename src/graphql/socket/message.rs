//! The messages of graphql-transport-ws.

use async_graphql::{Request, ServerError};
use serde::Serialize;
use serde_json::{Map, Value};

use super::close::Close;
use crate::{
    graphql::{
        answer::Answer,
        bounded,
        parameters::{self, Malformed},
    },
    language::Language,
};

/// What a client says.
#[derive(Debug)]
pub enum FromClient {
    /// Wants to begin.
    ConnectionInit(Map<String, Value>),
    /// Wants to hear a pong with the same payload.
    Ping(Option<Value>),
    /// Is there.
    Pong,
    /// Wants an operation.
    Subscribe(String, Box<Request>),
    /// No longer wants an operation.
    Complete(String),
}

impl FromClient {
    /// Reads a text message.
    ///
    /// # Errors
    /// 4400 where it is none of the protocol's.
    pub fn read(text: &str) -> Result<Self, Close> {
        let Ok(Value::Object(mut message)) = serde_json::from_str(text) else {
            return Err(Close::malformed("Every message is a JSON object"));
        };
        let kind = match message.remove("type") {
            Some(Value::String(kind)) => kind,
            Some(_) => return Err(Close::malformed("The `type` of a message is a string")),
            None => return Err(Close::malformed("A message has a `type`")),
        };
        match kind.as_str() {
            "connection_init" => {
                let payload = payload(&mut message)?;
                Ok(Self::ConnectionInit(payload.unwrap_or_default()))
            }
            "ping" => Ok(Self::Ping(payload(&mut message)?.map(Value::Object))),
            "pong" => payload(&mut message).map(|_| Self::Pong),
            "complete" => Ok(Self::Complete(id(&mut message)?)),
            "subscribe" => {
                let id = id(&mut message)?;
                let Some(payload) = payload(&mut message)? else {
                    return Err(Close::malformed("The `payload` of subscribe is an object"));
                };
                let request = parameters::from_object(payload)
                    .map_err(|Malformed(text)| Close::malformed(text.say(Language::English)))?;
                Ok(Self::Subscribe(id, Box::new(request)))
            }
            "connection_ack" | "next" | "error" => Err(Close::malformed(
                "Only the server sends messages of this type",
            )),
            _ => Err(Close::malformed("There is no message of this type")),
        }
    }
}

fn id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if !id.is_empty() => Ok(id),
        Some(_) => Err(Close::malformed(
            "The `id` of a message is a string that is not empty",
        )),
        None => Err(Close::malformed("A message of this type has an `id`")),
    }
}

fn payload(message: &mut Map<String, Value>) -> Result<Option<Map<String, Value>>, Close> {
    match message.remove("payload") {
        Some(Value::Object(payload)) => Ok(Some(payload)),
        None | Some(Value::Null) => Ok(None),
        Some(_) => Err(Close::malformed("The `payload` of a message is an object")),
    }
}

/// What the server says.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromServer<'m> {
    /// The client may begin.
    ConnectionAck,
    /// Answers a ping.
    Pong {
        /// The ping's.
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    /// A result.
    Next {
        /// The operation's.
        id: &'m str,
        /// The result.
        payload: &'m Answer,
    },
    /// The operation was not executed.
    Error {
        /// The operation's.
        id: &'m str,
        /// Why.
        payload: Vec<ServerError>,
    },
    /// The operation has ended.
    Complete {
        /// The operation's.
        id: &'m str,
    },
}

impl FromServer<'_> {
    /// As text.
    pub fn write(&self) -> String {
        // What the engine and we make can always be written as JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As text; nothing where that has more than `limit` bytes.
    pub fn write_within(&self, limit: u32) -> Option<String> {
        let bytes = bounded::json(self, limit).ok()??;
        String::from_utf8(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_messages_are_none() {
        for text in [
            "",
            "nonsense",
            "null",
            "[]",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"connection_ack"}"#,
            r#"{"type":"connection_init","payload":"x"}"#,
            r#"{"type":"ping","payload":[]}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            r#"{"type":"complete"}"#,
        ] {
            let close = FromClient::read(text).expect_err(text);
            assert_eq!(close.code(), 4400, "{text}");
        }
    }
}
