//! GraphQL over HTTP, after the draft of the specification
//! (<https://graphql.github.io/graphql-over-http/draft/>) and its audits.
//!
//! Nothing here acts on what a web page of another site can send without a preflight: posts are
//! `application/json`, or have files and a header that no form has, and GET never runs a mutation.

pub mod multipart;
mod negotiate;

use std::sync::Arc;

use async_graphql::{Executor, Request, parser::types::OperationType};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use tokio::time::timeout;

use super::{
    answer::{Answer, server_error},
    api::Api,
    bounded,
    failure::Failure,
    parameters::{self, Malformed},
    request_id::request_id,
    socket,
};
use crate::{
    error::{Error, text::request::RequestText},
    language::Language,
};
use negotiate::MediaType;

/// The bytes that most bodies fit into.
const USUAL: usize = 4 * 1024;

/// Answers one request at `/graphql`.
pub async fn handle<E: Executor>(
    State(api): State<Arc<Api<E>>>,
    request: axum::extract::Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let limit = api.limits.max_response_bytes;
    let request_id = request_id(&parts);
    let language = Language::of_headers(&parts.headers);
    let write = |reply: Reply, media| reply.write(media, language, limit, &request_id);
    if socket::is_upgrade(&parts) {
        return match authorization(&parts.headers) {
            Ok(_) => socket::upgrade(api, &mut parts).await,
            Err(twice) => write(twice.into(), MediaType::Json),
        };
    }
    let Some(media) = MediaType::accepted(&parts.headers) else {
        let refused = Reply::because(StatusCode::NOT_ACCEPTABLE, RequestText::NotAcceptable);
        return write(refused, MediaType::Json);
    };
    let reply = match answer(&api, &parts, body, media, &request_id).await {
        Ok(answer) => Reply::new(StatusCode::OK, answer),
        Err(reply) => reply,
    };
    write(reply, media)
}

async fn answer<E: Executor>(
    api: &Api<E>,
    parts: &Parts,
    body: Body,
    media: MediaType,
    request_id: &str,
) -> Result<Answer, Reply> {
    let authorization = authorization(&parts.headers)?;
    let caller = async || {
        let caller = api.caller(authorization.map(HeaderValue::as_bytes)).await;
        caller.map_err(|error| Reply::not_admitted(error, request_id))
    };
    let (mut request, caller) = if is_upload(parts) {
        if let Some(reply) = multipart::refusal(&parts.headers) {
            return Err(reply);
        }
        // Before anything of the files is read.
        let caller = caller().await?;
        let member = caller.viewer.member();
        let member = member.map_err(|error| Reply::not_admitted(error, request_id))?;
        let request = multipart::read(api, member, parts, body).await?;
        (request, caller)
    } else {
        let request = read(api, parts, body).await?;
        (request, caller().await?)
    };
    // What is wrong with the document is a 400, or a 200 for clients that read nothing else.
    let refused = refused(media);
    let admitted = api
        .admit(&mut request)
        .map_err(|refusal| Reply::new(refused, Answer::refused(refusal, request_id)))?;
    match admitted.kind {
        OperationType::Mutation if parts.method == Method::GET => {
            return Err(Reply {
                allow: Some("POST"),
                ..Reply::because(
                    StatusCode::METHOD_NOT_ALLOWED,
                    RequestText::MutationNeedsPost,
                )
            });
        }
        OperationType::Subscription => {
            let text = RequestText::SubscriptionNeedsWebsocket;
            return Err(Reply::because(StatusCode::BAD_REQUEST, text));
        }
        OperationType::Query | OperationType::Mutation => {}
    }
    let answer = api
        .execute(request, admitted, caller, api.peers.of(parts), request_id)
        .await
        .map_err(|failure| Reply::failed(failure, media, request_id))?;
    if answer.is_refusal() {
        return Err(Reply::new(refused, answer));
    }
    Ok(answer)
}

fn is_upload(parts: &Parts) -> bool {
    parts.method == Method::POST && multipart::is_multipart(&parts.headers)
}

/// Whose request it is. Of two, a proxy may have looked at the one and we at the other.
fn authorization(headers: &HeaderMap) -> Result<Option<&HeaderValue>, Malformed> {
    let mut given = headers.get_all(header::AUTHORIZATION).into_iter();
    match (given.next(), given.next()) {
        (one, None) => Ok(one),
        (_, Some(_)) => Err(Malformed(RequestText::TwoAuthorizations)),
    }
}

/// The status of an answer without data.
fn refused(media: MediaType) -> StatusCode {
    match media {
        MediaType::GraphqlResponse => StatusCode::BAD_REQUEST,
        MediaType::Json => StatusCode::OK,
    }
}

/// The status of an answer to what comes too soon.
fn throttled(media: MediaType) -> StatusCode {
    match media {
        MediaType::GraphqlResponse => StatusCode::TOO_MANY_REQUESTS,
        MediaType::Json => StatusCode::OK,
    }
}

/// The GraphQL request in the HTTP request.
async fn read<E>(api: &Api<E>, parts: &Parts, body: Body) -> Result<Request, Reply> {
    match parts.method {
        Method::GET => Ok(parameters::from_url(&parts.uri)?),
        Method::POST if !negotiate::is_json(&parts.headers) => Err(Reply::because(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            RequestText::UnsupportedMediaType,
        )),
        Method::POST => {
            let limit = usize::try_from(api.limits.max_body_bytes).unwrap_or(usize::MAX);
            let body = timeout(
                api.deadlines.body_timeout,
                read_body(&parts.headers, body, limit),
            )
            .await
            .map_err(|_| Reply::because(StatusCode::REQUEST_TIMEOUT, RequestText::BodyTooSlow))??;
            Ok(parameters::from_body(&body)?)
        }
        _ => Err(Reply {
            allow: Some("GET, POST"),
            ..Reply::because(
                StatusCode::METHOD_NOT_ALLOWED,
                RequestText::MethodNotAllowed,
            )
        }),
    }
}

async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Reply> {
    let too_large = || {
        Reply::because(
            StatusCode::PAYLOAD_TOO_LARGE,
            RequestText::BodyTooLarge { limit },
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
        let chunk = chunk.map_err(|_| Malformed(RequestText::BodyBrokenOff))?;
        if bytes.len().saturating_add(chunk.len()) > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// An answer with its status.
#[derive(Debug)]
struct Reply {
    status: StatusCode,
    answer: Answer,
    allow: Option<&'static str>,
    /// In seconds.
    retry_after: Option<u64>,
}

impl Reply {
    fn new(status: StatusCode, answer: Answer) -> Self {
        Self {
            status,
            answer,
            allow: None,
            retry_after: None,
        }
    }

    fn because(status: StatusCode, text: RequestText) -> Self {
        Self::new(status, Answer::because(text))
    }

    fn not_admitted(error: Error, request_id: &str) -> Self {
        let status = match error {
            Error::InvalidToken | Error::SignInRequired => StatusCode::UNAUTHORIZED,
            Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, Answer::refused([server_error(error)], request_id))
    }

    fn failed(failure: Failure, media: MediaType, request_id: &str) -> Self {
        let status = match &failure {
            Failure::TooLarge(_) | Failure::NotTheirs(_) => refused(media),
            Failure::Throttled(_) => throttled(media),
            Failure::NotBegun(Error::InvalidToken) => StatusCode::UNAUTHORIZED,
            Failure::Broken | Failure::NotBegun(Error::Internal(_)) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            Failure::TooLong | Failure::NotBegun(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        let retry_after = match &failure {
            Failure::Throttled(error) => error.retry_after(),
            _ => None,
        };
        Self {
            retry_after,
            ..Self::new(status, failure.answer(request_id))
        }
    }

    fn write(self, media: MediaType, language: Language, limit: u32, request_id: &str) -> Response {
        let (status, body) = match bounded::json(&self.answer.told_in(language), limit) {
            Ok(Some(body)) => (self.status, body),
            Ok(None) => {
                let error = server_error(Error::ResponseTooLarge(limit.into()));
                let answer = Answer::refused(error, request_id).told_in(language);
                (
                    refused(media),
                    serde_json::to_vec(&answer).unwrap_or_default(),
                )
            }
            Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        };
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, media.header());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        headers.insert(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(language.tag()),
        );
        headers.append(
            header::VARY,
            HeaderValue::from_static("accept, accept-language, authorization"),
        );
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl From<Malformed> for Reply {
    fn from(malformed: Malformed) -> Self {
        Self::because(StatusCode::BAD_REQUEST, malformed.0)
    }
}
