//! Whose message it is that is sent, and where none can be.

use std::{sync::Arc, time::Duration};

use ashiato::{
    account::{
        attempts::Attempts,
        door::Door,
        recovery::phone::service::{self as phone, Asked},
    },
    app::{App, Parts},
    config::{Limits, SmsArgs, SmsWay},
    graphql::peer::Network,
    phone::service::send_code,
    rejection::Rejection,
};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;

use super::{NOBODYS, NUMBER, ask, form, verify, world, wrong};
use crate::support::{soon, sql};

/// Who has a /48 is one, and takes no messages for three.
#[tokio::test]
async fn three_networks_of_one_site_are_one_address() {
    let (world, outbox) = world().await;
    let door = Arc::new(Door::new(world.app.clone(), &Limits::default()));
    let from = async |address: &str| {
        let entrance = door.entrance(Network::of(address.parse().ok()));
        let address = entrance.address();
        phone::ask(&world.app, NUMBER, &address, None).await.is_ok()
    };
    for network in ["2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1"] {
        assert!(from(network).await);
    }
    for network in ["2001:db8:1:4::1", "2001:db8:1:1::2"] {
        assert!(!from(network).await, "{network}");
    }
    for other in ["2001:db8:2:1::1", "192.0.2.1"] {
        assert!(from(other).await, "{other}");
    }
    assert_eq!(outbox.count(), 5);
}

/// A code to recover by is longer than one that verifies a number.
#[tokio::test]
async fn a_code_to_recover_by_has_eight_digits() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    assert_eq!(outbox.last_code().len(), 6);
    let recovery = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    assert_eq!(sent.len(), 8);
    assert!(outbox.last().1.chars().count() <= 70);
    let nobody = world.anonymous();
    for code in [&sent[..6], &sent[2..], &wrong(&sent)] {
        let said = nobody
            .refusal("recoverAccount", form("hanako", &recovery, code))
            .await;
        assert_eq!(said, "RECOVERY_FAILED");
    }
    let given = form("hanako", &recovery, &sent);
    nobody.mutate("recoverAccount", given, "").await;
}

fn code(refused: Result<impl Sized, Rejection>) -> String {
    match refused {
        Err(Rejection::Refused(reasons)) => format!("{:?}", reasons[0].code),
        Err(failed) => panic!("{}", failed.in_words()),
        Ok(_) => "sent".to_owned(),
    }
}

/// In production, where no way is named: it is said, for all numbers alike, and nothing is kept or logged.
#[tokio::test]
async fn where_none_can_be_sent_it_is_said() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let told = |sms| SmsArgs {
        sms,
        sms_url: None,
        sms_from: None,
        sms_fields: Vec::new(),
    };
    assert!(told(None).sender(false).unwrap().is_set_up());
    assert!(told(Some(SmsWay::Log)).sender(false).unwrap().is_set_up());
    let mut parts = Parts::new(world.database.place(), world.app.rules.clone());
    (parts.keys, parts.sms) = (crate::support::keys(), told(None).sender(true).unwrap());
    let without = App::open(parts).await.unwrap();
    let kept = async || {
        let mut kept = Vec::new();
        for table in [
            "phone_recoveries",
            "phone_codes",
            "phone_code_requests",
            "attempts",
        ] {
            let db = world.app.database.reader();
            let count = sql::own(db, &format!("SELECT count(*) FROM {table}"));
            let rows = db.query_all_raw(count).await.unwrap();
            kept.push(rows[0].try_get_by_index::<i64>(0).unwrap());
        }
        kept
    };
    let before = kept().await;
    for number in [NUMBER, NOBODYS] {
        let asked = phone::ask(&without, number, "", None).await;
        assert_eq!(code(asked), "CodesNotSetUp");
        assert_eq!(code(send_code(&without, number).await), "CodesNotSetUp");
    }
    let no_number = phone::ask(&without, "hanako", "", None).await;
    assert_eq!(code(no_number), "PhoneNumberInvalid");
    assert_eq!(kept().await, before);
    without.database.close().await;
}

/// They wait for the row of the number one by one: each would have a connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_those_who_ask_for_one_number_wait_outside_the_database() {
    let (world, outbox) = world().await;
    ask(&world, NUMBER).await;
    let db = world.app.database.reader();
    let holding = sea_orm::Database::connect(&world.url).await.unwrap();
    let tx = holding.begin().await.unwrap();
    let held = "SELECT 1 FROM attempts FOR UPDATE";
    tx.query_all_raw(sql::own(&tx, held)).await.unwrap();
    let turns = Arc::new(Attempts::new(world.app.clone()));
    let asking = (0..6).map(|place| {
        let (app, turns) = (world.app.clone(), turns.clone());
        tokio::spawn(async move {
            let from = format!("192.0.2.{place}");
            phone::ask(&app, NUMBER, &from, Some(&turns)).await
        })
    });
    let asking: Vec<tokio::task::JoinHandle<Result<Asked, Rejection>>> = asking.collect();
    let waiting = async || {
        let text = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
            AND datname = current_database() AND query LIKE '%attempts%'";
        let rows = db.query_all_raw(sql::own(db, text)).await.unwrap();
        rows[0].try_get_by_index::<i64>(0).unwrap()
    };
    soon(async {
        while waiting().await == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(waiting().await, 1);
    tx.commit().await.unwrap();
    for asked in join_all(asking).await {
        asked.unwrap().unwrap();
    }
    assert_eq!(outbox.count(), 7);
    holding.close().await.unwrap();
}

/// Nor is the session of the first gone on with: another code is another call.
#[tokio::test]
async fn a_second_code_is_no_repetition_of_the_first() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let nobody = world.anonymous();
    let document =
        "mutation($input: RecoverAccountInput!) { recoverAccount(input: $input) { token } }";
    let mut answers = Vec::new();
    for _ in 0..2 {
        let recovery = ask(&world, NUMBER).await;
        let mut input = form("hanako", &recovery, &outbox.last_code());
        input["idempotencyKey"] = json!("back");
        answers.push(nobody.answer(document, json!({ "input": input })).await);
    }
    assert!(answers[0]["data"]["recoverAccount"]["token"].is_string());
    let said = &answers[1]["errors"][0]["message"];
    assert_eq!(said, super::super::REUSED, "{}", answers[1]);
    assert!(
        world
            .lives(&answers[0]["data"]["recoverAccount"]["token"])
            .await
    );
}
