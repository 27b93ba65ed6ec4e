//! What the schema has, as a page at `/docs`, with guides: made by `docs/` from `schema.graphql`, and within
//! the program where that was built before it.

use axum::{
    Router,
    extract::Path,
    http::HeaderMap,
    response::{Redirect, Response},
    routing::get,
};
use rust_embed::RustEmbed;

use crate::bundle::{self, INDEX};

/// The site, as it was at build time.
#[derive(RustEmbed)]
#[folder = "docs/dist"]
#[allow_missing = true]
struct Site;

/// What is shown where it was not built.
const NOT_BUILT: &str = "<!doctype html><html lang=en><title>Ashiato</title>\
    <p>The reference is not in this build. Run <code>npm ci && npm run build</code> in <code>docs/</code>, \
    and build the service again. (<code>make run</code> does both.)";

/// What the page may load: itself, and nothing of anybody else's.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The routes of the reference: `/docs/` and what is below.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    if !is_built() {
        tracing::warn!(
            "the reference at /docs is not in this build. Run `npm ci && npm run build` in docs/ and build again"
        );
    }
    Router::new()
        // What the page loads stands beside it.
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route("/docs/", get(index))
        .route("/docs/{*path}", get(below))
}

/// Whether the site was built before this program was.
pub fn is_built() -> bool {
    Site::get(INDEX).is_some() || Site::get(&format!("{INDEX}.gz")).is_some()
}

async fn index(headers: HeaderMap) -> Response {
    bundle::file::<Site>(INDEX, false, POLICY, &headers)
        .unwrap_or_else(|| bundle::written(NOT_BUILT, POLICY))
}

async fn below(Path(path): Path<String>, headers: HeaderMap) -> Response {
    bundle::file::<Site>(&path, false, POLICY, &headers).unwrap_or_else(bundle::nothing)
}
