//! Trying codes that were sent: five each, and nobody uses up another's.

use chrono::Duration;
use futures_util::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};

use super::{NOBODYS, NUMBER, PASSWORD, ask, form, refused, verify, world, wrong};
use crate::support::world::Person;

const FAILED: &str = "RECOVERY_FAILED";

async fn said(who: &Person<'_>, username: &str, recovery: &Value, code: &str) -> String {
    let input = form(username, recovery, code);
    let payload = who.attempt("recoverAccount", input, "token").await;
    refused(&payload).to_owned()
}

#[rstest]
#[case::without_a_key(None)]
#[case::with_a_key(Some("key"))]
#[tokio::test]
async fn whatever_is_wrong_answers_alike_after_the_same_work(#[case] key: Option<&str>) {
    let (world, outbox) = world().await;
    for (name, number) in [("hanako", NUMBER), ("taro", "080-1111-1111")] {
        let (who, _) = world.joined(name).await;
        verify(&who, &outbox, number).await;
    }
    world.joined("without").await;
    let of_nobody = ask(&world, NOBODYS).await;
    let recovery = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    let late = ask(&world, NUMBER).await;
    let code_of_late = outbox.last_code();
    world.clock.advance(Duration::minutes(5));
    let tired = ask(&world, NUMBER).await;
    let code_of_tired = outbox.last_code();
    let nobody = world.anonymous();
    for _ in 0..5 {
        said(&nobody, "hanako", &tired, &wrong(&code_of_tired)).await;
    }
    let document = "mutation($input: RecoverAccountInput!) { recoverAccount(input: $input) {
        token user { id } userErrors { code message field } } }";
    let mut answers = Vec::new();
    for (what, username, recovery, code) in [
        ("wrong", "hanako", &recovery, &wrong(&sent)),
        ("another's name", "taro", &recovery, &sent),
        ("no number", "without", &recovery, &sent),
        ("absent", "nobody", &recovery, &sent),
        ("no name", "NOT A NAME", &recovery, &sent),
        ("tired", "hanako", &tired, &code_of_tired),
        ("nobody's", "hanako", &of_nobody, &sent),
        ("no recovery", "hanako", &json!("nonsense"), &sent),
        ("no code", "hanako", &json!(""), &"no code".to_owned()),
    ] {
        let mut input = form(username, recovery, code);
        input["idempotencyKey"] = json!(key);
        // Another password than any that was set.
        input["newPassword"] = json!("six slow mice");
        let checks = world.app.passwords.checks();
        world.forget_statements();
        let answer = nobody.answer(document, json!({ "input": input })).await;
        let checks = world.app.passwords.checks() - checks;
        answers.push((what, answer, checks, world.statement_texts()));
    }
    world.clock.advance(Duration::minutes(5));
    assert_eq!(said(&nobody, "hanako", &late, &code_of_late).await, FAILED);
    let (_, first, checks, statements) = answers[0].clone();
    let payload = &first["data"]["recoverAccount"];
    assert_eq!(payload["userErrors"][0]["code"], FAILED);
    assert_eq!(payload["token"], Value::Null);
    for (what, answer, as_many, texts) in answers {
        assert_eq!((answer, as_many), (first.clone(), checks), "{what}");
        assert_eq!(texts, statements, "{what}");
    }
}

#[tokio::test]
async fn a_code_is_tried_five_times_and_lives_ten_minutes() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let nobody = world.anonymous();
    let recovery = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    for _ in 0..5 {
        assert_eq!(
            said(&nobody, "hanako", &recovery, &wrong(&sent)).await,
            FAILED
        );
    }
    assert_eq!(
        said(&nobody, "hanako", &recovery, &sent).await,
        FAILED,
        "the sixth try"
    );
    let recovery = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    world.clock.advance(Duration::minutes(10));
    assert_eq!(
        said(&nobody, "hanako", &recovery, &sent).await,
        FAILED,
        "ten minutes later"
    );
    let recovery = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    // A right one for who has not the number counts as a wrong one.
    world.joined("taro").await;
    for username in ["hanako", "taro", "hanako", "nobody"] {
        let code = if username == "hanako" {
            wrong(&sent)
        } else {
            sent.clone()
        };
        assert_eq!(said(&nobody, username, &recovery, &code).await, FAILED);
    }
    world
        .clock
        .advance(Duration::minutes(10) - Duration::milliseconds(1));
    assert_eq!(
        said(&nobody, "hanako", &recovery, &sent).await,
        "",
        "the fifth try"
    );
}

/// Who knows a number and asks, too, has a recovery of their own.
#[tokio::test]
async fn a_stranger_uses_up_nothing_of_who_holds_the_number() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let nobody = world.anonymous();
    let own = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    let of_stranger = ask(&world, NUMBER).await;
    for _ in 0..10 {
        for guess in [&of_stranger, &json!("a guess")] {
            assert_eq!(said(&nobody, "hanako", guess, &wrong(&sent)).await, FAILED);
        }
    }
    // What was sent for the one is worth nothing for the other.
    let others = outbox.last_code();
    if others != sent {
        assert_eq!(said(&nobody, "hanako", &own, &others).await, FAILED);
    }
    assert_eq!(said(&nobody, "hanako", &own, &sent).await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_come_at_the_same_time_one_comes_in() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let nobody = world.anonymous();
    let recovery = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    let calls = (0..8).map(|_| {
        let input = form("hanako", &recovery, &sent);
        nobody.attempt("recoverAccount", input, "token")
    });
    let answers = join_all(calls).await;
    let came: Vec<_> = answers
        .iter()
        .filter(|answer| refused(answer).is_empty())
        .collect();
    assert_eq!(came.len(), 1, "{answers:#?}");
    assert!(world.lives(&came[0]["token"]).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_codes_at_the_same_time_are_five_as_well() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let recovery = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    let other = world.beside().await;
    let (one, two) = (world.anonymous(), other.anonymous());
    let guess = wrong(&sent);
    let trying = (0..10).map(|turn| {
        let who = if turn % 2 == 0 { &one } else { &two };
        said(who, "hanako", &recovery, &guess)
    });
    let answers = join_all(trying).await;
    assert!(answers.iter().all(|said| said == FAILED), "{answers:?}");
    assert_eq!(said(&one, "hanako", &recovery, &sent).await, FAILED);
}

#[tokio::test]
async fn what_has_ended_goes() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    world.clock.advance(Duration::hours(2));
    ashiato::housekeeping::sweep(&world.app).await.unwrap();
    for number in [NUMBER, NOBODYS] {
        ask(&world, number).await;
    }
    let sweep = async || ashiato::housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(sweep().await.phone_codes, 0);
    world.clock.advance(Duration::minutes(10));
    assert_eq!(sweep().await.phone_codes, 0, "to the millisecond");
    world.clock.advance(Duration::milliseconds(1));
    assert_eq!(sweep().await.phone_codes, 2);
    let signed_in = world
        .sign_in("hanako", json!({ "password": PASSWORD }))
        .await;
    assert_eq!(refused(&signed_in), "");
}
