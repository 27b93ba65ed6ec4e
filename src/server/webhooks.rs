//! `POST /webhooks/stripe`: what the payment provider tells. It comes from anywhere: what counts is the signature.

use std::sync::Arc;

use async_graphql::Executor;
use axum::{
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, StatusCode},
};
use tokio::time::timeout;

use crate::{
    graphql::api::Api,
    payment::NotRead,
    plan::hearing::{self, Heard},
};

/// The longest message, in bytes.
const LONGEST: usize = 256 * 1024;
const SIGNATURE: &str = "stripe-signature";

/// Hears a message. Whatever is not answered by 2xx is told again, for days.
pub(super) async fn hear<E: Executor>(
    State(api): State<Arc<Api<E>>>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let app = &api.app;
    // As if there were nothing at all.
    if !app.payments.tells() {
        return StatusCode::NOT_FOUND;
    }
    let signature = headers.get(SIGNATURE).and_then(|it| it.to_str().ok());
    let Some(signature) = signature else {
        return StatusCode::BAD_REQUEST;
    };
    let body = match timeout(api.deadlines.body_timeout, to_bytes(body, LONGEST)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    let read = app.payments.read(signature, &body, app.clock.now());
    let event = match read.await {
        Ok(event) => event,
        Err(why) => {
            tracing::warn!(%why, "a message of the payment provider was not heard");
            return match why {
                NotRead::Forged(_) => StatusCode::BAD_REQUEST,
                NotRead::NotDone(_) => StatusCode::SERVICE_UNAVAILABLE,
            };
        }
    };
    let (id, kind) = (event.id.clone(), event.kind.clone());
    match timeout(api.deadlines.execution_timeout, hearing::hear(app, event)).await {
        Ok(Ok(heard)) => {
            let is_new = heard == Heard::Done;
            tracing::info!(id, kind, is_new, "the payment provider told something");
            StatusCode::OK
        }
        Ok(Err(error)) => {
            tracing::warn!(id, %error, detail = error.detail(), "the payment provider was not heard");
            StatusCode::SERVICE_UNAVAILABLE
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
