//! rules.md, Users 3: joining by a mobile number, which verifies one account and is kept by nobody.

mod gateway;
mod owning;
mod sweeping;
mod ways;

use ashiato::config::Rules;
use rstest::rstest;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::{
    outbox::Outbox,
    world::{Person, World, account::PASSWORD},
};

const NUMBER: &str = "090-1234-5678";

/// A service, and the short messages that it sends.
async fn world() -> (World, Outbox) {
    let outbox = Outbox::default();
    let world = World::sending(Rules::default(), outbox.clone()).await;
    (world, outbox)
}

/// Asks for a code for `number`, and reads it.
async fn code(who: &Person<'_>, outbox: &Outbox, number: &str) -> String {
    let input = json!({ "number": number });
    let sent = who.mutate("requestPhoneCode", input, "expiresAt").await;
    assert!(sent["expiresAt"].is_string());
    outbox.last_code()
}

fn form(username: &str, number: &str, code: &str) -> Value {
    json!({
        "username": username, "nickname": username, "password": "correct horse",
        "birthDate": "1986-04-01", "phone": { "number": number, "code": code },
    })
}

/// Somebody who has a password.
async fn member<'w>(world: &'w World, username: &str) -> Person<'w> {
    let member = world.person(username).await;
    world.give_password(&member).await;
    member
}

/// What a number is verified with.
fn proved(number: &str, code: &str) -> Value {
    json!({ "phone": { "number": number, "code": code }, "password": PASSWORD })
}

async fn verify(who: &Person<'_>, number: &str, code: &str) -> Value {
    let input = proved(number, code);
    who.attempt("verifyPhoneNumber", input, "phoneNumberVerified")
        .await
}

/// Another code than `code`.
fn wrong(code: &str) -> String {
    let digit = if code.starts_with('0') { "1" } else { "0" };
    format!("{digit}{}", &code[1..])
}

const VERIFIED: &str = "{ viewer { phoneNumberVerified } }";

async fn is_verified(who: &Person<'_>) -> bool {
    let viewer = who.run(VERIFIED, json!({})).await["viewer"].clone();
    viewer["phoneNumberVerified"].as_bool().unwrap()
}

#[tokio::test]
async fn a_number_is_verified_by_the_code_that_is_sent_to_it() {
    let (world, outbox) = world().await;
    let nobody = world.anonymous();
    let sent = code(&nobody, &outbox, NUMBER).await;
    assert_eq!(outbox.last().0, "+819012345678");
    assert!(outbox.last().1.contains("10分"), "{}", outbox.last().1);
    assert!(outbox.last().1.chars().count() <= 70, "one message");
    // However either is written.
    let made = form(
        "hanako",
        "+81 90 1234 5678",
        &format!("{} {}", &sent[..3], &sent[3..]),
    );
    nobody.mutate("signUp", made, "token").await;
    assert!(is_verified(&world.known("hanako").await).await);
    // It is used up.
    let again = form("taro", NUMBER, &sent);
    assert_eq!(nobody.refusal("signUp", again).await, "PHONE_CODE_WRONG");
    assert!(!is_verified(&world.person("jiro").await).await);
}

#[tokio::test]
async fn a_number_verifies_one_account_and_only_its_holder_is_told() {
    let (world, outbox) = world().await;
    let (first, second) = (
        member(&world, "first").await,
        member(&world, "second").await,
    );
    let sent = code(&first, &outbox, NUMBER).await;
    assert_eq!(
        verify(&first, NUMBER, &sent).await["phoneNumberVerified"],
        true
    );
    // Who asks for a code, or gives a wrong one, finds nothing out.
    let asked = async |number: &str| {
        world.forget_statements();
        let input = json!({ "number": number });
        let said = second.attempt("requestPhoneCode", input, "expiresAt").await;
        let code = outbox.last_code();
        let wrong = verify(&second, number, &wrong(&code)).await;
        (said, wrong, world.statements(), code)
    };
    let (said, refused, statements, _) = asked("080-1111-2222").await;
    let (said_of_known, refused_of_known, as_many, sent) = asked(NUMBER).await;
    assert_eq!(
        (said, refused, statements),
        (said_of_known, refused_of_known, as_many)
    );
    let told = verify(&second, NUMBER, &sent).await;
    assert_eq!(told["userErrors"][0]["code"], "PHONE_NUMBER_TAKEN");
    assert_eq!(told["phoneNumberVerified"], false);
    let taken = form("third", NUMBER, &sent);
    let refused = world.anonymous().refusal("signUp", taken).await;
    assert_eq!(refused, "PHONE_NUMBER_TAKEN");
    assert!(is_verified(&first).await);
}

#[tokio::test]
async fn another_number_frees_the_first() {
    let (world, outbox) = world().await;
    let (me, other) = (member(&world, "me").await, member(&world, "other").await);
    for number in [NUMBER, "070-0000-1111", "070-0000-1111"] {
        let sent = code(&me, &outbox, number).await;
        assert_eq!(verify(&me, number, &sent).await["userErrors"], json!([]));
    }
    let sent = code(&other, &outbox, NUMBER).await;
    assert_eq!(verify(&other, NUMBER, &sent).await["userErrors"], json!([]));
    let sent = code(&other, &outbox, "070-0000-1111").await;
    let told = verify(&other, "070-0000-1111", &sent).await;
    assert_eq!(told["userErrors"][0]["code"], "PHONE_NUMBER_TAKEN");
}

#[tokio::test]
async fn a_code_dies_after_its_tries_and_after_its_minutes_and_with_the_next() {
    let (world, outbox) = world().await;
    let me = member(&world, "me").await;
    let tried = async |code: &str| verify(&me, NUMBER, code).await["userErrors"].clone();
    let refused = json!([{ "code": "PHONE_CODE_WRONG", "field": ["phone", "code"] }]);
    let sent = code(&me, &outbox, NUMBER).await;
    for _ in 0..5 {
        assert_eq!(tried(&wrong(&sent)).await, refused);
    }
    assert_eq!(tried(&sent).await, refused, "the sixth try");
    let sent = code(&me, &outbox, NUMBER).await;
    world.clock.advance(chrono::Duration::minutes(10));
    assert_eq!(tried(&sent).await, refused, "ten minutes later");
    let first = code(&me, &outbox, NUMBER).await;
    world.clock.advance(chrono::Duration::hours(1));
    let second = code(&me, &outbox, NUMBER).await;
    assert_eq!(tried(&first).await, refused, "an earlier code");
    for _ in 0..3 {
        assert_eq!(tried(&wrong(&second)).await, refused);
    }
    assert_eq!(tried(&second).await, json!([]), "the fifth try");
}

/// What was right and could not be used is not lost.
#[tokio::test]
async fn a_code_serves_until_the_account_is_made() {
    let (world, outbox) = world().await;
    let nobody = world.anonymous();
    world.person("taken").await;
    let sent = code(&nobody, &outbox, NUMBER).await;
    for _ in 0..7 {
        let taken = form("taken", NUMBER, &sent);
        assert_eq!(nobody.refusal("signUp", taken).await, "USERNAME_TAKEN");
    }
    nobody
        .mutate("signUp", form("free", NUMBER, &sent), "")
        .await;
}

#[tokio::test]
async fn a_number_is_sent_so_many_codes_an_hour() {
    let (world, outbox) = world().await;
    let nobody = world.anonymous();
    let input = json!({ "number": NUMBER });
    for _ in 0..3 {
        code(&nobody, &outbox, NUMBER).await;
        world.clock.advance(chrono::Duration::minutes(5));
    }
    let last = outbox.last_code();
    let refused = nobody.refusal("requestPhoneCode", input.clone()).await;
    assert_eq!(refused, "TOO_MANY_CODES");
    assert_eq!(outbox.count(), 3);
    // The last one goes on, and other numbers are others.
    nobody
        .mutate("signUp", form("new", NUMBER, &last), "")
        .await;
    code(&nobody, &outbox, "080-0000-0000").await;
    world.clock.advance(chrono::Duration::minutes(44));
    assert_eq!(
        nobody.refusal("requestPhoneCode", input.clone()).await,
        "TOO_MANY_CODES"
    );
    world.clock.advance(chrono::Duration::minutes(1));
    nobody.mutate("requestPhoneCode", input, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_as_many_codes_are_sent_and_tried_as_may_be() {
    let (world, outbox) = world().await;
    let me = member(&world, "me").await;
    let input = json!({ "number": NUMBER });
    let asking = (0..12).map(|_| me.attempt("requestPhoneCode", input.clone(), "expiresAt"));
    let asked = futures_util::future::join_all(asking).await;
    let sent = asked
        .iter()
        .filter(|it| it["expiresAt"].is_string())
        .count();
    assert_eq!((sent, outbox.count()), (3, 3));

    world.clock.advance(chrono::Duration::hours(1));
    let sent = code(&me, &outbox, NUMBER).await;
    let wrong = wrong(&sent);
    let trying = (0..12).map(|_| verify(&me, NUMBER, &wrong));
    futures_util::future::join_all(trying).await;
    let told = verify(&me, NUMBER, &sent).await;
    assert_eq!(
        told["userErrors"][0]["code"], "PHONE_CODE_WRONG",
        "tried to death"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_join_by_one_number_at_once_one_does() {
    let (world, outbox) = world().await;
    let nobody = world.anonymous();
    let sent = code(&nobody, &outbox, NUMBER).await;
    let joining = (0..5).map(|n| {
        let form = form(&format!("newcomer{n}"), NUMBER, &sent);
        nobody.attempt("signUp", form, "token")
    });
    let joined = futures_util::future::join_all(joining).await;
    assert_eq!(
        joined.iter().filter(|it| it["token"].is_string()).count(),
        1
    );
}

#[tokio::test]
async fn what_was_not_sent_does_not_count() {
    let (world, outbox) = world().await;
    let nobody = world.anonymous();
    let input = json!({ "number": NUMBER });
    outbox.fail(true);
    for _ in 0..4 {
        assert_eq!(
            nobody.refusal("requestPhoneCode", input.clone()).await,
            "CODE_NOT_SENT"
        );
    }
    outbox.fail(false);
    code(&nobody, &outbox, NUMBER).await;
}

/// What may have been sent counts: a silent gateway is no way to have somebody sent any number.
#[tokio::test]
async fn what_may_arrive_counts() {
    let (world, outbox) = world().await;
    let nobody = world.anonymous();
    outbox.fall_silent();
    let input = json!({ "number": NUMBER });
    let mut told = Vec::new();
    for _ in 0..4 {
        told.push(nobody.refusal("requestPhoneCode", input.clone()).await);
    }
    let not_sent = "CODE_NOT_SENT";
    assert_eq!(told, [not_sent, not_sent, not_sent, "TOO_MANY_CODES"]);
}

#[rstest]
#[case("03-1234-5678")]
#[case("090-1234-567")]
#[case("hanako")]
#[tokio::test]
async fn what_is_no_mobile_number_is_said(#[case] number: &str) {
    let (world, outbox) = world().await;
    let nobody = world.anonymous();
    let input = json!({ "number": number });
    assert_eq!(
        nobody.refusal("requestPhoneCode", input).await,
        "PHONE_NUMBER_INVALID"
    );
    let form = form("new", number, "123456");
    assert_eq!(nobody.refusal("signUp", form).await, "PHONE_NUMBER_INVALID");
    assert_eq!(outbox.count(), 0);
}

/// Every value of every column of what numbers and codes are kept in.
async fn dump(world: &World) -> String {
    let tables = [
        "phone_numbers",
        "user_phones",
        "phone_codes",
        "phone_code_requests",
        "idempotency_keys",
    ];
    let db = sea_orm::Database::connect(&world.url).await.unwrap();
    let mut all = String::new();
    for table in tables {
        let text = format!("SELECT * FROM {table}");
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), text);
        let rows = db.query_all_raw(statement).await.unwrap();
        all += &format!("{rows:?}");
    }
    db.close().await.unwrap();
    all
}

#[tokio::test]
async fn the_database_holds_neither_a_number_nor_a_code() {
    let (world, outbox) = world().await;
    let me = member(&world, "me").await;
    let sent = code(&me, &outbox, NUMBER).await;
    let mut input = proved(NUMBER, &sent);
    input["idempotencyKey"] = json!("once");
    for _ in 0..2 {
        me.mutate("verifyPhoneNumber", input.clone(), "phoneNumberVerified")
            .await;
    }
    let sent = code(&me, &outbox, "08011112222").await;
    let kept = dump(&world).await;
    for secret in ["12345678", "11112222", &*sent] {
        assert!(!kept.contains(secret), "{secret}: {kept}");
    }
}
