//! Pages that the program has within it, as they were bundled when it was built: most of their files
//! compressed, under names that end in `.gz`.

use std::{borrow::Cow, io::Read};

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::read::GzDecoder;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::compression::takes_gzip;

/// The page itself.
pub const INDEX: &str = "index.html";
/// For how long a browser keeps what may change with the next version.
const ASK_AGAIN: &str = "no-cache";
/// For how long it keeps a file whose name holds the hash of what is in it.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The file of `B` at `path`, or none where there is no such file. `policy` says what the page may load.
pub fn file<B: RustEmbed>(
    path: &str,
    is_for_ever: bool,
    policy: &'static str,
    headers: &HeaderMap,
) -> Option<Response> {
    let compressed = || Some((B::get(&format!("{path}.gz"))?, true));
    let (file, is_gzip) = B::get(path).map(|file| (file, false)).or_else(compressed)?;
    let cache = if is_for_ever { FOR_EVER } else { ASK_AGAIN };
    Some(page(file, is_gzip, path, cache, policy, headers))
}

/// That there is no such file.
pub fn nothing() -> Response {
    (StatusCode::NOT_FOUND, "There is no such file.").into_response()
}

/// A page that is written by the program.
pub fn written(html: &'static str, policy: &'static str) -> Response {
    let kind = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    )];
    (secured(ASK_AGAIN, policy), kind, html).into_response()
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
                tracing::error!(%error, path, "a file within the program is broken");
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

    const POLICY: &str = "default-src 'self'; script-src 'self'; base-uri 'none'";

    fn file(data: Vec<u8>) -> EmbeddedFile {
        EmbeddedFile {
            data: data.into(),
            metadata: Metadata::__rust_embed_new([7; 32], None, None),
        }
    }

    fn sent(file: EmbeddedFile, is_gzip: bool, path: &str, headers: &HeaderMap) -> Response {
        page(file, is_gzip, path, "immutable", POLICY, headers)
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
