//! Whose number it is says nobody who has found a token: a number recovers the account.

use ashiato::cli::admin::{Change, change};
use serde_json::json;

use super::{NUMBER, PASSWORD, code, is_verified, member, proved, verify, world};
use crate::support::world::{Person, World};

/// What coming back as hanako by a code that is sent to `number` comes to.
async fn recovery(world: &World, outbox: &super::Outbox, number: &str) -> String {
    let nobody = world.anonymous();
    let input = json!({ "number": number });
    let asked = nobody
        .mutate("requestPhoneRecovery", input, "recovery")
        .await;
    let text = outbox.last().1;
    let sent = text.rsplit(' ').next().unwrap_or_default();
    let phone = json!({ "recovery": asked["recovery"], "code": sent });
    let input = json!({ "username": "hanako", "newPassword": "four tall mice", "phone": phone });
    let came = nobody.attempt("recoverAccount", input, "token").await;
    came["userErrors"][0]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

async fn refusal(who: &Person<'_>, input: serde_json::Value) -> String {
    who.refusal("verifyPhoneNumber", input).await
}

#[tokio::test]
async fn who_has_found_a_token_verifies_no_number_of_their_own() {
    const THIEFS: &str = "080-6666-6666";
    let (world, outbox) = world().await;
    let hanako = member(&world, "hanako").await;
    // Neither the first, nor another.
    for number in ["070-0000-0000", NUMBER] {
        let sent = code(&hanako, &outbox, THIEFS).await;
        for guess in ["", "a guess"] {
            let mut input = proved(THIEFS, &sent);
            input["password"] = json!(guess);
            assert_eq!(refusal(&hanako, input).await, "PASSWORD_WRONG");
        }
        assert_eq!(is_verified(&hanako).await, number == NUMBER);
        assert_eq!(
            recovery(&world, &outbox, THIEFS).await,
            "RECOVERY_FAILED",
            "{number}"
        );
        let sent = code(&hanako, &outbox, NUMBER).await;
        // A right code serves after a slip of the password, however often.
        for _ in 0..6 {
            let mut slip = proved(NUMBER, &sent);
            slip["password"] = json!("a slip");
            assert_eq!(refusal(&hanako, slip).await, "PASSWORD_WRONG");
        }
        verify(&hanako, NUMBER, &sent).await;
        assert!(is_verified(&hanako).await);
        world.clock.advance(chrono::Duration::hours(1));
    }
    assert_eq!(recovery(&world, &outbox, NUMBER).await, "");
}

#[tokio::test]
async fn the_second_factor_is_asked_for_too() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    let secret = hanako.enable_two_factor().await;
    let sent = code(&hanako, &outbox, NUMBER).await;
    let mut input = proved(NUMBER, &sent);
    assert_eq!(
        refusal(&hanako, input.clone()).await,
        "SECOND_FACTOR_REQUIRED"
    );
    input["secondFactor"] = json!(world.next_code(&secret));
    hanako.mutate("verifyPhoneNumber", input, "").await;
    let mut input = json!({ "password": PASSWORD });
    let alone = hanako.refusal("removePhoneNumber", input.clone()).await;
    assert_eq!(alone, "SECOND_FACTOR_REQUIRED");
    assert!(is_verified(&hanako).await);
    input["secondFactor"] = json!(world.next_code(&secret));
    hanako.mutate("removePhoneNumber", input, "").await;
    assert!(!is_verified(&hanako).await);
}

#[tokio::test]
async fn one_that_is_taken_off_lets_nobody_in_and_is_free() {
    let (world, outbox) = world().await;
    let hanako = member(&world, "hanako").await;
    let sent = code(&hanako, &outbox, NUMBER).await;
    verify(&hanako, NUMBER, &sent).await;
    let wrong = json!({ "password": "a guess" });
    let refused = hanako.refusal("removePhoneNumber", wrong).await;
    assert_eq!(refused, "PASSWORD_WRONG");
    let nobody = world.anonymous();
    let input = json!({ "number": NUMBER });
    let asked = nobody
        .mutate("requestPhoneRecovery", input, "recovery")
        .await;
    let before = json!({ "recovery": asked["recovery"], "code": outbox.last_code() });
    let input = json!({ "password": PASSWORD, "idempotencyKey": "off" });
    let fields = "phoneNumberVerified";
    let done = hanako
        .mutate("removePhoneNumber", input.clone(), fields)
        .await;
    assert_eq!(done[fields], false);
    // What was sent before is worth nothing, nor is anything sent that is.
    let late = json!({ "username": "hanako", "newPassword": "four tall mice", "phone": before });
    assert_eq!(
        nobody.refusal("recoverAccount", late).await,
        "RECOVERY_FAILED"
    );
    assert_eq!(recovery(&world, &outbox, NUMBER).await, "RECOVERY_FAILED");
    assert!(outbox.last().1.contains("No account has this number"));
    // Another can have it; whose it was has another, which a repeated call leaves alone.
    let taro = member(&world, "taro").await;
    for (who, number) in [(&taro, NUMBER), (&hanako, "080-1111-1111")] {
        let sent = code(who, &outbox, number).await;
        verify(who, number, &sent).await;
        assert!(is_verified(who).await);
    }
    let again = hanako.mutate("removePhoneNumber", input, fields).await;
    assert_eq!(again[fields], true);
    // Who has none is as they were.
    for _ in 0..2 {
        let input = json!({ "password": PASSWORD });
        let done = hanako.mutate("removePhoneNumber", input, fields).await;
        assert_eq!(done[fields], false);
    }
    assert!(is_verified(&taro).await);
}

#[tokio::test]
async fn the_operator_takes_one_off_and_it_stands_in_the_log() {
    let (world, outbox) = world().await;
    let hanako = member(&world, "hanako").await;
    let sent = code(&hanako, &outbox, NUMBER).await;
    verify(&hanako, NUMBER, &sent).await;
    let take_off = async |username: &str| {
        let username = username.to_owned();
        let asked = Change::RemovePhone { username };
        change(&world.app, asked, std::io::empty()).await
    };
    let said = take_off("Hanako").await.unwrap();
    assert_eq!(said, "Hanako has no mobile number any more");
    assert!(!is_verified(&hanako).await);
    assert_eq!(recovery(&world, &outbox, NUMBER).await, "RECOVERY_FAILED");
    let said = take_off("hanako").await.unwrap();
    assert_eq!(said, "hanako had no mobile number");
    assert!(take_off("nobody").await.is_err());
    let administrator = world.person("administrator").await;
    world.make_administrator(&administrator).await;
    let log = "{ auditLog { nodes { act subject { username } } } }";
    let log = administrator.run(log, json!({})).await["auditLog"]["nodes"].clone();
    let of_number = log.as_array().unwrap().iter();
    let of_number = of_number.filter(|entry| entry["act"] == "PHONE_NUMBER_REMOVED");
    assert!(of_number.clone().count() > 0);
    for entry in of_number {
        assert_eq!(entry["subject"]["username"], "hanako");
    }
}

#[tokio::test]
async fn a_key_is_for_one_number() {
    let (world, outbox) = world().await;
    let hanako = member(&world, "hanako").await;
    let document = "mutation($input: VerifyPhoneNumberInput!) {
        verifyPhoneNumber(input: $input) { phoneNumberVerified } }";
    let mut answers = Vec::new();
    for number in [NUMBER, "080-1111-1111"] {
        let sent = code(&hanako, &outbox, number).await;
        let mut input = proved(number, &sent);
        input["idempotencyKey"] = json!("key");
        answers.push(hanako.answer(document, json!({ "input": input })).await);
    }
    assert_eq!(
        answers[0]["data"]["verifyPhoneNumber"]["phoneNumberVerified"],
        true
    );
    let said = &answers[1]["errors"][0]["message"];
    let reused = "This idempotencyKey was used before with another input.";
    assert!(said.as_str().unwrap().starts_with(reused), "{said}");
}
