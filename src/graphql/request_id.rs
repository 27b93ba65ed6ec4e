//! The name of a request, by which its lines in the log are found.

use axum::http::request::Parts;
use tower_http::request_id::RequestId;

/// The id that stands in the log and in the response's `x-request-id`.
pub fn request_id(parts: &Parts) -> String {
    let id = parts.extensions.get::<RequestId>();
    id.and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default()
        .to_owned()
}
