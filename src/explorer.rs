//! GraphiQL in the browser: bundled by `explorer/`, or where that was not built, a page that
//! loads it from a CDN.

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The bundle, as it was at build time.
#[derive(RustEmbed)]
#[folder = "explorer/dist"]
#[allow_missing = true]
struct Bundle;

const INDEX: &str = "index.html";
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
    match Bundle::get(INDEX) {
        Some(file) => page(file, INDEX, "no-cache", BUNDLED_POLICY, &headers),
        None => {
            let html = (typed("text/html; charset=utf-8"), FROM_CDN);
            (secured("no-cache", CDN_POLICY), html).into_response()
        }
    }
}

async fn asset(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    match Bundle::get(path) {
        // Their names hold the hash of what is in them.
        Some(file) => page(
            file,
            path,
            "public, max-age=31536000, immutable",
            BUNDLED_POLICY,
            &headers,
        ),
        None => (StatusCode::NOT_FOUND, "There is no such file.").into_response(),
    }
}

fn page(
    file: EmbeddedFile,
    path: &str,
    cache: &'static str,
    policy: &'static str,
    headers: &HeaderMap,
) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = format!("\"{tag}\"");
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.split(',').any(|one| one.trim().ends_with(&tag)));
    let tag = [(header::ETAG, tag)];
    if is_known {
        return (StatusCode::NOT_MODIFIED, secured(cache, policy), tag).into_response();
    }
    let mime = file.metadata.mimetype();
    let mime = match path.rsplit_once('.') {
        _ if mime.starts_with("text/") => format!("{mime}; charset=utf-8"),
        Some((_, "ttf")) => "font/ttf".to_owned(),
        _ => mime.to_owned(),
    };
    let content_type = [(header::CONTENT_TYPE, mime)];
    (secured(cache, policy), tag, content_type, file.data).into_response()
}

fn typed(mime: &'static str) -> [(HeaderName, HeaderValue); 1] {
    [(header::CONTENT_TYPE, HeaderValue::from_static(mime))]
}

fn secured(cache: &'static str, policy: &'static str) -> [(HeaderName, HeaderValue); 5] {
    [
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)))
}

#[cfg(test)]
mod tests {
    use rust_embed::Metadata;

    use super::*;

    fn file(mime: &'static str) -> EmbeddedFile {
        EmbeddedFile {
            data: b"data".as_slice().into(),
            metadata: Metadata::__rust_embed_new([7; 32], None, None, mime),
        }
    }

    #[test]
    fn a_bundled_file_is_typed_cached_and_bounded() {
        for (mime, path, expected) in [
            ("text/html", "index.html", "text/html; charset=utf-8"),
            (
                "text/javascript",
                "assets/a.js",
                "text/javascript; charset=utf-8",
            ),
            ("image/svg+xml", "assets/a.svg", "image/svg+xml"),
            ("application/octet-stream", "assets/a.ttf", "font/ttf"),
        ] {
            let answer = page(
                file(mime),
                path,
                "immutable",
                BUNDLED_POLICY,
                &HeaderMap::new(),
            );
            assert_eq!(answer.status(), StatusCode::OK);
            let headers = answer.headers();
            assert_eq!(headers[header::CONTENT_TYPE], expected);
            assert_eq!(headers[header::CACHE_CONTROL], "immutable");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("script-src 'self';"), "{policy}");
        }
    }

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let index = || file("text/html");
        let first = page(
            index(),
            INDEX,
            "no-cache",
            BUNDLED_POLICY,
            &HeaderMap::new(),
        );
        let tag = first.headers()[header::ETAG].clone();
        let known = HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)]);
        let again = page(index(), INDEX, "no-cache", BUNDLED_POLICY, &known);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }
}
