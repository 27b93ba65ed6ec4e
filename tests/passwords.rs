//! Changing one's own password.

use ashiato::account::service::sign_in;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::world::{
    World,
    account::{PASSWORD, refused},
};

const NEW: &str = "four tall mice";
const ENDED: &str = "endedSessions";

fn change(current: &str, new: &str) -> Value {
    json!({ "currentPassword": current, "newPassword": new })
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_keeps_this_one() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    let (taro, _) = world.joined("taro").await;
    let phone = world.sign_in("hanako", json!({})).await["token"].clone();
    let done = hanako
        .mutate("changePassword", change(PASSWORD, NEW), ENDED)
        .await;
    assert_eq!(done["endedSessions"], 1);
    assert!(!world.lives(&phone).await);
    for person in [&hanako, &taro] {
        assert!(world.lives(&json!(person.token)).await);
    }
    assert_eq!(
        refused(&world.sign_in("hanako", json!({})).await),
        "SIGN_IN_FAILED"
    );
    let came = world.sign_in("hanako", json!({ "password": NEW })).await;
    assert!(world.lives(&came["token"]).await);
    assert_eq!(refused(&world.sign_in("taro", json!({})).await), "");
    // What is kept on paper is as good as before.
    let left = hanako
        .run("{ viewer { recoveryCodesLeft } }", json!({}))
        .await;
    assert_eq!(left["viewer"]["recoveryCodesLeft"], codes.len());
}

#[rstest]
#[case("wrong", NEW, "PASSWORD_WRONG", "currentPassword")]
#[case(NEW, NEW, "PASSWORD_WRONG", "currentPassword")]
#[case(PASSWORD, "short", "PASSWORD_TOO_SHORT", "newPassword")]
#[case(PASSWORD, "password1", "PASSWORD_TOO_COMMON", "newPassword")]
#[case(PASSWORD, "HANAKO-86", "PASSWORD_TOO_EASY", "newPassword")]
#[case(PASSWORD, &"x".repeat(1025), "PASSWORD_TOO_LONG", "newPassword")]
#[tokio::test]
async fn what_is_against_the_rules_changes_nothing(
    #[case] current: &str,
    #[case] new: &str,
    #[case] code: &str,
    #[case] field: &str,
) {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    let phone = world.sign_in("hanako", json!({})).await["token"].clone();
    let refused = hanako
        .attempt("changePassword", change(current, new), ENDED)
        .await;
    let errors = json!([{ "code": code, "field": [field] }]);
    assert_eq!(
        refused,
        json!({ "endedSessions": null, "userErrors": errors })
    );
    assert!(world.lives(&phone).await);
    let app = &world.app;
    sign_in(app, "hanako", PASSWORD.to_owned(), None)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_repeated_change_is_one() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    world.sign_in("hanako", json!({})).await;
    let keyed = |current: &str, new: &str| {
        let mut input = change(current, new);
        input["idempotencyKey"] = json!("key");
        input
    };
    let first = hanako
        .mutate("changePassword", keyed(PASSWORD, NEW), ENDED)
        .await;
    assert_eq!(first["endedSessions"], 1);
    let phone = world.sign_in("hanako", json!({ "password": NEW })).await["token"].clone();
    let again = hanako
        .mutate("changePassword", keyed(PASSWORD, NEW), ENDED)
        .await;
    assert_eq!(again, first);
    assert!(world.lives(&phone).await, "it came later");
    // Neither is the key a password, nor the new one the old for another key.
    let guess = keyed("wrong", "five thin mice");
    assert_eq!(
        hanako.refusal("changePassword", guess).await,
        "PASSWORD_WRONG"
    );
    let mut other = keyed("wrong", NEW);
    other["idempotencyKey"] = json!("another");
    assert_eq!(
        hanako.refusal("changePassword", other).await,
        "PASSWORD_WRONG"
    );
}

#[tokio::test]
async fn who_has_a_second_factor_gives_it_too() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    let secret = hanako.enable_two_factor().await;
    let with = |factor: Value| {
        let mut input = change(PASSWORD, NEW);
        input["secondFactor"] = factor;
        input
    };
    let required = hanako.refusal("changePassword", with(Value::Null)).await;
    assert_eq!(required, "SECOND_FACTOR_REQUIRED");
    for wrong in ["000000", "nonsense", &world.code(&secret)] {
        let refused = hanako.refusal("changePassword", with(json!(wrong))).await;
        assert_eq!(refused, "SECOND_FACTOR_WRONG", "{wrong}");
    }
    let code = world.next_code(&secret);
    hanako.mutate("changePassword", with(json!(code)), "").await;
    let input =
        json!({ "currentPassword": NEW, "newPassword": PASSWORD, "secondFactor": codes[0] });
    hanako.mutate("changePassword", input, "").await;
}

/// Of two at the same time one finds the old password, and the other the new one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_changes_at_the_same_time_one_is_made() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    let (one, other) = (change(PASSWORD, NEW), change(PASSWORD, "five thin mice"));
    let (one, other) = futures_util::join!(
        hanako.attempt("changePassword", one, ""),
        hanako.attempt("changePassword", other, ""),
    );
    let mut said = [refused(&one), refused(&other)];
    said.sort_unstable();
    assert_eq!(said, ["", "PASSWORD_WRONG"]);
}
