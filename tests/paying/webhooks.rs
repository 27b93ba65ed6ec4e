//! Stripe's messages, over the wire, in the forms of before and since 2025.

use std::sync::Arc;

use chrono::Duration;
use hmac::{Hmac, KeyInit, Mac};
use rstest::rstest;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use super::stripe::{StandIn, WEBHOOK, stripe};
use crate::support::{
    server::{Running, read},
    sql,
};

const MINE: &str = "{ viewer { plan { paidUntil renews isPaymentFailing } photoSpace { quota }
    orders { nodes { id state checkoutUrl paid refunded } } } }";
const BUY: &str =
    "mutation { buyPlan(input: { planName: \"plus\" }) { order { id state checkoutUrl }
    userErrors { code } } }";
/// 2026-12-03, ten days after the server's clock begins.
pub const MONTH: i64 = 1_796_266_800;

pub struct Scene {
    pub server: Running,
    pub stand_in: StandIn,
    token: String,
    order: Uuid,
    pub customer: String,
}

impl Scene {
    /// Somebody has ordered a plan, and stands before the page where it is paid.
    pub async fn new() -> Self {
        let stand_in = StandIn::default();
        let stripe = stripe(&stand_in.start().await);
        let server = Running::paying(Arc::new(stripe)).await;
        let (token, _) = server.member().await;
        let mut scene = Self {
            server,
            stand_in,
            token,
            order: Uuid::nil(),
            customer: String::new(),
        };
        let bought = scene.ask(BUY).await["buyPlan"]["order"].clone();
        assert_eq!(bought["state"], "OPEN", "{bought}");
        let url = bought["checkoutUrl"].as_str().unwrap();
        assert!(url.starts_with("https://checkout.stripe.com/"), "{url}");
        let came = scene.stand_in.came();
        let form = &came.last().unwrap().form;
        scene.order = form["metadata[order]"].parse().unwrap();
        scene.customer = form["customer"].clone();
        scene
    }

    async fn ask(&self, document: &str) -> Value {
        let body = json!({ "query": document }).to_string();
        let sent = self.server.post().bearer_auth(&self.token).body(body);
        let (_, answer) = read(sent.send().await.unwrap()).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    pub async fn mine(&self) -> Value {
        self.ask(MINE).await["viewer"].clone()
    }

    pub fn now(&self) -> i64 {
        self.server.app.clock.now().timestamp()
    }

    /// Sends `event`, signed as it should be. Gives the status.
    pub async fn tell(&self, event: &Value) -> u16 {
        let body = event.to_string();
        let signature = signed(self.now(), body.as_bytes(), WEBHOOK);
        self.send(&signature, body.into_bytes()).await
    }

    pub async fn send(&self, signature: &str, body: Vec<u8>) -> u16 {
        let sent = self
            .server
            .client
            .post(self.server.url("/webhooks/stripe"))
            .header("stripe-signature", signature)
            .body(body);
        sent.send().await.unwrap().status().as_u16()
    }

    pub fn event(&self, id: &str, kind: &str, object: Value) -> Value {
        json!({ "id": id, "object": "event", "type": kind, "created": self.now(), "livemode": false,
            "api_version": "2024-06-20", "data": { "object": object } })
    }

    /// A bill, in the form of before 2025 or since.
    pub fn bill(&self, id: &str, until: i64, is_new: bool) -> Value {
        let order = json!({ "order": self.order });
        let mut bill = json!({ "id": id, "object": "invoice", "customer": self.customer, "currency": "jpy",
            "amount_paid": 300, "amount_due": 300, "status": "paid",
            "lines": { "data": [{ "period": { "start": until - 100, "end": until } }] } });
        if is_new {
            let details = json!({ "subscription": "sub_1", "metadata": order });
            bill["parent"] = json!({ "subscription_details": details });
        } else {
            bill["subscription"] = json!("sub_1");
            bill["subscription_details"] = json!({ "metadata": order });
        }
        bill
    }

    pub fn subscription(&self, ends: bool) -> Value {
        json!({ "id": "sub_1", "object": "subscription", "customer": self.customer,
            "cancel_at_period_end": ends, "cancel_at": null, "metadata": { "order": self.order } })
    }

    pub fn charge(&self, bill: &str, refunded: i64) -> Value {
        json!({ "id": "ch_1", "object": "charge", "customer": self.customer, "currency": "jpy",
            "amount": 300, "amount_refunded": refunded, "invoice": bill })
    }

    /// A dispute over a charge, which says nothing of its bill.
    pub fn dispute(&self, charge: &str, yen: i64) -> Value {
        json!({ "id": "dp_1", "object": "dispute", "charge": charge, "currency": "jpy", "amount": yen,
            "status": "needs_response", "reason": "fraudulent" })
    }

    pub async fn count(&self, table: &str) -> i64 {
        let db = self.server.app.database.reader();
        let text = format!("SELECT count(*) FROM {table}");
        let row = db.query_one_raw(sql::own(db, &text)).await.unwrap();
        row.unwrap().try_get_by_index(0).unwrap()
    }
}

pub fn signed(time: i64, body: &[u8], secret: &str) -> String {
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
    let mac = mac.chain_update(format!("{time}.")).chain_update(body);
    let mac = mac.finalize().into_bytes();
    let mac: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={time},v1={mac},v0=0123")
}

#[rstest]
#[case::of_before(false)]
#[case::of_since(true)]
#[tokio::test]
async fn a_plan_is_paid_renewed_refunded_and_ended_by_messages(#[case] is_new: bool) {
    let scene = Scene::new().await;
    assert_eq!(scene.mine().await["plan"], Value::Null);
    let bill = scene.bill("in_1", MONTH, is_new);
    let paid = scene.event("evt_1", "invoice.paid", bill);
    assert_eq!(scene.tell(&paid).await, 200);
    let has = scene.mine().await;
    let plan = json!({ "paidUntil": "2026-12-03T03:00:00.000Z", "renews": true,
        "isPaymentFailing": false });
    assert_eq!(has["plan"], plan);
    assert_eq!(has["photoSpace"]["quota"], 1_000_000_000);
    assert_eq!(has["orders"]["nodes"][0]["state"], "ACTIVE");
    assert_eq!(has["orders"]["nodes"][0]["checkoutUrl"], Value::Null);
    // Told again, and again.
    for _ in 0..3 {
        assert_eq!(scene.tell(&paid).await, 200);
    }
    assert_eq!(scene.mine().await, has);
    assert_eq!(scene.count("ledger_entries").await, 1);
    // The next payment fails, and is made then.
    scene.server.pass(Duration::days(10) + Duration::hours(1));
    let mut bill = scene.bill("in_2", MONTH + 31 * 86_400, is_new);
    bill["amount_paid"] = json!(0);
    let failed = scene.event("evt_2", "invoice.payment_failed", bill);
    assert_eq!(scene.tell(&failed).await, 200);
    assert_eq!(scene.mine().await["plan"]["isPaymentFailing"], true);
    let bill = scene.bill("in_2", MONTH + 31 * 86_400, is_new);
    let paid = scene.event("evt_3", "invoice.paid", bill);
    assert_eq!(scene.tell(&paid).await, 200);
    let plan = scene.mine().await["plan"].clone();
    assert_eq!(plan["isPaymentFailing"], false);
    assert_eq!(plan["paidUntil"], "2027-01-03T03:00:00.000Z");
    // Cancelled at Stripe's own pages, in one way or another; and taken up again.
    let mut at = scene.subscription(false);
    at["cancel_at"] = json!(MONTH);
    for (id, object, renews) in [
        ("evt_4", scene.subscription(true), false),
        ("evt_5", scene.subscription(false), true),
        ("evt_6", at, false),
    ] {
        scene.server.pass(Duration::seconds(1));
        let updated = scene.event(id, "customer.subscription.updated", object);
        assert_eq!(scene.tell(&updated).await, 200);
        assert_eq!(scene.mine().await["plan"]["renews"], renews, "{id}");
    }
    // A part of the last month is given back, and then all of it. (Since 2025 a charge says nothing of its bill.)
    scene.stand_in.has(scene.charge("in_2", 0));
    for (id, yen, until) in [
        ("evt_7", 100, "2027-01-03T03:00:00.000Z"),
        ("evt_8", 300, "2026-12-03T03:00:00.000Z"),
    ] {
        let mut charge = scene.charge("in_2", yen);
        if is_new {
            charge.as_object_mut().unwrap().remove("invoice");
        }
        let refunded = scene.event(id, "charge.refunded", charge);
        assert_eq!(scene.tell(&refunded).await, 200);
        let orders = scene.mine().await["orders"]["nodes"].clone();
        assert_eq!([&orders[0]["paid"], &orders[0]["refunded"]], [600, yen]);
        let text = "{ viewer { orders { nodes { paidUntil } } } }";
        let order = scene.ask(text).await["viewer"]["orders"]["nodes"][0].clone();
        assert_eq!(order["paidUntil"], until);
    }
    let gone = scene.subscription(false);
    let deleted = scene.event("evt_9", "customer.subscription.deleted", gone);
    assert_eq!(scene.tell(&deleted).await, 200);
    assert_eq!(scene.mine().await["orders"]["nodes"][0]["state"], "ENDED");
    assert_eq!(scene.count("payment_events").await, 9);
    let recounted = ashiato::bulk::recount::recount(scene.server.app.database.reader());
    assert_eq!(recounted.await.unwrap(), []);
}

#[tokio::test]
async fn what_is_disputed_is_asked_for_at_the_provider_and_ends_the_plan() {
    let scene = Scene::new().await;
    let bill = scene.bill("in_1", MONTH, false);
    let paid = scene.event("evt_1", "invoice.paid", bill);
    assert_eq!(scene.tell(&paid).await, 200);
    scene.stand_in.has(scene.charge("in_1", 0));
    let taken = |id: &str| {
        let dispute = scene.dispute("ch_1", 300);
        scene.event(id, "charge.dispute.funds_withdrawn", dispute)
    };
    // While Stripe does not say of which bill it is, it is to be told again.
    let busy = (503, json!({}));
    scene.stand_in.will_answer(&[busy.clone(), busy]);
    assert_eq!(scene.tell(&taken("evt_2")).await, 503);
    let wrong = json!({ "error": { "message": "the permission to read charges is missing" } });
    scene.stand_in.will_answer(&[(403, wrong)]);
    assert_eq!(scene.tell(&taken("evt_2")).await, 503);
    assert_eq!(scene.count("ledger_entries").await, 1);
    let has = scene.mine().await;
    assert_ne!(has["plan"], Value::Null);
    assert_eq!(scene.tell(&taken("evt_2")).await, 200);
    assert_eq!(scene.tell(&taken("evt_2")).await, 200);
    assert_eq!(scene.tell(&taken("evt_3")).await, 200, "under another name");
    let came = scene.stand_in.came();
    let asked = came.last().unwrap();
    assert_eq!(asked.what, "GET /v1/charges/ch_1");
    assert_eq!(asked.headers["stripe-version"], "2024-06-20");
    let lost = scene.mine().await;
    assert_eq!(lost["plan"], Value::Null);
    assert_eq!(lost["photoSpace"]["quota"], 100_000_000);
    let order = &lost["orders"]["nodes"][0];
    assert_eq!([&order["paid"], &order["refunded"]], [300, 300]);
    assert_eq!(scene.count("ledger_entries").await, 2);
    // That there is one, and how it goes on, moves no money.
    for (id, kind) in [
        ("evt_4", "charge.dispute.created"),
        ("evt_5", "charge.dispute.updated"),
        ("evt_6", "charge.dispute.closed"),
    ] {
        let event = scene.event(id, kind, scene.dispute("ch_1", 300));
        assert_eq!(scene.tell(&event).await, 200);
    }
    assert_eq!(scene.mine().await, lost);
    let dispute = scene.dispute("ch_1", 300);
    let again = scene.event("evt_7", "charge.dispute.funds_reinstated", dispute);
    assert_eq!(scene.tell(&again).await, 200);
    let won = scene.mine().await;
    assert_eq!(won["plan"]["paidUntil"], "2026-12-03T03:00:00.000Z");
    assert_eq!(won["plan"]["renews"], false);
    let recounted = ashiato::bulk::recount::recount(scene.server.app.database.reader());
    assert_eq!(recounted.await.unwrap(), []);
}

/// Of another's business at the same account of Stripe's.
#[tokio::test]
async fn a_dispute_over_what_is_not_ours_is_not_heard() {
    let scene = Scene::new().await;
    scene
        .stand_in
        .has(json!({ "id": "ch_other", "customer": "cus_other", "invoice": "in_other" }));
    scene
        .stand_in
        .has(json!({ "id": "ch_nobody", "customer": null, "invoice": null }));
    for charge in ["ch_other", "ch_nobody", "ch_that_is_not_there"] {
        let dispute = scene.dispute(charge, 300);
        let event = scene.event("evt_1", "charge.dispute.funds_withdrawn", dispute);
        assert_eq!(scene.tell(&event).await, 200, "{charge}");
        assert_eq!(scene.count("payment_events").await, 0, "{charge}");
    }
    // Nor is anything asked of what is not in yen, or no name of Stripe's.
    let before = scene.stand_in.came().len();
    let mut dollars = scene.dispute("ch_other", 300);
    dollars["currency"] = json!("usd");
    let odd = scene.dispute("../customers", 300);
    for object in [dollars, odd] {
        let event = scene.event("evt_2", "charge.dispute.funds_withdrawn", object);
        assert_eq!(scene.tell(&event).await, 200);
    }
    assert_eq!(scene.stand_in.came().len(), before);
}
