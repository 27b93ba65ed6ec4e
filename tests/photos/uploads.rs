//! Uploading over the wire, and fetching.

use image::GenericImageView;
use serde_json::{Value, json};

use super::{drawing::with_exif, fetch, jpeg, operation, send, send_photo};
use crate::support::server::{Running, code};

#[tokio::test]
async fn a_photo_is_uploaded_and_fetched_in_three_sizes() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let file = with_exif(&jpeg(2000, 1000), 1);
    let payload = send_photo(&server, &token, &file).await;
    assert_eq!(payload["userErrors"], json!([]));
    let photo = &payload["photo"];
    assert_eq!([&photo["width"], &photo["height"]], [1600, 800]);
    for (size, expected) in [
        ("small", (180, 90)),
        ("medium", (600, 300)),
        ("large", (1600, 800)),
    ] {
        let answer = fetch(&server, &photo[size]).await;
        assert_eq!(answer.status(), 200);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "image/jpeg");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(header("content-disposition"), "inline");
        let kept = header("cache-control");
        // Noon in Japan is 3 o'clock: two days but for three hours.
        assert_eq!(kept, format!("private, max-age={}, immutable", 45 * 3600));
        let length: usize = header("content-length").parse().unwrap();
        let bytes = answer.bytes().await.unwrap();
        assert_eq!(bytes.len(), length);
        let image = image::load_from_memory(&bytes).unwrap();
        assert_eq!(image.dimensions(), expected);
        assert!(!bytes.windows(4).any(|part| part == b"Exif"));
    }
}

#[tokio::test]
async fn several_files_come_in_one_request() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let field = |name: &str| {
        format!(
            "{name}: uploadPhoto(input: {{ file: ${name} }}) {{ photo {{ width }} userErrors {{ code }} }}"
        )
    };
    let query = format!(
        "mutation($a: Upload!, $b: Upload!, $c: Upload!, $d: Upload!) {{ {} {} {} {} }}",
        field("a"),
        field("b"),
        field("c"),
        field("d")
    );
    let variables = json!({ "a": null, "b": null, "c": null, "d": null });
    let operation = json!({ "query": query, "variables": variables });
    let files = [
        jpeg(10, 9),
        jpeg(20, 9),
        b"no picture".to_vec(),
        jpeg(40, 9),
    ];
    let places = ["a", "b", "c", "d"].map(|name| format!("variables.{name}"));
    let all: Vec<_> = places
        .iter()
        .zip(&files)
        .map(|(place, file)| (place.as_str(), file.as_slice()))
        .collect();
    let (status, answer) = send(&server, &token, &operation, &all).await;
    assert_eq!(status, 200, "{answer}");
    let data = &answer["data"];
    for (name, width) in [("a", 10), ("b", 20), ("d", 40)] {
        assert_eq!(data[name]["photo"]["width"], width, "{answer}");
    }
    assert_eq!(data["c"]["userErrors"][0]["code"], "FILE_NOT_A_PHOTO");
    assert_eq!(data["c"]["photo"], Value::Null);
}

#[tokio::test]
async fn a_repeated_call_uploads_once() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let file = jpeg(30, 20);
    let place = "variables.input.file";
    let mut ids = Vec::new();
    for _ in 0..3 {
        let files = [(place, file.as_slice())];
        let (_, answer) = send(&server, &token, &operation(Some("once")), &files).await;
        ids.push(answer["data"]["uploadPhoto"]["photo"]["id"].clone());
    }
    assert!(ids[0].is_string());
    assert_eq!(ids[0], ids[1]);
    assert_eq!(ids[0], ids[2]);
    assert_eq!(server.app.photos.count().await.unwrap(), 3);
    let other = jpeg(31, 20);
    let files = [(place, other.as_slice())];
    let (_, answer) = send(&server, &token, &operation(Some("once")), &files).await;
    assert_eq!(code(&answer), "IDEMPOTENCY_KEY_REUSED");
    // Once it is gone the key is of no use any more.
    let delete = "mutation($id: ID!) { deletePhoto(input: { photoId: $id }) { deletedPhotoId userErrors { code } } }";
    let body = json!({ "query": delete, "variables": { "id": ids[0] } });
    let sent = server.post().bearer_auth(&token).body(body.to_string());
    let gone: Value = sent.send().await.unwrap().json().await.unwrap();
    assert_eq!(
        gone["data"]["deletePhoto"]["deletedPhotoId"], ids[0],
        "{gone}"
    );
    let files = [(place, file.as_slice())];
    let (_, answer) = send(&server, &token, &operation(Some("once")), &files).await;
    let payload = &answer["data"]["uploadPhoto"];
    assert_eq!(payload["photo"], Value::Null);
    assert_eq!(payload["userErrors"][0]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn a_picture_is_put_on_the_profile_in_one_call() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let query = "mutation($file: Upload!) { setProfilePhoto(input: { file: $file }) {
        user { username photo { id width large: url(size: LARGE) } } userErrors { code } } }";
    let operation = json!({ "query": query, "variables": { "file": null } });
    let mut links = Vec::new();
    for width in [50, 60] {
        let file = jpeg(width, 40);
        let files = [("variables.file", file.as_slice())];
        let (_, answer) = send(&server, &token, &operation, &files).await;
        let user = &answer["data"]["setProfilePhoto"]["user"];
        assert_eq!(user["username"], "hanako", "{answer}");
        assert_eq!(user["photo"]["width"], width);
        links.push(user["photo"]["large"].clone());
        assert_eq!(fetch(&server, links.last().unwrap()).await.status(), 200);
    }
    // The one before is gone at once, whoever has a link to it.
    assert_eq!(fetch(&server, &links[0]).await.status(), 404);
    let (_, seen) = server
        .ask("{ user(username: \"hanako\") { photo { large: url(size: LARGE) } } }")
        .await;
    assert_eq!(seen["data"]["user"]["photo"]["large"], links[1]);
}
