//! A gateway on the web, for which a server on this machine stands in.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use ashiato::sms::{Gateway, GatewaySettings, SmsSender};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use tokio::net::TcpListener;

/// What came to the gateway, and what it answers first, second, and from then on.
struct StandIn {
    answers: Vec<StatusCode>,
    heard: Mutex<Vec<(HeaderMap, String)>>,
    count: AtomicUsize,
}

async fn hear(
    State(stand_in): State<Arc<StandIn>>,
    headers: HeaderMap,
    form: String,
) -> StatusCode {
    stand_in.heard.lock().unwrap().push((headers, form));
    let count = stand_in.count.fetch_add(1, Ordering::SeqCst);
    let last = stand_in.answers.len() - 1;
    stand_in.answers[count.min(last)]
}

async fn stand_in(answers: &[StatusCode]) -> (Arc<StandIn>, String) {
    let stand_in = Arc::new(StandIn {
        answers: answers.to_vec(),
        heard: Mutex::default(),
        count: AtomicUsize::new(0),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .route("/send", post(hear))
        .with_state(stand_in.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (stand_in, address.to_string())
}

fn gateway(url: &str) -> anyhow::Result<Gateway> {
    Gateway::new(GatewaySettings {
        url: url.to_owned(),
        from: Some("ASHIATO".to_owned()),
        fields: ["To", "From", "Body"].map(str::to_owned),
    })
}

#[tokio::test]
async fn a_message_is_a_form_with_the_login_of_the_address() {
    let (stand_in, address) = stand_in(&[StatusCode::CREATED]).await;
    let gateway = gateway(&format!("http://AC1:p%40ss@{address}/send")).unwrap();
    gateway
        .send("+819012345678", "コード 012345 & more")
        .await
        .unwrap();
    let heard = stand_in.heard.lock().unwrap();
    let (headers, form) = &heard[0];
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(headers["authorization"], "Basic QUMxOnBAc3M=");
    assert_eq!(
        form,
        "To=%2B819012345678&From=ASHIATO&Body=%E3%82%B3%E3%83%BC%E3%83%89+012345+%26+more"
    );
    assert!(!format!("{gateway:?}").contains("p%40ss"));
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_is_refused_is_not() {
    let busy = [
        StatusCode::BAD_GATEWAY,
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::OK,
    ];
    let (heard, address) = stand_in(&busy).await;
    let send = async |address: &str| {
        let gateway = gateway(&format!("http://{address}/send")).unwrap();
        gateway.send("+819012345678", "text").await
    };
    send(&address).await.unwrap();
    assert_eq!(heard.count.load(Ordering::SeqCst), 3);
    let (heard, address) = stand_in(&[StatusCode::SERVICE_UNAVAILABLE]).await;
    assert!(
        send(&address)
            .await
            .unwrap_err()
            .to_string()
            .contains("503")
    );
    assert_eq!(heard.count.load(Ordering::SeqCst), 3);
    let (heard, address) = stand_in(&[StatusCode::UNAUTHORIZED]).await;
    assert!(
        send(&address)
            .await
            .unwrap_err()
            .to_string()
            .contains("401")
    );
    assert_eq!(heard.count.load(Ordering::SeqCst), 1);
    // Nobody listens.
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = gone.local_addr().unwrap().to_string();
    drop(gone);
    assert!(
        send(&address)
            .await
            .unwrap_err()
            .to_string()
            .contains("reached")
    );
}

#[test]
fn an_address_that_is_none_is_said_without_its_password() {
    for url in [
        "",
        "example.com",
        "ftp://u:hidden@example.com",
        "https://",
        "https://u:hidden@ex ample/",
    ] {
        let said = gateway(url).unwrap_err().to_string();
        assert!(
            said.contains("--sms-url") && !said.contains("hidden"),
            "{said}"
        );
    }
}
