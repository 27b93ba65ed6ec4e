//! What a client is told of errors: the one place where each gets its `extensions.code`.

use std::sync::Arc;

use async_graphql::{Response, ServerError, Value};
use serde::Serialize;

use crate::{
    error::{
        Error,
        text::{ErrorText, document::DocumentText},
    },
    language::Language,
    message::{Figure, in_camel_case},
};

/// Longer messages are cut: they quote what the client wrote.
const MAX_MESSAGE: usize = 300;
/// More errors of one document than anybody reads.
const MAX_REQUEST_ERRORS: usize = 20;

/// A response as it goes over the wire.
#[derive(Debug, Serialize)]
pub struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
}

impl Answer {
    /// Gives every error of `response` its code, and keeps from the client what is not meant for
    /// clients: that is logged under `request_id`.
    pub fn new(response: Response, request_id: &str) -> Self {
        let mut errors = response.errors;
        // What was executed has a path to each error; what was refused before has none.
        let refused = response.data == Value::Null
            && !errors.is_empty()
            && errors.iter().all(|error| error.path.is_empty());
        if refused {
            errors.truncate(MAX_REQUEST_ERRORS);
        }
        for error in &mut errors {
            settle(error, request_id);
        }
        Self {
            data: (!refused).then_some(response.data),
            errors,
        }
    }

    /// An answer to what was not executed.
    pub fn refused(errors: impl Into<Vec<ServerError>>, request_id: &str) -> Self {
        Self::new(Response::from_errors(errors.into()), request_id)
    }

    /// An answer to what was not executed, for the transport's own reasons.
    pub fn because(text: impl Into<ErrorText>) -> Self {
        Self {
            data: None,
            errors: vec![error(text.into())],
        }
    }

    /// The same with its errors in `language`: they are in English until here.
    #[must_use]
    pub fn told_in(mut self, language: Language) -> Self {
        for error in &mut self.errors {
            if let Some(text) = error.source::<ErrorText>() {
                error.message = cut(text.say(language));
            }
        }
        self
    }

    /// An answer to what broke in a way that nobody foresaw.
    pub fn broken(request_id: &str) -> Self {
        Self::refused([server_error(Error::internal("a panic"))], request_id)
    }

    /// Whether nothing was executed.
    pub fn is_refusal(&self) -> bool {
        self.data.is_none()
    }

    /// Whether the operation began and came to nothing at its very root: a subscription that
    /// could not start.
    pub fn is_stillborn(&self) -> bool {
        !self.errors.is_empty()
            && self.data.as_ref().is_none_or(|data| *data == Value::Null)
            && self.errors.iter().all(|error| error.path.len() <= 1)
    }

    /// The errors alone.
    pub fn into_errors(self) -> Vec<ServerError> {
        self.errors
    }
}

/// An error that says `text`, in English until its answer is told in a language.
pub fn error(text: ErrorText) -> ServerError {
    let mut error = ServerError::new(String::new(), None);
    tell(&mut error, text);
    error
}

/// Has `error` say `text`, with its code and the values in it.
fn tell(error: &mut ServerError, text: ErrorText) {
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", text.code().word());
    for (name, figure) in text.values() {
        // What somebody wrote stands in the message alone, and not at length.
        if !matches!(figure, Figure::Text(_)) {
            extensions.set(in_camel_case(name), figure.value());
        }
    }
    error.message = cut(text.say(Language::English));
    error.source = Some(Arc::new(text));
}

/// An error of ours that no resolver raised.
pub fn server_error(error: Error) -> ServerError {
    let mut raised = ServerError::new(error.to_string(), None);
    raised.source = Some(Arc::new(error));
    raised
}

/// The response that has this error alone.
pub fn failed(error: Error) -> Response {
    Response::from_errors(vec![server_error(error)])
}

fn settle(error: &mut ServerError, request_id: &str) {
    let known = error
        .extensions
        .as_ref()
        .and_then(|values| values.get("code"));
    if known.is_some() {
        return;
    }
    // Resolvers return our error; what else they return is a fault of theirs, for the log.
    let ours = error.source::<Error>().cloned();
    match ours.or_else(|| {
        error
            .source
            .is_some()
            .then(|| Error::internal(&error.message))
    }) {
        Some(ours) => {
            tell(error, ours.text());
            if let Some(detail) = ours.detail() {
                let path = path(error);
                let code = ours.code();
                match ours {
                    Error::Internal(_) => tracing::error!(request_id, code, path, detail, "failed"),
                    _ => tracing::warn!(request_id, code, path, detail, "failed"),
                }
                let extensions = error.extensions.get_or_insert_default();
                extensions.set("requestId", request_id);
            }
        }
        None => {
            let said = tidy(&error.message);
            let text = if error.path.is_empty() {
                DocumentText::Invalid { said }
            } else {
                // An argument's value was not of its type, which the engine finds out as it executes.
                DocumentText::InputUnfit { said }
            };
            tell(error, text.into());
        }
    }
}

fn path(error: &ServerError) -> String {
    let segments = error.path.iter().map(|segment| match segment {
        async_graphql::PathSegment::Field(name) => name.clone(),
        async_graphql::PathSegment::Index(index) => index.to_string(),
    });
    segments.collect::<Vec<_>>().join(".")
}

/// The engine's message without the values that it quotes: they may be secrets, or long.
fn tidy(message: &str) -> String {
    let end = [", found ", " does not contain the value "]
        .into_iter()
        .filter_map(|quote| message.find(quote))
        .min();
    let kept = match end.and_then(|end| message.get(..end)) {
        Some(kept) if kept.ends_with('.') => kept.to_owned(),
        Some(kept) if message.contains(" does not contain the value ") => {
            format!("{kept} does not have this value.")
        }
        Some(kept) => format!("{kept}."),
        None => message.to_owned(),
    };
    cut(kept)
}

/// `message`, where it is too long only its beginning.
fn cut(message: String) -> String {
    match message.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_quoted_and_messages_not_long() {
        for (said, told) in [
            (
                "Expected input type \"Int\", found \"secret\".",
                "Expected input type \"Int\".",
            ),
            (
                "\"a\", enumeration type \"E\" does not contain the value \"secret\"",
                "\"a\", enumeration type \"E\" does not have this value.",
            ),
            (
                "Unknown field \"x\" on type \"Query\".",
                "Unknown field \"x\" on type \"Query\".",
            ),
        ] {
            assert_eq!(tidy(said), told);
        }
        assert_eq!(tidy(&"語".repeat(1_000)).chars().count(), MAX_MESSAGE + 1);
    }

    #[test]
    fn an_error_of_nobody_s_is_internal() {
        let mut error = async_graphql::Error::new_with_source("SELECT secret")
            .into_server_error(async_graphql::Pos::default());
        settle(&mut error, "7");
        assert_eq!(error.message, "Something went wrong on our side.");
        let extensions = error.extensions.unwrap();
        assert_eq!(extensions.get("code"), Some(&Value::from("INTERNAL")));
        assert_eq!(extensions.get("requestId"), Some(&Value::from("7")));
    }

    #[test]
    fn an_answer_is_told_in_a_language_with_its_values_beside_it() {
        let error = Error::TooExpensive(101, 100);
        let answer = Answer::refused([server_error(error)], "7").told_in(Language::Japanese);
        let [error] = <[_; 1]>::try_from(answer.into_errors()).unwrap();
        assert!(error.message.contains("101ポイント"), "{}", error.message);
        let extensions = error.extensions.unwrap();
        let told = ["code", "cost", "limit"].map(|name| extensions.get(name).cloned());
        let expected = [Value::from("THROTTLED"), Value::from(101), Value::from(100)];
        assert_eq!(told, expected.map(Some));
    }
}
