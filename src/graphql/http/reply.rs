//! An answer on its way to a client: its status, its headers, and what caches may do with it.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use super::{event, negotiate::MediaType};
use crate::{
    compression::{gzip, takes_gzip},
    error::Error,
    graphql::{
        answer::{Answer, server_error},
        bounded,
        failure::Failure,
        parameters::Malformed,
    },
    ids::Ids,
};

/// What is longer is compressed apart: meanwhile a thread has nothing else to do.
const LONG: usize = 128 * 1024;
/// Answers are of who asks.
const NOT_KEPT: &str = "private, no-store";
/// What else than the URL an answer depends on.
const VARY: &str = "accept, authorization, accept-encoding";

/// Who is answered, and how they can be.
#[derive(Clone, Copy)]
pub(super) struct Reader<'r> {
    /// What they like best to read.
    pub media: MediaType,
    /// Those of the request.
    pub headers: &'r HeaderMap,
    /// The most bytes of an answer.
    pub limit: u32,
    /// The request's, for the log.
    pub request_id: &'r str,
}

/// An answer with its status.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: StatusCode,
    pub answer: Answer,
    pub allow: Option<&'static str>,
    /// In seconds.
    pub retry_after: Option<u64>,
    /// For how many seconds caches may keep it for everybody; not at all for 0.
    pub public_for: u32,
    /// What it is compressed with, where it may be: a source of random lengths.
    pub packer: Option<Ids>,
}

impl Reply {
    pub fn new(status: StatusCode, answer: Answer) -> Self {
        Self {
            status,
            answer,
            allow: None,
            retry_after: None,
            public_for: 0,
            packer: None,
        }
    }

    pub fn because(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self::new(status, Answer::because(code, message))
    }

    /// What was not executed, for what is wrong with it.
    pub fn refused(answer: Answer, media: MediaType) -> Self {
        Self::new(or_ok(StatusCode::BAD_REQUEST, media), answer)
    }

    pub fn not_admitted(error: Error, request_id: &str) -> Self {
        let status = match error {
            Error::InvalidToken | Error::SignInRequired => StatusCode::UNAUTHORIZED,
            Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, Answer::refused([server_error(error)], request_id))
    }

    pub fn failed(failure: Failure, media: MediaType, request_id: &str) -> Self {
        let status = match &failure {
            Failure::TooLarge(_) | Failure::NotTheirs(_) => or_ok(StatusCode::BAD_REQUEST, media),
            // The status of what comes too soon.
            Failure::Throttled(_) => or_ok(StatusCode::TOO_MANY_REQUESTS, media),
            Failure::NotBegun(Error::InvalidToken) => StatusCode::UNAUTHORIZED,
            // Whoever reads events takes another status for the network's, and would ask again by itself.
            _ if media == MediaType::EventStream => StatusCode::OK,
            Failure::TooLong | Failure::NotBegun(_) => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let retry_after = match &failure {
            Failure::Throttled(error) => error.retry_after(),
            _ => None,
        };
        Self {
            retry_after,
            ..Self::new(status, failure.answer(request_id))
        }
    }

    /// As it goes over the wire.
    pub async fn write(self, to: &Reader<'_>) -> Response {
        let (reply, body) = match self.body(to) {
            Ok(Some(body)) => (self, body),
            Ok(None) => {
                let error = server_error(Error::ResponseTooLarge(to.limit.into()));
                let reply = Self::refused(Answer::refused(error, to.request_id), to.media);
                let body = reply.body(to).ok().flatten().unwrap_or_default();
                (reply, body)
            }
            Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        };
        let mut headers = headers(reply.media(to));
        if reply.public_for > 0 {
            let kept = format!("public, max-age={}, must-revalidate", reply.public_for);
            insert(&mut headers, header::CACHE_CONTROL, &kept);
            let tag = tag(&body);
            insert(&mut headers, header::ETAG, &tag);
            if is_known(to.headers, &tag) {
                headers.remove(header::CONTENT_TYPE);
                return (StatusCode::NOT_MODIFIED, headers).into_response();
            }
        }
        if let Some(allow) = reply.allow {
            insert(&mut headers, header::ALLOW, allow);
        }
        if let Some(seconds) = reply.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if reply.status == StatusCode::UNAUTHORIZED {
            let challenge = "Bearer error=\"invalid_token\"";
            insert(&mut headers, header::WWW_AUTHENTICATE, challenge);
        }
        let mut body = Bytes::from(body);
        let packer = reply.packer.filter(|_| takes_gzip(to.headers));
        if let Some(ids) = packer
            && let Some(packed) = pack(ids, body.clone()).await
        {
            body = packed.into();
            insert(&mut headers, header::CONTENT_ENCODING, "gzip");
        }
        (reply.status, headers, Body::from(body)).into_response()
    }

    /// As who reads events takes only what has status 200, what else there is to say is said as JSON.
    fn media(&self, to: &Reader<'_>) -> MediaType {
        match to.media {
            MediaType::EventStream if self.status != StatusCode::OK => MediaType::Json,
            media => media,
        }
    }

    /// As bytes; nothing where there are too many.
    fn body(&self, to: &Reader<'_>) -> serde_json::Result<Option<Vec<u8>>> {
        match self.media(to) {
            MediaType::EventStream => event::whole(&self.answer, to.limit),
            MediaType::GraphqlResponse | MediaType::Json => bounded::json(&self.answer, to.limit),
        }
    }
}

/// The `status` of a GraphQL response without data; but 200 for who looks at nothing else.
fn or_ok(status: StatusCode, media: MediaType) -> StatusCode {
    match media {
        MediaType::GraphqlResponse => status,
        MediaType::Json | MediaType::EventStream => StatusCode::OK,
    }
}

/// What every answer says of itself.
pub(super) fn headers(media: MediaType) -> HeaderMap {
    let nosniff = (header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    let kept = (header::CACHE_CONTROL, NOT_KEPT);
    let mut headers = HeaderMap::from_iter(
        [nosniff, kept, (header::VARY, VARY)]
            .map(|(name, value)| (name, HeaderValue::from_static(value))),
    );
    headers.insert(header::CONTENT_TYPE, media.header());
    headers
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    // All of them are made of visible letters.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

async fn pack(ids: Ids, body: Bytes) -> Option<Vec<u8>> {
    if body.len() < LONG {
        return gzip(&body, &ids);
    }
    let packed = spawn_blocking(move || gzip(&body, &ids)).await;
    packed.ok().flatten()
}

/// What `body` is known by, compressed or not: a weak tag (RFC 9110, section 8.8.1), for no two are compressed
/// alike. The same at every server.
fn tag(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    let digits: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("W/\"{digits}\"")
}

/// Whether the client, or a cache before it, has what is known by `tag` (RFC 9110, section 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let known = known.filter_map(|value| value.to_str().ok());
    known
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || strong(known) == strong(tag))
}

impl From<Malformed> for Reply {
    fn from(malformed: Malformed) -> Self {
        Self::because(StatusCode::BAD_REQUEST, malformed.code, malformed.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_weakly_in_a_list_and_by_a_star() {
        let tag = tag(b"{}");
        let strong = tag.trim_start_matches("W/").to_owned();
        for (sent, known) in [
            (tag.clone(), true),
            (strong.clone(), true),
            (format!("\"a\", {tag}"), true),
            (format!("{strong} ,\"a\""), true),
            ("*".to_owned(), true),
            ("\"a\"".to_owned(), false),
            (strong.replace('"', ""), false),
            (String::new(), false),
        ] {
            let value = HeaderValue::from_str(&sent).unwrap();
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, value)]);
            assert_eq!(is_known(&headers, &tag), known, "{sent}");
        }
        assert!(!is_known(&HeaderMap::new(), &tag));
    }
}
