//! GraphiQL in the browser: bundled by `explorer/`, or where that was not built, a page that
//! loads it from a CDN.

use axum::{
    Router,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};
use rust_embed::RustEmbed;

use crate::bundle::{self, INDEX};

/// The bundle, as it was at build time.
#[derive(RustEmbed)]
#[folder = "explorer/dist"]
#[allow_missing = true]
struct Bundle;

const FROM_CDN: &str = include_str!("explorer/from_cdn.html");

/// What the bundled page may load: itself, and nothing of anybody else's.
const BUNDLED_POLICY: &str = "default-src 'self'; script-src 'self'; worker-src 'self' blob:; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
     connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
     object-src 'none'";
/// What the other page may load besides.
const CDN_POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-inline' https://esm.sh; \
     worker-src 'self' blob: https://esm.sh; style-src 'self' 'unsafe-inline' https://esm.sh; \
     img-src 'self' data:; font-src 'self' data: https://esm.sh; \
     connect-src 'self' ws: wss: https://esm.sh; frame-ancestors 'none'; base-uri 'none'; \
     form-action 'self'; object-src 'none'";

/// The explorer's routes: `/` and `/assets/*`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    if !is_bundled() {
        tracing::warn!(
            "the explorer is not in this build: the page at / loads GraphiQL from esm.sh. \
             Run `npm ci && npm run build` in explorer/ and build again"
        );
    }
    Router::new()
        .route("/", get(index))
        .route("/assets/{*path}", get(asset))
}

/// Whether the explorer was built before this program was.
pub fn is_bundled() -> bool {
    Bundle::get(INDEX).is_some()
}

async fn index(headers: HeaderMap) -> Response {
    bundle::file::<Bundle>(INDEX, false, BUNDLED_POLICY, &headers)
        .unwrap_or_else(|| bundle::written(FROM_CDN, CDN_POLICY))
}

async fn asset(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    // Their names hold the hash of what is in them.
    bundle::file::<Bundle>(path, true, BUNDLED_POLICY, &headers).unwrap_or_else(bundle::nothing)
}
