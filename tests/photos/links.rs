//! Links: to who sees the photo, for a while, and to nobody else.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use serde_json::{Value, json};

use super::{fetch, jpeg, send_photo};
use crate::support::server::{Running, read};

async fn link(server: &Running, token: &str, id: &Value) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Photo { url(size: SMALL) } } }";
    let body = json!({ "query": query, "variables": { "id": id } }).to_string();
    let sent = server.post().bearer_auth(token).body(body).send();
    let (_, answer) = read(sent.await.unwrap()).await;
    answer["data"]["node"]["url"].clone()
}

#[tokio::test]
async fn a_link_is_the_same_all_day_long_and_good_until_the_end_of_the_next() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let payload = send_photo(&server, &token, &jpeg(30, 30)).await;
    let id = &payload["photo"]["id"];
    let first = link(&server, &token, id).await;
    assert_eq!(first, payload["photo"]["small"]);
    // Until midnight, UTC: it is three o'clock.
    server.pass(Duration::hours(20));
    assert_eq!(link(&server, &token, id).await, first);
    server.pass(Duration::hours(1));
    let second = link(&server, &token, id).await;
    assert_ne!(second, first);
    for link in [&first, &second] {
        assert_eq!(fetch(&server, link).await.status(), 200);
    }
    server.pass(Duration::seconds(86_399));
    let answer = fetch(&server, &first).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["cache-control"],
        "private, max-age=1, immutable"
    );
    server.pass(Duration::seconds(1));
    assert_eq!(fetch(&server, &first).await.status(), 404);
    assert_eq!(fetch(&server, &second).await.status(), 200);
}

#[tokio::test]
async fn a_link_that_is_forged_or_leads_elsewhere_leads_nowhere() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let payload = send_photo(&server, &token, &jpeg(30, 30)).await;
    let right = payload["photo"]["small"].as_str().unwrap();
    let word = right.strip_prefix("/photos/").unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(word).unwrap();
    let mut wrong = vec![
        "/photos/".to_owned(),
        "/photos/..%2f..%2f..%2fetc%2fpasswd".to_owned(),
        "/photos/../../etc/passwd".to_owned(),
        format!("/photos/{word}%00"),
        format!("/photos/{word}="),
        format!("{right}/small"),
        format!("/photos/{}", &word[1..]),
        format!("/exports/{word}"),
    ];
    // Another owner, photo, size, day or signature.
    for place in 0..bytes.len() {
        let mut other = bytes.clone();
        other[place] ^= 1;
        wrong.push(format!("/photos/{}", URL_SAFE_NO_PAD.encode(other)));
    }
    // What another purpose signed.
    let other = ashiato::secrets::Purpose::new("data export link");
    let mac = server.app.secrets.mac(other, &bytes[..38]).unwrap();
    let other = [&bytes[..38], &mac].concat();
    wrong.push(format!("/photos/{}", URL_SAFE_NO_PAD.encode(other)));
    for link in wrong {
        let answer = fetch(&server, &json!(link)).await;
        assert_eq!(answer.status(), 404, "{link}");
        assert!(answer.bytes().await.unwrap().len() < 400, "{link}");
    }
    assert_eq!(fetch(&server, &json!(right)).await.status(), 200);
    let post = server.client.post(server.url(right)).send();
    assert_eq!(post.await.unwrap().status(), 405);
}

#[tokio::test]
async fn a_photo_that_is_gone_is_not_fetched_by_any_link() {
    let server = Running::own().await;
    let (token, member) = server.member().await;
    let payload = send_photo(&server, &token, &jpeg(30, 30)).await;
    let photo = &payload["photo"];
    let delete = json!({ "query": "mutation($id: ID!) { deletePhoto(input: { photoId: $id }) { deletedPhotoId } }",
        "variables": { "id": photo["id"] } });
    let sent = server.post().bearer_auth(&token).body(delete.to_string());
    sent.send().await.unwrap();
    for size in ["small", "medium", "large"] {
        assert_eq!(fetch(&server, &photo[size]).await.status(), 404);
    }
    // Nor one whose owner is absent.
    let payload = send_photo(&server, &token, &jpeg(30, 30)).await;
    let photo = &payload["photo"];
    assert_eq!(fetch(&server, &photo["small"]).await.status(), 200);
    let order = ashiato::account::leaving::deletion::service::order;
    order(&server.app, member.id, false).await.unwrap();
    assert_eq!(fetch(&server, &photo["small"]).await.status(), 404);
}
