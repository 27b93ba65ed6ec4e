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
    compression::{gzip, takes_gzip},
    database::in_time,
    graphql::api::Api,
    statistics::{
        figures,
        page::{POLICY, language::Language, page},
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
    let packs = api.answers.compression && takes_gzip(&headers);
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    let language = wish.lang.as_deref().and_then(Language::of);
    let language = language.unwrap_or_else(|| Language::accepted(accepted.unwrap_or_default()));
    let (db, now) = (api.app.database.reader(), api.app.clock.now());
    let found = match in_time(figures::read(db, now)).await {
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
        (header::VARY, "Accept-Language, Accept-Encoding"),
        (header::CONTENT_SECURITY_POLICY, POLICY.as_str()),
    ];
    let page = page(found.as_ref(), language);
    match gzip(page.as_bytes(), &api.app.ids).filter(|_| packs) {
        Some(packed) => {
            let encoding = [(header::CONTENT_ENCODING, "gzip")];
            (headers, encoding, packed).into_response()
        }
        None => (headers, page).into_response(),
    }
}
