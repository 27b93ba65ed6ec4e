//! `GET /photos/<token>`: fetching a photo by its link, without signing in.

use std::sync::Arc;

use async_graphql::Executor;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    error::Error,
    graphql::api::Api,
    photo::{
        kept::File,
        link,
        picture::media_type,
        store::{self, is_there},
    },
};

/// A file, and what it is.
struct Found {
    file: File,
    media_type: &'static str,
    /// For how many seconds a browser may show it without asking again.
    lasts: i64,
}

/// Hands the file over that `token` is a link to. Whatever is no link answers alike, and so does one to a photo
/// that is gone: as if there were nothing at all.
pub(super) async fn fetch<E: Executor>(
    State(api): State<Arc<Api<E>>>,
    Path(token): Path<String>,
) -> Response {
    if let Some(mock) = &api.mock
        && mock.meet().await.is_some()
    {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let found = match find(&api.app, &token).await {
        Ok(Some(found)) => found,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(%error, detail = error.detail(), "a photo cannot be fetched");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let kept = format!("private, max-age={}, immutable", found.lasts);
    let headers = [
        (header::CONTENT_TYPE, found.media_type.to_owned()),
        (header::CONTENT_LENGTH, found.file.size.to_string()),
        (header::CACHE_CONTROL, kept),
        // A page of another origin shows it, too: whoever has the link.
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, "inline".to_owned()),
    ];
    (headers, Body::from_stream(found.file.bytes)).into_response()
}

async fn find(app: &App, token: &str) -> Result<Option<Found>, Error> {
    let Some(linked) = link::read(app, token)? else {
        return Ok(None);
    };
    // A link outlives what it leads to.
    let row = store::photo(app.database.reader(), linked.key).await?;
    let Some(row) = row.filter(is_there) else {
        return Ok(None);
    };
    let file = app.photos.file(linked.key, linked.size).await?;
    let (media_type, _) = media_type(row.format);
    Ok(file.map(|file| Found {
        file,
        media_type,
        lasts: linked.lasts.num_seconds(),
    }))
}
