//! The routes, and what stands around all of them.

use std::{any::Any, sync::Arc, time::Duration};

use async_graphql::Executor;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, Response, StatusCode, Version, header},
    middleware::{Next, from_fn},
    response::IntoResponse,
    routing::{any, get, post},
};
use tokio::time::timeout;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    trace::{MakeSpan, OnResponse, TraceLayer},
};
use tracing::Span;

use super::{exports, headers, photos, stats, webhooks};
use crate::{
    app::App,
    error::text::{ErrorText, request::RequestText, service::ServiceText},
    explorer,
    graphql::{answer::Answer, api::Api, http},
    language::Language,
    photo::link,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken over from a client.
const MAX_REQUEST_ID: usize = 64;
/// The most headers of a request. (Over HTTP/1 the library takes a hundred.) Over HTTP/2 one of a byte can stand for
/// an earlier one, and takes some fifty in memory for as long as its request is under way; and a browser has one
/// there for each of its cookies, 180 at the most.
const MAX_HEADERS: usize = 256;
/// How long the database may take to show that it is there.
const READY: Duration = Duration::from_secs(1);

/// What is open, and to whom.
#[derive(Debug)]
pub struct Open {
    /// Of which web pages may call.
    pub origins: Vec<String>,
    /// Whether those of this machine may where there are no others.
    pub this_machine: bool,
    /// Whether there is a page to explore the schema with.
    pub explorer: bool,
    /// Whether connections are sealed here.
    pub is_sealed: bool,
}

/// Everything that is served.
pub fn router<E: Executor>(api: Arc<Api<E>>, open: &Open) -> Router {
    let around = ServiceBuilder::new()
        .map_request(forget_odd_request_id)
        .layer(SetRequestIdLayer::new(REQUEST_ID, Ids(api.app.clone())))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(Log)
                .on_request(())
                .on_response(Log)
                .on_body_chunk(())
                .on_eos(())
                .on_failure(()),
        )
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(from_fn(few_headers))
        .layer(from_fn(one_host))
        .map_response(headers::add(open.is_sealed))
        .layer(cors(open))
        .layer(CatchPanicLayer::custom(panicked));
    Router::new()
        .route("/graphql", any(http::handle::<E>))
        .route("/exports/{token}", get(exports::fetch::<E>))
        .route("/photos/{token}", get(photos::fetch::<E>))
        .route("/stats", get(stats::show::<E>))
        .route("/webhooks/stripe", post(webhooks::hear::<E>))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready::<E>))
        .merge(if open.explorer {
            explorer::routes()
        } else {
            Router::new()
        })
        .with_state(api)
        .layer(around)
}

async fn ready<E: Executor>(State(api): State<Arc<Api<E>>>) -> (StatusCode, &'static str) {
    if api.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    if api.app.database.check_file().is_err() {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database file is not where it was opened\n",
        );
    }
    match timeout(READY, api.app.database.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ok\n"),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer, takes no writes, or lacks a step of this version\n",
        ),
    }
}

#[derive(Clone)]
struct Ids(Arc<App>);

impl MakeRequestId for Ids {
    fn make_request_id<B>(&mut self, _: &hyper::Request<B>) -> Option<RequestId> {
        let id = self.0.ids.at(self.0.clock.now()).to_string();
        HeaderValue::from_str(&id).ok().map(RequestId::new)
    }
}

/// A client's own id is kept where it is short and plain; it goes into the log.
fn forget_odd_request_id(mut request: Request) -> Request {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let plain = request.headers().get(REQUEST_ID).is_some_and(|id| {
        let id = id.as_bytes();
        (1..=MAX_REQUEST_ID).contains(&id.len()) && id.iter().all(fits)
    });
    if !plain {
        request.headers_mut().remove(REQUEST_ID);
    }
    request
}

/// Refuses what does not say once which host it is for (RFC 9112, section 3.2): a proxy before us may
/// have understood another one. HTTP/2 says it elsewhere, HTTP/1.0 need not.
async fn one_host(request: Request, next: Next) -> axum::response::Response {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        let language = Language::of_headers(request.headers());
        return refused(StatusCode::BAD_REQUEST, RequestText::OneHost, language);
    }
    next.run(request).await
}

async fn few_headers(request: Request, next: Next) -> axum::response::Response {
    if request.headers().len() > MAX_HEADERS {
        let text = RequestText::TooManyHeaders { limit: MAX_HEADERS };
        let language = Language::of_headers(request.headers());
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return refused(status, text, language);
    }
    next.run(request).await
}

/// One span and one line a request: never the token, never the document (a GET has it in its URL).
#[derive(Clone)]
struct Log;

impl<B> MakeSpan<B> for Log {
    fn make_span(&mut self, request: &hyper::Request<B>) -> Span {
        let id = request.extensions().get::<RequestId>();
        tracing::info_span!(
            "request",
            method = %request.method(),
            path = logged(request.uri().path()),
            request_id = id.and_then(|id| id.header_value().to_str().ok()).unwrap_or_default(),
        )
    }
}

/// `path`, as far as it is no secret.
fn logged(path: &str) -> &str {
    let secrets = [exports::PATH, link::PATH];
    let secret = secrets.into_iter().find(|secret| path.starts_with(secret));
    secret.unwrap_or(path)
}

impl<B> OnResponse<B> for Log {
    fn on_response(self, response: &Response<B>, latency: Duration, _: &Span) {
        let status = response.status().as_u16();
        tracing::info!(status, latency_us = latency.as_micros(), "answered");
    }
}

fn cors(open: &Open) -> CorsLayer {
    let origins = if open.origins.is_empty() && open.this_machine {
        AllowOrigin::predicate(|origin, _| is_this_machine(origin))
    } else {
        let list = open.origins.iter();
        let list = list.filter_map(|origin| origin.parse().ok());
        AllowOrigin::list(list.collect::<Vec<HeaderValue>>())
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("graphql-require-preflight"),
            REQUEST_ID,
        ])
        .expose_headers([REQUEST_ID, header::RETRY_AFTER])
        .max_age(Duration::from_secs(3_600))
}

/// `http://localhost`, `http://127.0.0.1` and `http://[::1]`, on every port.
fn is_this_machine(origin: &HeaderValue) -> bool {
    let Some(host) = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.strip_prefix("http://"))
    else {
        return false;
    };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| {
        host.strip_prefix(name).is_some_and(|port| {
            port.is_empty()
                || port
                    .strip_prefix(':')
                    .is_some_and(|port| port.parse::<u16>().is_ok())
        })
    })
}

fn panicked(panic: Box<dyn Any + Send>) -> Response<Body> {
    let said = panic
        .downcast_ref::<&str>()
        .map(|said| (*said).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!(said, "a handler panicked");
    // Nobody knows here any more who asked, and in which language.
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    refused(status, ServiceText::Internal, Language::English)
}

/// What an address is answered that has too many requests under way.
pub(super) fn too_many_requests(language: Language) -> Response<Body> {
    let text = RequestText::TooManyRequests;
    let mut answer = refused(StatusCode::SERVICE_UNAVAILABLE, text, language);
    let soon = HeaderValue::from_static("1");
    answer.headers_mut().insert(header::RETRY_AFTER, soon);
    answer
}

fn refused(status: StatusCode, text: impl Into<ErrorText>, language: Language) -> Response<Body> {
    let answer = Answer::because(text).told_in(language);
    let body = serde_json::to_vec(&answer).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "accept-language"),
    ];
    (status, headers, body).into_response()
}
