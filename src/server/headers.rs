//! What every answer tells a browser, where its own handler says nothing else.

use axum::http::{HeaderName, HeaderValue, Response, header};

/// Nothing that is served is a page, but for what has a policy of its own.
const DEFAULTS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    // Answers are of who asks.
    (header::CACHE_CONTROL, "no-store"),
];
/// For a year the browser comes sealed, or not at all.
const SEALED: &str = "max-age=31536000";

/// Adds them to an answer, of a service whose connections are sealed, or not.
pub fn add<B>(is_sealed: bool) -> impl Fn(Response<B>) -> Response<B> + Clone {
    move |mut answer| {
        let headers = answer.headers_mut();
        for (name, value) in DEFAULTS {
            headers
                .entry(name)
                .or_insert(HeaderValue::from_static(value));
        }
        if is_sealed {
            let sealed = HeaderValue::from_static(SEALED);
            headers.insert(header::STRICT_TRANSPORT_SECURITY, sealed);
        }
        answer
    }
}
