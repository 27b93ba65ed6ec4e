//! The language of a websocket: that of the request that became it, or of `connection_init`.

use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::support::{server::Running, socket::Socket, soon};

/// Opens a socket by a request with this `Accept-Language`, and begins with `payload`.
async fn open(server: &Running, language: &'static str, payload: Value) -> Socket {
    let url = format!("ws://{}/graphql", server.address);
    let mut request = url.into_client_request().unwrap();
    for (name, value) in [
        ("sec-websocket-protocol", "graphql-transport-ws"),
        ("accept-language", language),
    ] {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let mut socket = Socket(soon(connect_async(request)).await.unwrap().0);
    let begin = json!({ "type": "connection_init", "payload": payload });
    soon(socket.0.send(Message::text(begin.to_string())))
        .await
        .unwrap();
    socket
}

/// What is said to an operation that is refused, and by the payload of a mutation.
async fn messages(socket: &mut Socket) -> [String; 3] {
    assert_eq!(socket.hear().await["type"], "connection_ack");
    socket.subscribe("1", "{ nothing }").await;
    let refused = socket.hear().await["payload"][0]["message"].clone();
    socket
        .subscribe("2", "subscription { footprintLeft { cursor } }")
        .await;
    let stillborn = socket.hear().await["payload"][0]["message"].clone();
    let sign_in =
        "mutation { signIn(input: { username: \"nobody\", password: \"nothing at all\" }) {
        userErrors { message } } }";
    socket.subscribe("3", sign_in).await;
    let next = socket.hear().await;
    let user = next["payload"]["data"]["signIn"]["userErrors"][0]["message"].clone();
    assert_eq!(socket.hear().await["type"], "complete");
    [refused, stillborn, user].map(|message| message.as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_socket_speaks_the_language_of_its_request_or_of_its_first_message() {
    let server = Running::own().await;
    for (header, payload, japanese) in [
        ("ja", json!({}), true),
        ("en", json!({}), false),
        ("en", json!({ "acceptLanguage": "ja-JP,en;q=0.5" }), true),
        ("en", json!({ "Accept-Language": "ja" }), true),
        ("ja", json!({ "acceptLanguage": "en" }), false),
        ("ja", json!({ "acceptLanguage": null }), true),
        ("ja", json!({ "acceptLanguage": "fr" }), false),
    ] {
        let mut socket = open(&server, header, payload.clone()).await;
        let said = messages(&mut socket).await;
        let [refused, stillborn, user] = &said;
        assert_eq!(
            refused.contains("スキーマに合いません"),
            japanese,
            "{payload}: {said:?}"
        );
        assert_eq!(
            stillborn.contains("ログインしてください"),
            japanese,
            "{payload}: {said:?}"
        );
        assert_eq!(
            user == "ユーザー名またはパスワードが違います。",
            japanese,
            "{payload}: {said:?}"
        );
        assert_eq!(user == "User name or password are wrong.", !japanese);
    }
}

#[tokio::test]
async fn what_is_no_language_closes_the_socket() {
    let server = Running::own().await;
    let mut socket = open(&server, "ja", json!({ "acceptLanguage": ["ja"] })).await;
    assert_eq!(socket.closed().await.0, 4400);
}
