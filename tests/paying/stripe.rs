//! Stripe's own interface, for which a server on this machine stands in.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use ashiato::payment::{
    Checkout, NotDone, Payments, Wish,
    stripe::{Stripe, StripeSettings},
};
use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
};
use chrono::{DateTime, Utc};
use entity::payment_values::EndingWay;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

pub const WEBHOOK: &str = "whsec_of_a_test";

/// A request that came: `POST /v1/…`, its headers, and its form.
#[derive(Clone, Debug)]
pub struct Came {
    pub what: String,
    pub headers: BTreeMap<String, String>,
    pub form: BTreeMap<String, String>,
}

/// Stands in for Stripe.
#[derive(Clone, Default)]
pub struct StandIn {
    came: Arc<Mutex<Vec<Came>>>,
    /// What it answers first, and then; everything well, once that is over.
    answers: Arc<Mutex<Vec<(u16, Value)>>>,
    /// The charges that it knows.
    charges: Arc<Mutex<Vec<Value>>>,
}

impl StandIn {
    /// Begins to listen. Gives where.
    pub async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(hear).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    pub fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }

    pub fn will_answer(&self, answers: &[(u16, Value)]) {
        *self.answers.lock().unwrap() = answers.to_vec();
    }

    /// Has it know this charge.
    pub fn has(&self, charge: Value) {
        self.charges.lock().unwrap().push(charge);
    }

    /// As it answers: the same to the same key.
    fn well(&self, came: &Came, number: usize) -> (u16, Value) {
        if let Some(name) = came.what.strip_prefix("GET /v1/charges/") {
            let charges = self.charges.lock().unwrap();
            let found = charges.iter().find(|charge| charge["id"] == name);
            let none = json!({ "error": { "message": format!("No such charge: '{name}'") } });
            return found.map_or((404, none), |charge| (200, charge.clone()));
        }
        (200, well(came, number))
    }
}

async fn hear(State(stand_in): State<StandIn>, request: Request) -> (StatusCode, String) {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 100_000).await.unwrap();
    let headers = parts.headers.iter();
    let came = Came {
        what: format!("{} {}", parts.method, parts.uri.path()),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        form: form_urlencoded::parse(&body).into_owned().collect(),
    };
    let number = {
        let mut all = stand_in.came.lock().unwrap();
        all.push(came.clone());
        all.len()
    };
    let next = {
        let mut answers = stand_in.answers.lock().unwrap();
        (!answers.is_empty()).then(|| answers.remove(0))
    };
    let (status, body) = next.unwrap_or_else(|| stand_in.well(&came, number));
    (StatusCode::from_u16(status).unwrap(), body.to_string())
}

fn well(came: &Came, number: usize) -> Value {
    let key = came.headers.get("idempotency-key").cloned();
    let key = key.unwrap_or_else(|| number.to_string());
    match came.what.as_str() {
        "POST /v1/customers" => json!({ "id": format!("cus_{key}"), "object": "customer" }),
        "POST /v1/checkout/sessions" => json!({ "id": format!("cs_{key}"),
            "url": format!("https://checkout.stripe.com/c/pay/{key}"), "expires_at": 1_795_500_000 }),
        _ => json!({ "id": "sub_or_cs", "status": "canceled" }),
    }
}

/// Stripe as it is reached at `address`.
pub fn stripe(address: &str) -> Stripe {
    Stripe::new(StripeSettings {
        address: address.to_owned(),
        secret_key: "sk_test_hidden".to_owned(),
        webhook_secrets: vec!["whsec_older".to_owned(), WEBHOOK.to_owned()],
        return_url: "https://example.com/plans?tab=1".to_owned(),
    })
    .unwrap()
}

fn wish() -> Wish {
    Wish {
        order: Uuid::from_u128(7),
        customer: "cus_1".to_owned(),
        plan: "plus".to_owned(),
        yen: 300,
        now: "2026-11-30T00:00:00Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn an_order_is_a_page_for_a_customer_and_asked_again_the_same() {
    let stand_in = StandIn::default();
    let stripe = stripe(&stand_in.start().await);
    let payer = Uuid::from_u128(5);
    let customer = stripe.customer(payer).await.unwrap();
    assert_eq!(customer, format!("cus_customer-{payer}"));
    assert!(stripe.knows(&customer) && !stripe.knows("dev_1"));
    let Checkout::Page(page) = stripe.checkout(&wish()).await.unwrap() else {
        panic!("it is not paid at once");
    };
    let order = Uuid::from_u128(7).to_string();
    assert_eq!(page.name, format!("cs_order-{order}"));
    assert!(page.url.starts_with("https://checkout.stripe.com/"));
    let until: DateTime<Utc> = DateTime::from_timestamp(1_795_500_000, 0).unwrap();
    assert_eq!(page.until, Some(until));
    let came = stand_in.came();
    let [first, second] = &came[..] else {
        panic!("{came:?}");
    };
    for came in [first, second] {
        assert_eq!(came.headers["authorization"], "Bearer sk_test_hidden");
        assert_eq!(came.headers["stripe-version"], "2024-06-20");
        assert_eq!(
            came.headers["content-type"],
            "application/x-www-form-urlencoded"
        );
    }
    assert_eq!(first.what, "POST /v1/customers");
    assert_eq!(
        first.headers["idempotency-key"],
        format!("customer-{payer}")
    );
    let expected = [("metadata[payer]", payer.to_string())];
    assert_eq!(first.form, form(&expected));
    assert_eq!(second.what, "POST /v1/checkout/sessions");
    assert_eq!(second.headers["idempotency-key"], format!("order-{order}"));
    let back = "https://example.com/plans?tab=1".to_owned();
    let priced = |of: &str| format!("line_items[0][price_data]{of}");
    let price = [
        "[currency]",
        "[unit_amount]",
        "[recurring][interval]",
        "[product_data][name]",
    ];
    let [currency, amount, interval, name] = price.map(priced);
    let expected = [
        ("mode", "subscription".to_owned()),
        ("customer", "cus_1".to_owned()),
        ("client_reference_id", order.clone()),
        ("success_url", back.clone()),
        ("cancel_url", back),
        ("line_items[0][quantity]", "1".to_owned()),
        (currency.as_str(), "jpy".to_owned()),
        (amount.as_str(), "300".to_owned()),
        (interval.as_str(), "month".to_owned()),
        (name.as_str(), "plus".to_owned()),
        ("metadata[order]", order.clone()),
        ("subscription_data[metadata][order]", order),
    ];
    assert_eq!(second.form, form(&expected));
    assert!(!format!("{stripe:?}").contains("hidden"));
}

fn form(pairs: &[(&str, String)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

#[tokio::test]
async fn what_is_to_end_is_cancelled_or_expired() {
    let stand_in = StandIn::default();
    let stripe = stripe(&stand_in.start().await);
    for way in [
        EndingWay::AtPeriodEnd,
        EndingWay::NotAtAll,
        EndingWay::AtOnce,
    ] {
        stripe.end("sub_1", way).await.unwrap();
    }
    stripe.end("cs_1", EndingWay::Checkout).await.unwrap();
    let came = stand_in.came();
    let what: Vec<_> = came.iter().map(|came| came.what.as_str()).collect();
    let expected = [
        "POST /v1/subscriptions/sub_1",
        "POST /v1/subscriptions/sub_1",
        "DELETE /v1/subscriptions/sub_1",
        "POST /v1/checkout/sessions/cs_1/expire",
    ];
    assert_eq!(what, expected);
    let at_end = [("cancel_at_period_end", "true".to_owned())];
    assert_eq!(came[0].form, form(&at_end));
    let not_at_all = [("cancel_at_period_end", "false".to_owned())];
    assert_eq!(came[1].form, form(&not_at_all));
    assert!(came[2].form.is_empty() && came[3].form.is_empty());
    // What is not there any more has ended.
    let gone = json!({ "error": { "message": "No such subscription: 'sub_1'" } });
    for status in [404, 400] {
        stand_in.will_answer(&[(status, gone.clone())]);
        stripe.end("sub_1", EndingWay::AtOnce).await.unwrap();
    }
    // A wrong key ends nothing.
    let wrong = json!({ "error": { "message": "Invalid API Key provided" } });
    for status in [401, 403] {
        stand_in.will_answer(&[(status, wrong.clone())]);
        let why = stripe.end("sub_1", EndingWay::AtOnce).await.unwrap_err();
        assert!(why.to_string().contains("Invalid API Key"), "{why}");
    }
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_is_refused_is_not() {
    let stand_in = StandIn::default();
    let stripe = stripe(&stand_in.start().await);
    let nothing = json!({});
    for busy in [409, 429, 500, 503] {
        let before = stand_in.came().len();
        stand_in.will_answer(&[(busy, nothing.clone())]);
        stripe.checkout(&wish()).await.unwrap();
        assert_eq!(stand_in.came().len(), before + 2, "{busy}");
    }
    let why = async |answers: &[(u16, Value)]| -> (NotDone, usize) {
        let before = stand_in.came().len();
        stand_in.will_answer(answers);
        let why = stripe.checkout(&wish()).await.unwrap_err();
        (why, stand_in.came().len() - before)
    };
    let busy = (503, nothing.clone());
    let (said, times) = why(&[busy.clone(), busy]).await;
    assert_eq!((said.is_final, times), (false, 2), "{said}");
    let wrong = json!({ "error": { "message": "You passed 299 as amount" } });
    let (said, times) = why(&[(400, wrong.clone())]).await;
    assert_eq!((said.is_final, times), (true, 1));
    assert!(said.to_string().contains("You passed 299"), "{said}");
    // Who holds the service can mend a wrong key, and the order goes on then.
    let (said, times) = why(&[(401, wrong)]).await;
    assert_eq!((said.is_final, times), (false, 1));
    for odd in [
        json!("odd"),
        json!({ "id": "cs_1" }),
        json!({ "url": "https://a" }),
    ] {
        let (said, _) = why(&[(200, odd)]).await;
        assert!(!said.is_final, "{said}");
    }
    // Nobody listens.
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    let stripe = self::stripe(&format!("http://{address}"));
    let said = stripe.customer(Uuid::nil()).await.unwrap_err();
    assert!(
        said.to_string().contains("reached") && !said.is_final,
        "{said}"
    );
}

/// One that does not answer keeps nobody waiting.
#[tokio::test]
async fn a_silent_one_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stripe = stripe(&format!("http://{}", listener.local_addr().unwrap()));
    let began = std::time::Instant::now();
    let said = stripe.checkout(&wish()).await.unwrap_err();
    assert!(said.to_string().contains("does not answer"), "{said}");
    assert!(!said.is_final);
    assert!(began.elapsed().as_secs() < 5);
}

#[test]
fn an_address_that_is_none_is_said_without_the_key() {
    for address in ["", "stripe", "ftp://stripe", "https://"] {
        let refused = Stripe::new(StripeSettings {
            address: address.to_owned(),
            secret_key: "sk_hidden".to_owned(),
            webhook_secrets: Vec::new(),
            return_url: String::new(),
        });
        let said = refused.unwrap_err().to_string();
        assert!(
            said.contains("--stripe-url") && !said.contains("hidden"),
            "{said}"
        );
    }
}
