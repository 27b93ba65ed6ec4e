//! The GraphQL request in an HTTP request.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};
use futures_util::StreamExt;
use tokio::time::timeout;

use super::{negotiate, reply::Reply};
use crate::graphql::{
    api::Api,
    parameters::{self, Asked, Malformed},
};

/// The bytes that most bodies fit into.
const USUAL: usize = 4 * 1024;

/// What is asked by GET or POST, without files.
pub(super) async fn read<E>(api: &Api<E>, parts: &Parts, body: Body) -> Result<Asked, Reply> {
    match parts.method {
        Method::GET => Ok(parameters::from_url(&parts.uri)?),
        Method::POST if !negotiate::is_json(&parts.headers) => Err(Reply::because(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            "Send the request as application/json in UTF-8, or as multipart/form-data where it has files.",
        )),
        Method::POST => {
            let limit = usize::try_from(api.limits.max_body_bytes).unwrap_or(usize::MAX);
            let body = timeout(
                api.deadlines.body_timeout,
                read_body(&parts.headers, body, limit),
            )
            .await
            .map_err(|_| {
                Reply::because(
                    StatusCode::REQUEST_TIMEOUT,
                    "REQUEST_TIMEOUT",
                    "The request's body took too long to arrive.",
                )
            })??;
            Ok(parameters::from_body(&body)?)
        }
        _ => Err(Reply {
            allow: Some("GET, POST"),
            ..Reply::because(
                StatusCode::METHOD_NOT_ALLOWED,
                "METHOD_NOT_ALLOWED",
                "Send a query by GET or POST, a mutation by POST.",
            )
        }),
    }
}

async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Reply> {
    let too_large = || {
        Reply::because(
            StatusCode::PAYLOAD_TOO_LARGE,
            "PAYLOAD_TOO_LARGE",
            format!("A request's body has at most {limit} bytes."),
        )
    };
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut stream = body.into_data_stream();
    // What was announced may never come: no more room is made for it than most take.
    let mut bytes = Vec::with_capacity(announced.unwrap_or_default().min(USUAL));
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Malformed {
            code: "BAD_REQUEST",
            message: "The request's body did not arrive whole.".to_owned(),
        })?;
        if bytes.len().saturating_add(chunk.len()) > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}
