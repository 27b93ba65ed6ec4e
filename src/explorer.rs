//! GraphiQL in the browser: bundled by `explorer/`, or where that was not built, a page that
//! loads it from a CDN.

use std::{borrow::Cow, io::Read};

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use flate2::read::GzDecoder;
use rust_embed::{EmbeddedFile, RustEmbed};

/// The bundle, as it was at build time: most of it compressed, under names that end in `.gz`.
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
        Some(file) => page(file, false, INDEX, "no-cache", BUNDLED_POLICY, &headers),
        None => {
            let html = (typed("text/html; charset=utf-8"), FROM_CDN);
            (secured("no-cache", CDN_POLICY), html).into_response()
        }
    }
}

async fn asset(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    // Their names hold the hash of what is in them.
    let cache = "public, max-age=31536000, immutable";
    let compressed = || Some((Bundle::get(&format!("{path}.gz"))?, true));
    match Bundle::get(path)
        .map(|file| (file, false))
        .or_else(compressed)
    {
        Some((file, is_gzip)) => page(file, is_gzip, path, cache, BUNDLED_POLICY, &headers),
        None => (StatusCode::NOT_FOUND, "There is no such file.").into_response(),
    }
}

fn page(
    file: EmbeddedFile,
    is_gzip: bool,
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
    let sent_gzip = is_gzip && takes_gzip(headers);
    let tag = format!("\"{tag}{}\"", if sent_gzip { "-gzip" } else { "" });
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|tags| tags.split(',').any(|one| one.trim().ends_with(&tag)));
    let tag = [
        (header::ETAG, tag),
        (header::VARY, "Accept-Encoding".to_owned()),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, secured(cache, policy), tag).into_response();
    }
    let encoding = sent_gzip.then_some([(header::CONTENT_ENCODING, "gzip")]);
    let data = if is_gzip && !sent_gzip {
        let mut data = Vec::new();
        match GzDecoder::new(&*file.data).read_to_end(&mut data) {
            Ok(_) => Cow::Owned(data),
            Err(error) => {
                tracing::error!(%error, path, "a file of the explorer's is broken");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        }
    } else {
        file.data
    };
    let content_type = [(header::CONTENT_TYPE, mime_of(path))];
    let headers = (secured(cache, policy), tag, content_type);
    match encoding {
        Some(encoding) => (headers, encoding, data).into_response(),
        None => (headers, data).into_response(),
    }
}

fn mime_of(path: &str) -> String {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    match mime.type_() {
        mime_guess::mime::TEXT => format!("{mime}; charset=utf-8"),
        _ => mime.to_string(),
    }
}

/// Whether the client takes what is compressed by gzip.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    let accepted = accepted.filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().trim_start_matches("q=").parse::<f32>();
        name.trim().eq_ignore_ascii_case("gzip") && weight != Ok(0.0)
    })
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
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};
    use rust_embed::Metadata;

    use super::*;

    fn file(data: Vec<u8>) -> EmbeddedFile {
        EmbeddedFile {
            data: data.into(),
            metadata: Metadata::__rust_embed_new([7; 32], None, None),
        }
    }

    fn sent(file: EmbeddedFile, is_gzip: bool, path: &str, headers: &HeaderMap) -> Response {
        page(file, is_gzip, path, "immutable", BUNDLED_POLICY, headers)
    }

    #[test]
    fn a_bundled_file_is_typed_cached_and_bounded() {
        for (path, expected) in [
            ("index.html", "text/html; charset=utf-8"),
            ("assets/a.js", "text/javascript; charset=utf-8"),
            ("assets/a.css", "text/css; charset=utf-8"),
            ("assets/a.svg", "image/svg+xml"),
            ("assets/a.ttf", "font/ttf"),
        ] {
            let answer = sent(file(b"data".to_vec()), false, path, &HeaderMap::new());
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
        let index = || file(b"data".to_vec());
        let first = sent(index(), false, INDEX, &HeaderMap::new());
        let tag = first.headers()[header::ETAG].clone();
        let known = HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)]);
        let again = sent(index(), false, INDEX, &known);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn what_is_compressed_is_sent_so_to_who_takes_it() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(b"let it = 1;").unwrap();
        let packed = packed.finish().unwrap();
        let mut tags = Vec::new();
        for (accepted, is_sent_packed) in [
            (Some("gzip, deflate, br"), true),
            (Some("br;q=1, GZIP;q=0.5"), true),
            (Some("gzip;q=0, br"), false),
            (Some("br"), false),
            (None, false),
        ] {
            let accepted = accepted.map(HeaderValue::from_static);
            let accepted = accepted.map(|value| (header::ACCEPT_ENCODING, value));
            let headers = HeaderMap::from_iter(accepted);
            let answer = sent(file(packed.clone()), true, "assets/a.js", &headers);
            assert_eq!(answer.headers()[header::VARY], "Accept-Encoding");
            let encoding = answer.headers().get(header::CONTENT_ENCODING);
            assert_eq!(encoding.is_some(), is_sent_packed, "{headers:?}");
            tags.push(answer.headers()[header::ETAG].clone());
            let body = axum::body::to_bytes(answer.into_body(), 1000).await;
            let expected = if is_sent_packed {
                &packed
            } else {
                b"let it = 1;".as_slice()
            };
            assert_eq!(body.unwrap(), expected);
        }
        // What a cache has of the one is not the other.
        assert_ne!(tags[0], tags[2]);
    }
}
