//! Messages that are not Stripe's, or that tell nothing of ours.

use chrono::Duration;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{
    stripe::WEBHOOK,
    webhooks::{MONTH, Scene, signed},
};
use crate::support::server::Running;

#[tokio::test]
async fn what_is_forged_changes_nothing() {
    let scene = Scene::new().await;
    let bill = scene.bill("in_1", MONTH, false);
    let paid = scene.event("evt_1", "invoice.paid", bill);
    let (body, now) = (paid.to_string().into_bytes(), scene.now());
    let right = signed(now, &body, WEBHOOK);
    for signature in [
        String::new(),
        "t=1,v1=00".to_owned(),
        signed(now, &body, "whsec_another"),
        signed(now, &body, ""),
        signed(now, b"{}", WEBHOOK),
        right.replace("v1", "v0"),
        right.replace("t=", "t=1"),
        signed(now - 301, &body, WEBHOOK),
        signed(now + 301, &body, WEBHOOK),
    ] {
        assert_eq!(
            scene.send(&signature, body.clone()).await,
            400,
            "{signature}"
        );
    }
    let unsigned = scene
        .server
        .client
        .post(scene.server.url("/webhooks/stripe"));
    let unsigned = unsigned.body(body.clone()).send().await.unwrap();
    assert_eq!(unsigned.status(), 400);
    // A byte more is another body; and what is caught on its way is worth nothing later.
    let longer = [body.as_slice(), b" "].concat();
    assert_eq!(scene.send(&right, longer).await, 400);
    scene.server.pass(Duration::seconds(301));
    assert_eq!(scene.send(&right, body.clone()).await, 400);
    assert_eq!(scene.mine().await["plan"], Value::Null);
    for table in ["ledger_entries", "payment_events"] {
        assert_eq!(scene.count(table).await, 0);
    }
    // With the secret of before, too, while both are given.
    let now = scene.now();
    let older = signed(now, &body, "whsec_older");
    assert_eq!(scene.send(&older, body).await, 200);
    assert_ne!(scene.mine().await["plan"], Value::Null);
}

#[tokio::test]
async fn what_is_odd_or_not_ours_is_not_heard() {
    let scene = Scene::new().await;
    let now = scene.now();
    for body in ["", "{}", "[]", "nonsense", "{\"id\":\"evt_1\"}"] {
        let signature = signed(now, body.as_bytes(), WEBHOOK);
        assert_eq!(scene.send(&signature, body.into()).await, 400, "{body}");
    }
    let large = vec![b' '; 300_000];
    let signature = signed(now, &large, WEBHOOK);
    assert_eq!(scene.send(&signature, large).await, 413);
    let bill = || scene.bill("in_1", MONTH, false);
    let with = |path: &str, value: Value| {
        let mut bill = bill();
        *bill.pointer_mut(path).unwrap() = value;
        bill
    };
    let long = "x".repeat(256);
    for (place, (kind, object)) in [
        ("invoice.created", bill()),
        ("payment_intent.succeeded", json!({})),
        ("invoice.paid", json!({})),
        ("invoice.paid", with("/currency", json!("usd"))),
        ("invoice.paid", with("/amount_paid", json!(-300))),
        ("invoice.paid", with("/amount_paid", json!("300"))),
        ("invoice.paid", with("/amount_paid", json!(2.5))),
        ("invoice.paid", with("/customer", Value::Null)),
        ("invoice.paid", with("/customer", json!("cus_stranger"))),
        ("invoice.paid", with("/customer", json!("cus\u{0}"))),
        ("invoice.paid", with("/id", json!(long))),
        ("invoice.paid", with("/subscription", Value::Null)),
        ("invoice.paid", with("/lines/data", json!([]))),
        (
            "invoice.paid",
            with("/lines/data/0/period/end", json!(i64::MAX)),
        ),
        ("charge.refunded", json!({ "customer": scene.customer })),
        (
            "charge.refunded",
            json!({ "customer": scene.customer, "amount_refunded": 1, "currency": "jpy" }),
        ),
        ("customer.subscription.deleted", json!({ "id": "sub_1" })),
    ]
    .into_iter()
    .enumerate()
    {
        let event = scene.event(&format!("evt_{place}"), kind, object);
        // It would be told again for days otherwise.
        assert_eq!(scene.tell(&event).await, 200, "{event}");
        assert_eq!(scene.count("payment_events").await, 0, "{event}");
    }
    let mut event = scene.event("evt", "invoice.paid", bill());
    for (field, value) in [
        ("id", json!("evt\u{0}")),
        ("id", json!("")),
        ("created", json!("now")),
        ("type", Value::Null),
    ] {
        let mut odd = event.clone();
        odd[field] = value;
        assert_eq!(scene.tell(&odd).await, 400, "{odd}");
    }
    assert_eq!(scene.count("ledger_entries").await, 0);
    // A customer can stand there whole.
    event["data"]["object"]["customer"] = json!({ "id": scene.customer, "name": "花子" });
    assert_eq!(scene.tell(&event).await, 200);
    assert_eq!(scene.count("ledger_entries").await, 1);
}

#[tokio::test]
async fn where_stripe_is_not_set_up_there_is_nothing() {
    let server = Running::own().await;
    let body = "{}";
    let signature = signed(server.app.clock.now().timestamp(), body.as_bytes(), WEBHOOK);
    let url = server.url("/webhooks/stripe");
    let sent = server.client.post(&url);
    let sent = sent.header("stripe-signature", signature).body(body);
    assert_eq!(sent.send().await.unwrap().status(), 404);
    let scene = Scene::new().await;
    let url = scene.server.url("/webhooks/stripe");
    let got = scene.server.client.get(&url).send().await.unwrap();
    assert_eq!(got.status(), 405);
}

/// Every part of a message, with something else in its place: it is read, or it is not.
#[tokio::test]
async fn nothing_that_stands_in_a_message_is_more_than_a_message() {
    let scene = Scene::new().await;
    let (now, app) = (scene.now(), &scene.server.app);
    scene.stand_in.has(scene.charge("in_1", 0));
    let read = async |event: &Value| {
        let body = event.to_string().into_bytes();
        let signature = signed(now, &body, WEBHOOK);
        app.payments.read(&signature, &body, app.clock.now()).await
    };
    let messages = [
        ("invoice.paid", scene.bill("in_1", MONTH, false)),
        ("invoice.payment_failed", scene.bill("in_1", MONTH, true)),
        ("customer.subscription.updated", scene.subscription(true)),
        ("charge.refunded", scene.charge("in_1", 300)),
        ("charge.dispute.funds_withdrawn", scene.dispute("ch_1", 300)),
    ];
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(i64::MAX),
        json!(1e300),
        json!(""),
        json!("\u{0}"),
        json!("x".repeat(5_000)),
        json!([]),
        json!([[[]]]),
        json!({ "id": {} }),
    ];
    let mut looked_at = 0;
    for (kind, object) in messages {
        let event = scene.event("evt_1", kind, object);
        assert!(read(&event).await.unwrap().told.is_some(), "{event}");
        for path in paths(&event, "") {
            for value in &odd {
                let mut changed = event.clone();
                *changed.pointer_mut(&path).unwrap() = value.clone();
                let _ = read(&changed).await;
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 500, "{looked_at}");
}

/// Where anything stands in `value`, which stands at `at`.
fn paths(value: &Value, at: &str) -> Vec<String> {
    let within: Vec<_> = match value {
        Value::Object(all) => {
            let parts = all.iter();
            parts.map(|(name, part)| (name.clone(), part)).collect()
        }
        Value::Array(all) => {
            let parts = all.iter().enumerate();
            parts
                .map(|(place, part)| (place.to_string(), part))
                .collect()
        }
        _ => Vec::new(),
    };
    let mut all: Vec<_> = within
        .iter()
        .flat_map(|(name, part)| paths(part, &format!("{at}/{name}")))
        .collect();
    if !at.is_empty() {
        all.push(at.to_owned());
    }
    all
}

/// What cannot be written is to be told again.
#[tokio::test]
async fn while_the_database_is_away_it_is_said_so() {
    let scene = Scene::new().await;
    let bill = scene.bill("in_1", MONTH, false);
    let paid = scene.event("evt_1", "invoice.paid", bill);
    let db = sea_orm::Database::connect(&scene.server.database.url).await;
    let db = db.unwrap();
    db.execute_unprepared("ALTER TABLE payment_events RENAME TO away")
        .await
        .unwrap();
    assert_eq!(scene.tell(&paid).await, 503);
    db.execute_unprepared("ALTER TABLE away RENAME TO payment_events")
        .await
        .unwrap();
    db.close().await.unwrap();
    assert_eq!(scene.count("ledger_entries").await, 0);
    assert_eq!(scene.tell(&paid).await, 200);
    assert_eq!(scene.count("ledger_entries").await, 1);
}
