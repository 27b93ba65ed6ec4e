//! Asking for a code to recover by: who asks learns nothing, and takes nothing from who holds the number.

use ashiato::{
    account::recovery::phone::service as phone,
    app::{App, Parts},
    secrets::Keys,
};
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{NOBODYS, NUMBER, ask, form, verify, world};
use crate::support::world::World;

const ASK: &str = "mutation($number: String!) { requestPhoneRecovery(input: { number: $number }) {
    recovery expiresAt userErrors { code message field } } }";

/// The whole answer, but for what is drawn anew each time, and the statements that it took.
async fn answer(world: &World, number: &str) -> (Value, Vec<String>) {
    world.forget_statements();
    let nobody = world.anonymous();
    let mut answer = nobody.answer(ASK, json!({ "number": number })).await;
    let statements = world.statement_texts();
    let recovery = answer["data"]["requestPhoneRecovery"]["recovery"].take();
    if let Some(recovery) = recovery.as_str() {
        assert_eq!(recovery.len(), 43);
    }
    (answer, statements)
}

#[tokio::test]
async fn a_number_is_answered_alike_whoever_has_it_and_only_its_holder_is_told() {
    let (world, outbox) = world().await;
    let moderator = world.moderator("moderator").await;
    let numbers = [NUMBER, "080-1111-1111", "080-2222-2222"];
    let names = ["hanako", "suspended", "leaving"];
    for (name, number) in names.into_iter().zip(numbers) {
        let (who, _) = world.joined(name).await;
        verify(&who, &outbox, number).await;
        match name {
            "suspended" => {
                let input = json!({ "userId": who.id(), "reason": "spam" });
                moderator.mutate("suspendUser", input, "").await;
            }
            "leaving" => {
                let input = json!({ "password": super::PASSWORD });
                who.mutate("deleteAccount", input, "").await;
            }
            _ => {}
        }
    }
    let absent = answer(&world, NOBODYS).await;
    let (to, said) = outbox.last();
    assert_eq!(to, "+818000000000");
    assert!(said.contains("No account has this number"), "{said}");
    assert!(said.chars().count() <= 70 && !said.chars().any(|c| c.is_ascii_digit()));
    assert_eq!(
        absent.0["data"]["requestPhoneRecovery"],
        json!({ "recovery": null, "expiresAt": "2006-05-01T03:10:00.000Z", "userErrors": [] })
    );
    for number in numbers {
        assert_eq!(answer(&world, number).await, absent, "{number}");
        outbox.last_code();
    }
    // Up to the last that is sent, and beyond; and where nothing can be sent.
    for turn in 0..4 {
        outbox.fail(turn == 1);
        let of_nobody = answer(&world, NOBODYS).await;
        assert_eq!(answer(&world, NUMBER).await, of_nobody, "{turn}");
        let code = &of_nobody.0["data"]["requestPhoneRecovery"]["userErrors"][0]["code"];
        let expected = [None, Some("CODE_NOT_SENT"), None, Some("TOO_MANY_CODES")];
        assert_eq!(code.as_str(), expected[turn]);
    }
}

#[tokio::test]
async fn a_number_is_sent_three_an_hour_beside_those_for_verifying_it() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let nobody = world.anonymous();
    let input = json!({ "number": NUMBER });
    for _ in 0..2 {
        nobody.mutate("requestPhoneCode", input.clone(), "").await;
    }
    let refused = nobody.refusal("requestPhoneCode", input.clone()).await;
    assert_eq!(refused, "TOO_MANY_CODES");
    let mut last = (Value::Null, String::new());
    for _ in 0..3 {
        last = (ask(&world, NUMBER).await, outbox.last_code());
        world.clock.advance(Duration::minutes(2));
    }
    let sent = outbox.count();
    assert_eq!(
        nobody.refusal("requestPhoneRecovery", input.clone()).await,
        "TOO_MANY_CODES"
    );
    assert_eq!(outbox.count(), sent);
    // However the number is written, and whichever others are asked for.
    let other = json!({ "number": "+81 90 1234 5678" });
    assert_eq!(
        nobody.refusal("requestPhoneRecovery", other).await,
        "TOO_MANY_CODES"
    );
    ask(&world, NOBODYS).await;
    // The last one goes on.
    let (recovery, code) = last;
    nobody
        .mutate("recoverAccount", form("hanako", &recovery, &code), "")
        .await;
    world.clock.advance(Duration::minutes(54));
    ask(&world, NUMBER).await;
    assert_eq!(
        nobody.refusal("requestPhoneRecovery", input).await,
        "TOO_MANY_CODES"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_ask_at_once_as_many_are_sent_as_may_be() {
    let (world, outbox) = world().await;
    let nobody = world.anonymous();
    let input = json!({ "number": NUMBER });
    let asking = (0..12).map(|_| nobody.attempt("requestPhoneRecovery", input.clone(), "recovery"));
    let asked = join_all(asking).await;
    let sent = asked.iter().filter(|it| it["recovery"].is_string());
    assert_eq!((sent.count(), outbox.count()), (3, 3));
}

#[tokio::test]
async fn a_stranger_takes_no_message_from_who_holds_the_number() {
    let (world, outbox) = world().await;
    let from = async |address: &str| phone::ask(&world.app, NUMBER, address, None).await.is_ok();
    for address in ["192.0.2.1", "192.0.2.2"] {
        for _ in 0..3 {
            assert!(from(address).await);
        }
        assert!(!from(address).await);
    }
    // Three from each of three: nobody is sent any number.
    for left in [true, true, true, false] {
        assert_eq!(from("192.0.2.3").await, left);
    }
    assert!(!from("192.0.2.4").await);
    assert_eq!(outbox.count(), 9);
    world.clock.advance(Duration::hours(1));
    assert!(from("192.0.2.4").await);
}

#[tokio::test]
async fn what_was_not_sent_does_not_count_and_what_may_arrive_does() {
    let (world, outbox) = world().await;
    let nobody = world.anonymous();
    let refusal = async || {
        let input = json!({ "number": NUMBER });
        nobody.refusal("requestPhoneRecovery", input).await
    };
    outbox.fail(true);
    for _ in 0..4 {
        assert_eq!(refusal().await, "CODE_NOT_SENT");
    }
    outbox.fail(false);
    ask(&world, NUMBER).await;
    outbox.fall_silent();
    for _ in 0..2 {
        assert_eq!(refusal().await, "CODE_NOT_SENT");
    }
    assert_eq!(refusal().await, "TOO_MANY_CODES");
}

#[tokio::test]
async fn what_is_no_mobile_number_is_said() {
    let (world, outbox) = world().await;
    for number in ["03-1234-5678", "090-1234-567", "hanako", ""] {
        let input = json!({ "number": number });
        let nobody = world.anonymous();
        let said = nobody.refusal("requestPhoneRecovery", input).await;
        assert_eq!(said, "PHONE_NUMBER_INVALID", "{number}");
    }
    assert_eq!(outbox.count(), 0);
}

/// With the older key behind the newer one, as long as any number is to count.
#[tokio::test]
async fn a_number_that_was_verified_under_an_older_key_lets_in() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let before = ask(&world, NUMBER).await;
    let code_of_before = outbox.last_code();
    let newer = async |keys: Vec<[u8; 32]>| {
        let mut parts = Parts::new(world.database.place(), world.app.rules.clone());
        (parts.keys, parts.sms) = (Keys::Given(keys), std::sync::Arc::new(outbox.clone()));
        parts.clock = world.clock.clone();
        App::open(parts).await.unwrap()
    };
    let rotated = newer(vec![[9; 32], [7; 32]]).await;
    let after = phone::ask(&rotated, NUMBER, "", None).await.unwrap();
    let code_of_after = outbox.last_code();
    // A server that has the newer key alone knows no such number.
    let forgetful = newer(vec![[9; 32]]).await;
    phone::ask(&forgetful, NUMBER, "", None).await.unwrap();
    assert!(
        outbox.last().1.contains("No account"),
        "{:?}",
        outbox.last()
    );
    let id = hanako.viewer.id().unwrap();
    for (recovery, code) in [
        (before.as_str().unwrap().to_owned(), code_of_before),
        (after.recovery, code_of_after),
    ] {
        let given = phone::Given { recovery, code };
        let found = phone::check(&rotated, id, &given).await.unwrap();
        assert!(found.is_some_and(|right| right.is_unused));
        let nobody = uuid::Uuid::nil();
        assert!(
            phone::check(&rotated, nobody, &given)
                .await
                .unwrap()
                .is_none()
        );
    }
    rotated.database.close().await;
    forgetful.database.close().await;
}

/// Without keys nothing is known by them: nothing is sent.
#[tokio::test]
async fn without_keys_there_is_no_such_way() {
    let (world, outbox) = world().await;
    let mut parts = Parts::new(world.database.place(), world.app.rules.clone());
    (parts.keys, parts.sms) = (Keys::None, std::sync::Arc::new(outbox.clone()));
    let without = App::open(parts).await.unwrap();
    let refused = phone::ask(&without, NUMBER, "", None).await.unwrap_err();
    assert!(refused.in_words().contains("key"), "{}", refused.in_words());
    assert_eq!(outbox.count(), 0);
    without.database.close().await;
}
