//! Behind a proxy: whose address counts.

use ashiato::config::{Limits, Proxies, Trusted};
use rstest::rstest;
use serde_json::json;
use tokio_tungstenite::{connect_async, tungstenite::client::IntoClientRequest};

use super::{Caller, Said};
use crate::support::{server::Running, socket::Socket, soon};

const ASK: &str = "{ rateLimit { remaining } }";

async fn server(header: Option<&str>, trusted: Option<&str>) -> Running {
    Running::own_with(|transport| {
        transport.limits = Limits::default();
        transport.limits.points_per_hour_per_address = 10;
        transport.proxies = Proxies {
            client_address_header: header.map(|header| header.parse().unwrap()),
            trusted_proxies: trusted
                .map(|network| Trusted::Networks(vec![network.parse().unwrap()])),
        };
    })
    .await
}

/// What is left for who says `told`, in as many lines.
async fn left(server: &Running, name: &'static str, told: &[&str]) -> i64 {
    let body = json!({ "query": ASK }).to_string();
    let mut request = server.post().body(body);
    for line in told {
        request = request.header(name, *line);
    }
    let Said { body, .. } = super::said(soon(request.send()).await.unwrap()).await;
    body["data"]["rateLimit"]["remaining"].as_i64().unwrap()
}

#[tokio::test]
async fn without_a_header_that_is_named_none_is_believed() {
    let server = server(None, None).await;
    for (name, told, remaining) in [
        ("x-forwarded-for", "192.0.2.1", 9),
        ("x-forwarded-for", "192.0.2.2", 8),
        ("forwarded", "for=192.0.2.3", 7),
        ("x-real-ip", "192.0.2.4", 6),
        ("cf-connecting-ip", "192.0.2.5", 5),
    ] {
        assert_eq!(left(&server, name, &[told]).await, remaining, "{name}");
    }
}

#[rstest]
#[case::as_it_is("x-forwarded-for", "192.0.2.1", "192.0.2.2")]
#[case::with_a_port("x-forwarded-for", "192.0.2.1:47", "192.0.2.2:47")]
#[case::forwarded("forwarded", "for=192.0.2.1;proto=https", "for=\"[2001:db8::1]:47\"")]
#[case::of_a_service("cf-connecting-ip", "192.0.2.1", "2001:db8::1")]
#[tokio::test]
async fn the_address_comes_from_the_header_that_is_named_alone(
    #[case] name: &'static str,
    #[case] one: &str,
    #[case] other: &str,
) {
    let server = server(Some(name), None).await;
    assert_eq!(left(&server, name, &[one]).await, 9);
    assert_eq!(left(&server, name, &[one]).await, 8);
    assert_eq!(left(&server, name, &[other]).await, 9);
    // What a client puts before it changes nothing, on one line or several.
    let forged = format!("203.0.113.9, {one}");
    assert_eq!(left(&server, name, &[&forged]).await, 7);
    assert_eq!(left(&server, name, &["203.0.113.9", one]).await, 6);
    // All whose address is not told have one, which is not the proxy's.
    let nobodys: [&[&str]; 4] = [&[], &["nonsense"], &["203.0.113.9, nonsense"], &[""]];
    for (turn, told) in nobodys.into_iter().enumerate() {
        let remaining = 9 - i64::try_from(turn).unwrap();
        assert_eq!(left(&server, name, told).await, remaining, "{told:?}");
    }
    assert_eq!(left(&server, "x-real-ip", &["192.0.2.7"]).await, 5);
    let proxy = one.replace("192.0.2.1", "127.0.0.1");
    assert_eq!(left(&server, name, &[&proxy]).await, 9);
}

#[tokio::test]
async fn who_comes_past_the_proxies_is_not_believed() {
    let name = "x-forwarded-for";
    let past = server(Some(name), Some("10.0.0.0/8")).await;
    assert_eq!(left(&past, name, &["192.0.2.1"]).await, 9);
    assert_eq!(left(&past, name, &["192.0.2.2"]).await, 8);
    let through = server(Some(name), Some("127.0.0.0/8")).await;
    assert_eq!(left(&through, name, &["192.0.2.1, 127.0.0.9"]).await, 9);
    assert_eq!(left(&through, name, &["192.0.2.2"]).await, 9);
    assert_eq!(left(&through, name, &["203.0.113.9, 192.0.2.2"]).await, 8);
}

/// A socket has the address of the request that became it.
#[tokio::test]
async fn a_websocket_has_the_address_too() {
    let server = server(Some("x-forwarded-for"), None).await;
    let remaining = async |address: &'static str| {
        let url = format!("ws://{}/graphql", server.address);
        let mut request = url.into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert(
            "sec-websocket-protocol",
            "graphql-transport-ws".parse().unwrap(),
        );
        headers.insert("x-forwarded-for", address.parse().unwrap());
        let mut socket = Socket(soon(connect_async(request)).await.unwrap().0);
        socket.say(json!({ "type": "connection_init" })).await;
        socket.hear().await;
        socket.subscribe("1", ASK).await;
        let message = socket.hear().await;
        message["payload"]["data"]["rateLimit"]["remaining"]
            .as_i64()
            .unwrap()
    };
    assert_eq!(remaining("192.0.2.1").await, 9);
    assert_eq!(remaining("203.0.113.9, 192.0.2.1").await, 8);
    assert_eq!(remaining("192.0.2.2").await, 9);
    let here = Caller::at(&server, "192.0.2.1").ask(ASK, json!({})).await;
    assert_eq!(here.body["data"]["rateLimit"]["remaining"], 7);
}
