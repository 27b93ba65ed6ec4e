//! GraphQL over HTTP, after the draft of the specification
//! (<https://graphql.github.io/graphql-over-http/draft/>) and its audits.
//!
//! Nothing here acts on what a web page of another site can send without a preflight: posts are
//! `application/json`, or have files and a header that no form has, and GET never runs a mutation.

mod body;
mod event;
mod events;
pub mod multipart;
mod negotiate;
mod reply;

use std::sync::Arc;

use async_graphql::{Executor, parser::types::OperationType};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
};

use super::{answer::Answer, api::Api, parameters::Malformed, request_id::request_id, socket};
use crate::viewer::Viewer;
use negotiate::{Accepted, MediaType};
use reply::{Reader, Reply};

/// Answers one request at `/graphql`.
pub async fn handle<E: Executor>(
    State(api): State<Arc<Api<E>>>,
    request: axum::extract::Request,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let limit = api.limits.max_response_bytes;
    let request_id = request_id(&parts);
    if socket::is_upgrade(&parts) && authorization(&parts.headers).is_ok() {
        return socket::upgrade(api, &mut parts).await;
    }
    let accepted = Accepted::by(&parts.headers);
    let reader = |media| Reader {
        media,
        headers: &parts.headers,
        limit,
        request_id: &request_id,
    };
    let Some(accepted) = accepted else {
        let reply = Reply::because(
            StatusCode::NOT_ACCEPTABLE,
            "NOT_ACCEPTABLE",
            "Accept application/graphql-response+json or application/json, or, for events, text/event-stream.",
        );
        return reply.write(&reader(MediaType::Json)).await;
    };
    let given = answer(&api, &parts, body, accepted, &request_id).await;
    match given {
        Ok(Given::Events(events)) => events,
        Ok(Given::Answer(reply)) | Err(reply) => reply.write(&reader(accepted.media)).await,
    }
}

/// What a request is answered with.
enum Given {
    Answer(Reply),
    Events(Response),
}

async fn answer<E: Executor>(
    api: &Arc<Api<E>>,
    parts: &Parts,
    body: Body,
    accepted: Accepted,
    request_id: &str,
) -> Result<Given, Reply> {
    let media = accepted.media;
    let authorization = authorization(&parts.headers)?;
    let caller = async || {
        let caller = api.caller(authorization.map(HeaderValue::as_bytes)).await;
        caller.map_err(|error| Reply::not_admitted(error, request_id))
    };
    let (mut asked, caller) = if is_upload(parts) {
        if let Some(reply) = multipart::refusal(&parts.headers) {
            return Err(reply);
        }
        // Before anything of the files is read.
        let caller = caller().await?;
        let member = caller.viewer.member();
        let member = member.map_err(|error| Reply::not_admitted(error, request_id))?;
        let asked = multipart::read(api, member, parts, body).await?;
        (asked, caller)
    } else {
        let asked = body::read(api, parts, body).await?;
        (asked, caller().await?)
    };
    let viewer = caller.viewer;
    // What is wrong with the document is a 400, or a 200 for clients that read nothing else.
    let admitted = api
        .admit(&mut asked)
        .map_err(|refusal| Reply::refused(Answer::refused(refusal, request_id), media))?;
    let request = asked.request;
    match admitted.kind {
        OperationType::Mutation if parts.method == Method::GET => {
            return Err(Reply {
                allow: Some("POST"),
                ..Reply::because(
                    StatusCode::METHOD_NOT_ALLOWED,
                    "MUTATION_NEEDS_POST",
                    "A mutation is sent by POST.",
                )
            });
        }
        OperationType::Subscription if accepted.streams => {
            let asked_by = (parts, request_id);
            let events = events::begin(api, request, admitted, viewer, media, asked_by).await?;
            return Ok(Given::Events(events));
        }
        OperationType::Subscription => {
            return Err(Reply::because(
                StatusCode::BAD_REQUEST,
                "SUBSCRIPTION_NEEDS_WEBSOCKET",
                "A subscription is started over a websocket at this same path, with the \
                 sub-protocol graphql-transport-ws, or accepts text/event-stream.",
            ));
        }
        OperationType::Query | OperationType::Mutation => {}
    }
    let answer = api
        .execute(request, admitted, caller, api.peers.of(parts), request_id)
        .await
        .map_err(|failure| Reply::failed(failure, media, request_id))?;
    if answer.is_refusal() {
        return Err(Reply::refused(answer, media));
    }
    // What anybody who is signed out would be answered, and no event, which is read once.
    let is_public = parts.method == Method::GET
        && viewer == Viewer::Anonymous
        && admitted.is_everybodys
        && media != MediaType::EventStream
        && answer.is_whole();
    // Mutations give secrets out (see `compression`).
    let is_packed = api.answers.compression
        && admitted.kind == OperationType::Query
        && media != MediaType::EventStream;
    Ok(Given::Answer(Reply {
        public_for: if is_public {
            api.answers.public_max_age
        } else {
            0
        },
        packer: is_packed.then(|| api.app.ids.clone()),
        ..Reply::new(StatusCode::OK, answer)
    }))
}

fn is_upload(parts: &Parts) -> bool {
    parts.method == Method::POST && multipart::is_multipart(&parts.headers)
}

/// Whose request it is. Of two, a proxy may have looked at the one and we at the other.
fn authorization(headers: &HeaderMap) -> Result<Option<&HeaderValue>, Malformed> {
    let mut given = headers.get_all(header::AUTHORIZATION).into_iter();
    match (given.next(), given.next()) {
        (one, None) => Ok(one),
        (_, Some(_)) => Err(Malformed {
            code: "BAD_REQUEST",
            message: "Send one Authorization header.".to_owned(),
        }),
    }
}
