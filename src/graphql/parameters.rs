//! The parameters of a GraphQL-over-HTTP request, from a body, a URL or a socket's message.

use async_graphql::{Extensions, Request, Variables};
use axum::{extract::Query, http::Uri};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value};

use crate::error::text::request::RequestText;

/// Why there is no request in what was sent: for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub RequestText);

/// Reads a body of JSON.
///
/// # Errors
/// Where it is no JSON, an array (batches are refused), or has a parameter twice or of the wrong
/// type.
pub fn from_body(body: &[u8]) -> Result<Request, Malformed> {
    match serde_json::from_slice(body) {
        // Of two, one program reads the first and another the last.
        Ok(Value::Object(_)) if serde_json::from_slice::<Once>(body).is_err() => {
            Err(Malformed(RequestText::ParameterTwice))
        }
        Ok(Value::Object(parameters)) => from_object(parameters),
        Ok(Value::Array(_)) => Err(Malformed(RequestText::NoBatches)),
        Ok(_) => Err(Malformed(RequestText::NoObject)),
        Err(error) => Err(Malformed(RequestText::InvalidJson {
            line: error.line(),
            column: error.column(),
        })),
    }
}

/// Reads the parameters themselves. Others than the specification's are ignored, as it asks.
///
/// # Errors
/// Where one has the wrong type, or `query` is missing.
pub fn from_object(mut parameters: Map<String, Value>) -> Result<Request, Malformed> {
    let query = match parameters.remove("query") {
        Some(Value::String(query)) => query,
        Some(_) => return Err(Malformed(RequestText::QueryNoString)),
        None => return Err(Malformed(RequestText::QueryMissing)),
    };
    let mut request = Request::new(query);
    request.operation_name = match parameters.remove("operationName") {
        Some(Value::String(name)) => Some(name),
        None | Some(Value::Null) => None,
        Some(_) => return Err(Malformed(RequestText::OperationNameNoString)),
    };
    let no_object = |parameter| Malformed(RequestText::NotAnObject { parameter });
    let mut object = |name| match parameters.remove(name) {
        Some(Value::Object(object)) => Ok(object),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err(no_object(name)),
    };
    request.variables = Variables::from_json(Value::Object(object("variables")?));
    let extensions = serde_json::from_value::<Extensions>(Value::Object(object("extensions")?));
    request.extensions = extensions.map_err(|_| no_object("extensions"))?;
    Ok(request)
}

/// Cannot be read from an object that has one of these twice.
#[derive(Deserialize)]
struct Once {
    #[serde(rename = "query")]
    _query: Option<IgnoredAny>,
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
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// Reads a URL's query component. An empty parameter is one that is not there.
///
/// # Errors
/// As [`from_object`], and where it is not UTF-8, or `variables` or `extensions` are not JSON.
pub fn from_url(url: &Uri) -> Result<Request, Malformed> {
    let encoded = url.query().unwrap_or_default();
    if percent_decode_str(encoded).decode_utf8().is_err() {
        return Err(Malformed(RequestText::UrlNotUtf8));
    }
    let Query(InUrl {
        query,
        operation_name,
        variables,
        extensions,
    }) = Query::try_from_uri(url).map_err(|_| Malformed(RequestText::UrlUnreadable))?;
    let mut parameters = Map::new();
    for (name, text) in [("query", query), ("operationName", operation_name)] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            parameters.insert(name.to_owned(), Value::String(text));
        }
    }
    for (parameter, text) in [("variables", variables), ("extensions", extensions)] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            let value = serde_json::from_str(&text)
                .map_err(|_| Malformed(RequestText::ParameterNoJson { parameter }))?;
            parameters.insert(parameter.to_owned(), value);
        }
    }
    from_object(parameters)
}
