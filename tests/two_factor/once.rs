//! A code is used once, and a call that is repeated is one call.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{begin, factor};
use crate::support::world::{
    World,
    account::{PASSWORD, refused},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_come_with_one_code_at_the_same_time_one_comes_in() {
    let world = World::new().await;
    // Several servers, where there can be.
    let other = world.beside().await;
    let (hanako, codes) = world.joined("hanako").await;
    let secret = hanako.enable_two_factor().await;
    for code in [world.next_code(&secret), codes[0].clone()] {
        let calls = (0..8).map(|call| {
            let server = [&world, &other][call % 2];
            server.sign_in("hanako", factor(&code))
        });
        let answers = join_all(calls).await;
        let came = answers.iter().filter(|answer| answer["token"].is_string());
        assert_eq!(came.count(), 1, "{answers:#?}");
        let wrong = answers
            .iter()
            .filter(|answer| refused(answer) == "SECOND_FACTOR_WRONG");
        assert_eq!(wrong.count(), 7);
    }
}

#[tokio::test]
async fn no_code_is_taken_after_a_later_one() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    let secret = hanako.enable_two_factor().await;
    world.clock.advance(Duration::minutes(10));
    let (early, late) = (world.code(&secret), world.next_code(&secret));
    for (code, expected) in [
        (&late, ""),
        (&late, "SECOND_FACTOR_WRONG"),
        (&early, "SECOND_FACTOR_WRONG"),
    ] {
        let came = world.sign_in("hanako", factor(code)).await;
        assert_eq!(refused(&came), expected);
    }
    // One step late is in time.
    let code = world.next_code(&secret);
    world.clock.advance(Duration::seconds(30));
    assert_eq!(refused(&world.sign_in("hanako", factor(&code)).await), "");
    let code = world.next_code(&secret);
    world.clock.advance(Duration::seconds(60));
    assert_eq!(
        refused(&world.sign_in("hanako", factor(&code)).await),
        "SECOND_FACTOR_WRONG"
    );
}

#[tokio::test]
async fn a_repeated_sign_in_comes_with_the_code_that_it_used_itself() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    let secret = hanako.enable_two_factor().await;
    for given in [world.next_code(&secret), codes[0].clone()] {
        let keyed =
            |key: &str| json!({ "secondFactor": given, "idempotencyKey": format!("{key}{given}") });
        let first = world.sign_in("hanako", keyed("one")).await;
        let again = world.sign_in("hanako", keyed("one")).await;
        let of = async |payload: &Value| world.comes_with(&payload["token"]).await.unwrap().viewer;
        assert_eq!(of(&first).await, of(&again).await);
        // Nobody else's call does, nor this one without it.
        let other = world.sign_in("hanako", keyed("another")).await;
        assert_eq!(refused(&other), "SECOND_FACTOR_WRONG");
        let without = json!({ "idempotencyKey": format!("one{given}") });
        let without = world.sign_in("hanako", without).await;
        assert_eq!(refused(&without), "SECOND_FACTOR_REQUIRED");
        // Nor for long.
        world.clock.advance(Duration::minutes(6));
        let late = world.sign_in("hanako", keyed("one")).await;
        assert_eq!(refused(&late), "SECOND_FACTOR_WRONG");
    }
}

/// A sign-up has no field for it: who has set one up since has had the answer.
#[tokio::test]
async fn a_repeated_sign_up_does_not_come_in_without_it() {
    let world = World::new().await;
    let nobody = world.anonymous();
    let input = json!({ "username": "hanako", "nickname": "…", "password": PASSWORD,
        "birthDate": "1986-04-01", "idempotencyKey": "join" });
    let joined = nobody.mutate("signUp", input.clone(), "token").await;
    nobody.mutate("signUp", input.clone(), "").await;
    let hanako = world.comes_with(&joined["token"]).await.unwrap();
    hanako.enable_two_factor().await;
    assert_eq!(nobody.refusal("signUp", input).await, "USERNAME_TAKEN");
}

#[tokio::test]
async fn repeated_calls_of_a_user_are_one() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    let input = json!({ "password": PASSWORD, "idempotencyKey": "begin" });
    let begun = hanako
        .mutate("beginTwoFactor", input.clone(), "secret uri")
        .await;
    let again = hanako
        .mutate("beginTwoFactor", input.clone(), "secret uri")
        .await;
    assert_eq!(begun, again, "an app may have read the first");
    let wrong = json!({ "code": "000000", "idempotencyKey": "confirm" });
    assert_eq!(
        hanako.refusal("confirmTwoFactor", wrong).await,
        "SECOND_FACTOR_WRONG"
    );
    let code = world.code(begun["secret"].as_str().unwrap());
    let confirm = json!({ "code": code, "idempotencyKey": "confirm" });
    for _ in 0..2 {
        hanako.mutate("confirmTwoFactor", confirm.clone(), "").await;
    }
    // No key shows a secret that is in use.
    assert_eq!(
        hanako.refusal("beginTwoFactor", input).await,
        "TWO_FACTOR_ENABLED"
    );
    let given = &codes[0];
    let renew = json!({ "password": PASSWORD, "secondFactor": given, "idempotencyKey": "new" });
    for _ in 0..2 {
        hanako
            .mutate("createRecoveryCodes", renew.clone(), "")
            .await;
    }
    let secret = begun["secret"].as_str().unwrap();
    let disable = json!({ "password": PASSWORD, "secondFactor": world.next_code(secret),
        "idempotencyKey": "off" });
    for _ in 0..2 {
        hanako.mutate("disableTwoFactor", disable.clone(), "").await;
    }
    begin(&hanako).await;
}
