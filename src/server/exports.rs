//! `GET /exports/<token>`: fetching a copy of one's data by its link, without signing in.

use std::sync::Arc;

use async_graphql::Executor;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{account::leaving::export::fetch, graphql::api::Api};

/// What the log says in the place of a link, which is a secret.
pub(super) const PATH: &str = "/exports/";

/// Hands the copy over that `token` is a link to. Whatever is no link answers alike: as if there were
/// nothing at all.
pub(super) async fn fetch<E: Executor>(
    State(api): State<Arc<Api<E>>>,
    Path(token): Path<String>,
) -> Response {
    let download = match fetch::begin(&api.app, &token).await {
        Ok(Some(download)) => download,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(%error, detail = error.detail(), "a data export cannot be fetched");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let name = format!("attachment; filename=\"ashiato-{}.zip\"", download.day);
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_LENGTH, download.size.to_string()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            HeaderName::from_static("referrer-policy"),
            "no-referrer".to_owned(),
        ),
    ];
    (headers, Body::from_stream(download.bytes())).into_response()
}
