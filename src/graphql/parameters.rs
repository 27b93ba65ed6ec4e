//! The parameters of a GraphQL-over-HTTP request, from a body, a URL or a socket's message, and those of
//! a persisted document request (the draft's appendix A), which names its document.

use async_graphql::{Extensions, Request, Variables};
use axum::{extract::Query, http::Uri};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value};

/// Why there is no request in what was sent: for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The stable word.
    pub code: &'static str,
    /// The sentence.
    pub message: String,
}

impl Malformed {
    fn new(message: impl Into<String>) -> Self {
        Self {
            code: "BAD_REQUEST",
            message: message.into(),
        }
    }
}

/// A request as it was sent: with its document, or with what names it.
#[derive(Debug)]
pub struct Asked {
    /// The request. Where the document is only named, its `query` is empty.
    pub request: Request,
    /// What names the document, in the place of its text or beside it.
    pub named: Option<Named>,
}

/// What names a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// `documentId`, of a document that is trusted.
    Id(String),
    /// `extensions.persistedQuery`, by the hash of its text. The text stands beside it where it is to be kept.
    Hash(String),
    /// An `extensions.persistedQuery` of another kind than ours.
    Unknown,
}

/// Reads a body of JSON.
///
/// # Errors
/// Where it is no JSON, an array (batches are refused), or has a parameter twice or of the wrong
/// type.
pub fn from_body(body: &[u8]) -> Result<Asked, Malformed> {
    match serde_json::from_slice(body) {
        // Of two, one program reads the first and another the last.
        Ok(Value::Object(_)) if serde_json::from_slice::<Once>(body).is_err() => {
            Err(Malformed::new("The body has a parameter twice."))
        }
        Ok(Value::Object(parameters)) => from_object(parameters),
        Ok(Value::Array(_)) => Err(Malformed {
            code: "BATCH_NOT_SUPPORTED",
            message: "Batches are not taken: send each operation in a request of its own, or \
                      several fields in one operation."
                .to_owned(),
        }),
        Ok(_) => Err(Malformed::new("The body is a JSON object with a `query`.")),
        Err(error) => Err(Malformed {
            code: "INVALID_JSON",
            message: format!(
                "The body is not valid JSON (line {}, column {}).",
                error.line(),
                error.column()
            ),
        }),
    }
}

/// Reads the parameters themselves. Others than the specification's are ignored, as it asks.
///
/// # Errors
/// Where one has the wrong type, or there is neither `query` nor what names a document.
pub fn from_object(mut parameters: Map<String, Value>) -> Result<Asked, Malformed> {
    let mut text = |name: &str| match parameters.remove(name) {
        Some(Value::String(text)) => Ok(Some(text)),
        None | Some(Value::Null) => Ok(None),
        Some(_) => Err(Malformed::new(format!("`{name}` is a string or null."))),
    };
    let (query, id) = (text("query")?, text("documentId")?);
    let operation_name = text("operationName")?;
    let mut object = |name: &str| match parameters.remove(name) {
        Some(Value::Object(object)) => Ok(object),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err(Malformed::new(format!("`{name}` is an object or null."))),
    };
    let variables = Variables::from_json(Value::Object(object("variables")?));
    let extensions = object("extensions")?;
    let named = named(id, extensions.get("persistedQuery"))?;
    // A client whose types ask for a `query` sends an empty one.
    let is_empty = query.as_ref().is_none_or(String::is_empty);
    match named {
        None if query.is_none() => {
            return Err(Malformed::new(
                "`query` is missing: send the document in it, or the `documentId` of one that is known.",
            ));
        }
        // Of two, one program looks at the one and another at the other.
        Some(Named::Id(_)) if !is_empty => {
            return Err(Malformed::new("Send `query` or `documentId`, not both."));
        }
        _ => {}
    }
    let mut request = Request::new(query.unwrap_or_default()).variables(variables);
    request.operation_name = operation_name;
    request.extensions = serde_json::from_value::<Extensions>(Value::Object(extensions))
        .map_err(|_| Malformed::new("`extensions` is an object or null."))?;
    Ok(Asked { request, named })
}

/// What names the document, if anything does: `id`, or the extension of automatic persisted queries.
fn named(id: Option<String>, persisted: Option<&Value>) -> Result<Option<Named>, Malformed> {
    let persisted = persisted.filter(|persisted| !persisted.is_null());
    match (id, persisted) {
        (Some(_), Some(_)) => Err(Malformed::new(
            "Send `documentId` or `extensions.persistedQuery`, not both.",
        )),
        (Some(id), None) => Ok(Some(Named::Id(id))),
        (None, Some(persisted)) => {
            let hash = persisted.get("sha256Hash").and_then(Value::as_str);
            let is_ours = persisted.get("version") == Some(&Value::from(1));
            let hash = hash.filter(|_| is_ours);
            Ok(Some(hash.map_or(Named::Unknown, |hash| {
                Named::Hash(hash.to_owned())
            })))
        }
        (None, None) => Ok(None),
    }
}

/// Cannot be read from an object that has one of these twice.
#[derive(Deserialize)]
struct Once {
    #[serde(rename = "query")]
    _query: Option<IgnoredAny>,
    #[serde(rename = "documentId")]
    _document_id: Option<IgnoredAny>,
    #[serde(rename = "operationName")]
    _operation_name: Option<IgnoredAny>,
    #[serde(rename = "variables")]
    _variables: Option<IgnoredAny>,
    #[serde(rename = "extensions")]
    _extensions: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InUrl {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// Reads a URL's query component. An empty parameter is one that is not there.
///
/// # Errors
/// As [`from_object`], and where it is not UTF-8, or `variables` or `extensions` are not JSON.
pub fn from_url(url: &Uri) -> Result<Asked, Malformed> {
    let encoded = url.query().unwrap_or_default();
    if percent_decode_str(encoded).decode_utf8().is_err() {
        return Err(Malformed::new("The URL's parameters are not UTF-8."));
    }
    let Query(InUrl {
        query,
        document_id,
        operation_name,
        variables,
        extensions,
    }) = Query::try_from_uri(url)
        .map_err(|_| Malformed::new("The URL's parameters cannot be read."))?;
    let mut parameters = Map::new();
    for (name, text) in [
        ("query", query),
        ("documentId", document_id),
        ("operationName", operation_name),
    ] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            parameters.insert(name.to_owned(), Value::String(text));
        }
    }
    for (name, text) in [("variables", variables), ("extensions", extensions)] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            let value = serde_json::from_str(&text).map_err(|_| Malformed {
                code: "INVALID_JSON",
                message: format!("`{name}` is not valid JSON."),
            })?;
            parameters.insert(name.to_owned(), value);
        }
    }
    from_object(parameters)
}
