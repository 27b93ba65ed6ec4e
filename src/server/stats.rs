//! `GET /stats`: the service's figures as a page, for anybody.

use std::sync::Arc;

use async_graphql::Executor;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    database::in_time,
    graphql::api::Api,
    language::Language,
    statistics::{
        figures,
        page::{POLICY, page},
    },
};

/// For how long a browser, or what stands between, can show the page again: the figures change once a day.
const KEPT: &str = "public, max-age=300";

/// What the page can be asked for with.
#[derive(Deserialize)]
pub(super) struct Wish {
    /// In which language: as the browser says, if not given.
    lang: Option<String>,
}

/// Shows the figures.
pub(super) async fn show<E: Executor>(
    State(api): State<Arc<Api<E>>>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Response {
    let language = wish.lang.as_deref().and_then(Language::of);
    let language = language.unwrap_or_else(|| Language::of_headers(&headers));
    let found = match in_time(figures::read(api.app.database.reader())).await {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, detail = error.detail(), "the figures cannot be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::CACHE_CONTROL, KEPT),
        (header::VARY, "Accept-Language"),
        (header::CONTENT_SECURITY_POLICY, POLICY.as_str()),
    ];
    (headers, page(found.as_ref(), language)).into_response()
}
