//! Forms that are against the specification of multipart requests.

use serde_json::json;

use super::{UPLOAD, attacks::beginning, form, jpeg, operation, post};
use crate::support::server::{Running, code};

const PLACE: &str = "variables.input.file";

#[tokio::test]
async fn a_form_that_is_against_the_specification_is_refused() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let file = jpeg(10, 10);
    let one = operation(None).to_string();
    let batch = format!("[{one}]");
    let map = format!("{{\"0\": [\"{PLACE}\"]}}");
    let two_places = format!("{{\"0\": [\"{PLACE}\", \"{PLACE}\"]}}");
    let twice = format!("{{\"0\": [\"{PLACE}\"], \"1\": [\"{PLACE}\"]}}");
    let five: Vec<_> = (0..5)
        .map(|n| format!("\"{n}\": [\"variables.{n}\"]"))
        .collect();
    let five = format!("{{{}}}", five.join(", "));
    let full =
        json!({ "query": UPLOAD, "variables": { "input": { "file": "there" } } }).to_string();
    let long = format!("{{\"{}\": []}}", "0".repeat(5_000));
    let parts = |operations: &str, map: &str| {
        form(&[
            ("operations", "", operations.as_bytes()),
            ("map", "", map.as_bytes()),
            ("0", "", &file),
        ])
    };
    let said = "BAD_REQUEST";
    for (body, status, said) in [
        (parts(&batch, &map), 400, "BATCH_NOT_SUPPORTED"),
        (parts("{", &map), 400, "INVALID_JSON"),
        (parts(&one, "[]"), 400, said),
        (parts(&one, "{\"0\": \"variables.input.file\"}"), 400, said),
        (parts(&one, &two_places), 400, said),
        (parts(&one, &twice), 400, said),
        (parts(&one, &five), 400, said),
        (
            parts(&one, "{\"0\": [\"variables.input.other\"]}"),
            400,
            said,
        ),
        (parts(&one, "{\"0\": [\"variables.input\"]}"), 400, said),
        (parts(&one, "{\"0\": [\"query\"]}"), 400, said),
        (parts(&one, "{\"0\": [\"variables\"]}"), 400, said),
        (
            parts(&one, "{\"1\": [\"variables.input.file\"]}"),
            400,
            said,
        ),
        (parts(&full, &map), 400, said),
        (parts(&one, &long), 413, "PAYLOAD_TOO_LARGE"),
        (
            parts(&format!("{one}{}", " ".repeat(200_000)), &map),
            413,
            "PAYLOAD_TOO_LARGE",
        ),
        // A part too few, too many, twice, or in another order.
        (
            form(&[
                ("operations", "", one.as_bytes()),
                ("map", "", map.as_bytes()),
            ]),
            400,
            said,
        ),
        (
            form(&[
                ("operations", "", one.as_bytes()),
                ("map", "", map.as_bytes()),
                ("0", "", &file),
                ("0", "", &file),
            ]),
            400,
            said,
        ),
        (
            form(&[
                ("operations", "", one.as_bytes()),
                ("map", "", map.as_bytes()),
                ("0", "", &file),
                ("1", "", &file),
            ]),
            400,
            said,
        ),
        (
            form(&[
                ("map", "", map.as_bytes()),
                ("operations", "", one.as_bytes()),
                ("0", "", &file),
            ]),
            400,
            said,
        ),
        (form(&[("0", "", &file)]), 400, said),
        (form(&[]), 400, said),
        (beginning(), 400, said),
        (b"no form".to_vec(), 400, said),
    ] {
        let text = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        let (found, answer) = post(&server, &token, body).await;
        assert_eq!(code(&answer), said, "{text}: {answer}");
        assert_eq!(found, status, "{text}");
    }
    assert_eq!(server.app.photos.count().await.unwrap(), 0);
}
