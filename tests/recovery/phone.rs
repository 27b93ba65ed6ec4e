//! Coming back by a verified number: a code that is sent to it, in the place of the password.

mod asking;
mod bounds;
mod trying;

use ashiato::config::Rules;
use serde_json::{Value, json};

use super::{NEW, left};
use crate::support::{
    outbox::Outbox,
    world::{
        Person, World,
        account::{PASSWORD, refused},
    },
};

pub const NUMBER: &str = "090-1234-5678";
pub const NOBODYS: &str = "080-0000-0000";

/// A service without a cache, and the short messages that it sends.
pub async fn world() -> (World, Outbox) {
    let outbox = Outbox::default();
    let world = World::sending(Rules::default(), outbox.clone()).await;
    (world, outbox)
}

/// Has `who` verify `number`.
pub async fn verify(who: &Person<'_>, outbox: &Outbox, number: &str) {
    let input = json!({ "number": number });
    who.mutate("requestPhoneCode", input, "expiresAt").await;
    let phone = json!({ "number": number, "code": outbox.last_code() });
    let input = json!({ "phone": phone, "password": PASSWORD });
    who.mutate("verifyPhoneNumber", input, "").await;
}

/// Asks for a code for `number`: what that is answered with.
pub async fn ask(world: &World, number: &str) -> Value {
    let input = json!({ "number": number });
    let nobody = world.anonymous();
    let asked = nobody
        .mutate("requestPhoneRecovery", input, "recovery expiresAt")
        .await;
    asked["recovery"].clone()
}

/// What `username` comes back with.
pub fn form(username: &str, recovery: &Value, code: &str) -> Value {
    json!({ "username": username, "newPassword": NEW,
        "phone": { "recovery": recovery, "code": code } })
}

/// Another code than `code`.
pub fn wrong(code: &str) -> String {
    let digit = if code.starts_with('0') { "1" } else { "0" };
    format!("{digit}{}", &code[1..])
}

#[tokio::test]
async fn a_code_that_was_sent_sets_a_new_password_once_and_ends_all_sessions() {
    let (world, outbox) = world().await;
    let (hanako, codes) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let elsewhere = world.sign_in("hanako", json!({})).await["token"].clone();
    let recovery = ask(&world, "+81 90 1234 5678").await;
    let (to, text) = outbox.last();
    assert_eq!(to, "+819012345678");
    assert!(
        text.contains("10分") && text.chars().count() <= 70,
        "{text}"
    );
    let sent = outbox.last_code();
    // However the code is written.
    let mut input = form(
        " HANAKO ",
        &recovery,
        &format!("{} {}", &sent[..3], &sent[3..]),
    );
    input["device"] = json!("new phone");
    let nobody = world.anonymous();
    let fields = "token user { username }";
    let back = nobody.mutate("recoverAccount", input, fields).await;
    assert_eq!(back["user"]["username"], "hanako");
    assert!(!world.lives(&json!(hanako.token)).await && !world.lives(&elsewhere).await);
    let now = world.comes_with(&back["token"]).await.unwrap();
    let list = "{ viewer { phoneNumberVerified sessions { nodes { device isCurrent } } } }";
    let list = now.run(list, json!({})).await["viewer"].clone();
    assert_eq!(list["phoneNumberVerified"], true);
    let expected = json!([{ "device": "new phone", "isCurrent": true }]);
    assert_eq!(list["sessions"]["nodes"], expected);
    assert_eq!(left(&now).await, 0, "whoever had made the codes on paper");
    assert_eq!(
        refused(&world.sign_in("hanako", json!({})).await),
        "SIGN_IN_FAILED"
    );
    let new = world.sign_in("hanako", json!({ "password": NEW })).await;
    assert_eq!(refused(&new), "");
    let again = form("hanako", &recovery, &sent);
    assert_eq!(
        nobody.refusal("recoverAccount", again).await,
        "RECOVERY_FAILED"
    );
    assert!(world.lives(&back["token"]).await);
    for code in &codes {
        let on_paper = super::form("hanako", code);
        assert_eq!(
            nobody.refusal("recoverAccount", on_paper).await,
            "RECOVERY_FAILED"
        );
    }
    let now = world.comes_with(&back["token"]).await.unwrap();
    let input = json!({ "password": NEW });
    let given = now
        .mutate("createRecoveryCodes", input, "recoveryCodes")
        .await;
    let code = given["recoveryCodes"][0].as_str().unwrap();
    let on_paper = super::form("hanako", code);
    nobody.mutate("recoverAccount", on_paper, "").await;
}

#[tokio::test]
async fn one_of_the_two_ways_is_taken() {
    let (world, _) = world().await;
    let (_, codes) = world.joined("hanako").await;
    let neither = json!({ "username": "hanako", "newPassword": NEW });
    let mut both = form("hanako", &json!("recovery"), "000000");
    both["recoveryCode"] = json!(codes[0]);
    for input in [neither, both] {
        let nobody = world.anonymous();
        assert_eq!(
            nobody.refusal("recoverAccount", input).await,
            "RECOVERY_PROOF_REQUIRED"
        );
    }
    assert_eq!(left(&world.known("hanako").await).await, 10);
}

#[tokio::test]
async fn a_number_is_in_the_place_of_the_password_and_not_of_the_second_factor() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    let secret = hanako.enable_two_factor().await;
    let input = json!({ "number": NUMBER });
    hanako.mutate("requestPhoneCode", input, "").await;
    let phone = json!({ "number": NUMBER, "code": outbox.last_code() });
    let factor = world.next_code(&secret);
    let input = json!({ "phone": phone, "password": PASSWORD, "secondFactor": factor });
    hanako.mutate("verifyPhoneNumber", input, "").await;
    let recovery = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    let nobody = world.anonymous();
    let with = |factor: Value| {
        let mut input = form("hanako", &recovery, &sent);
        input["secondFactor"] = factor;
        input
    };
    let refusal = async |input| nobody.refusal("recoverAccount", input).await;
    assert_eq!(refusal(with(Value::Null)).await, "SECOND_FACTOR_REQUIRED");
    // What was sent is no second factor. (None of it uses the code up, however often.)
    for factor in [&*sent, "000000", &world.code(&secret), "nonsense"] {
        let said = refusal(with(json!(factor))).await;
        assert_eq!(said, "SECOND_FACTOR_WRONG", "{factor}");
    }
    assert_eq!(refusal(with(Value::Null)).await, "SECOND_FACTOR_REQUIRED");
    assert!(
        world.lives(&json!(hanako.token)).await,
        "nothing was changed"
    );
    let input = with(json!(world.next_code(&secret)));
    let back = nobody.mutate("recoverAccount", input, "token").await;
    let now = world.comes_with(&back["token"]).await.unwrap();
    let on = now.run("{ viewer { twoFactorEnabled } }", json!({})).await;
    assert_eq!(on["viewer"]["twoFactorEnabled"], true);
    // With the app lost, too: a code on paper beside it, which serves for a repetition, and the others end.
    let factor = world.next_code(&secret);
    let input = json!({ "password": NEW, "secondFactor": factor });
    let given = now
        .mutate("createRecoveryCodes", input, "recoveryCodes")
        .await;
    let codes = &given["recoveryCodes"];
    let recovery = ask(&world, NUMBER).await;
    let mut input = form("hanako", &recovery, &outbox.last_code());
    input["secondFactor"] = codes[0].clone();
    input["idempotencyKey"] = json!("app lost");
    nobody
        .mutate("recoverAccount", input.clone(), "token")
        .await;
    let back = nobody.mutate("recoverAccount", input, "token").await;
    let now = world.comes_with(&back["token"]).await.unwrap();
    assert_eq!(left(&now).await, 0);
    for code in [&codes[0], &codes[1]] {
        let input = json!({ "password": NEW, "secondFactor": code });
        assert_eq!(
            now.refusal("createRecoveryCodes", input).await,
            "SECOND_FACTOR_WRONG"
        );
    }
}

#[tokio::test]
async fn a_repeated_recovery_goes_on_with_the_same_session() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let recovery = ask(&world, NUMBER).await;
    let nobody = world.anonymous();
    let mut input = form("hanako", &recovery, &outbox.last_code());
    input["idempotencyKey"] = json!("back");
    let first = nobody
        .mutate("recoverAccount", input.clone(), "token")
        .await;
    let again = nobody
        .mutate("recoverAccount", input.clone(), "token")
        .await;
    assert_ne!(first["token"], again["token"]);
    let of = async |payload: &Value| world.comes_with(&payload["token"]).await.unwrap().viewer;
    assert_eq!(of(&first).await, of(&again).await);
    // By nobody who does not know both the code and the password.
    let mut wrong_code = input.clone();
    wrong_code["phone"]["code"] = json!(wrong(&outbox.last_code()));
    let mut wrong_password = input.clone();
    wrong_password["newPassword"] = json!("six slow mice");
    let mut other = input;
    other["idempotencyKey"] = json!("another");
    for guess in [wrong_code, wrong_password, other] {
        assert_eq!(
            nobody.refusal("recoverAccount", guess).await,
            "RECOVERY_FAILED"
        );
    }
}

/// A code for the one is none for the other.
#[tokio::test]
async fn a_code_to_recover_by_verifies_nothing_nor_the_other_way_round() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let nobody = world.anonymous();
    let input = json!({ "number": NUMBER });
    hanako.mutate("requestPhoneCode", input, "expiresAt").await;
    let to_verify = outbox.last_code();
    let recovery = ask(&world, NUMBER).await;
    let to_recover = outbox.last_code();
    assert_ne!(to_verify, to_recover);
    let given = form("hanako", &recovery, &to_verify);
    assert_eq!(
        nobody.refusal("recoverAccount", given).await,
        "RECOVERY_FAILED"
    );
    let proved =
        |code: &str| json!({ "phone": { "number": NUMBER, "code": code }, "password": PASSWORD });
    let given = proved(&to_recover);
    assert_eq!(
        hanako.refusal("verifyPhoneNumber", given).await,
        "PHONE_CODE_WRONG"
    );
    // Each for its own, whatever came between.
    let given = proved(&to_verify);
    hanako.mutate("verifyPhoneNumber", given, "").await;
    let given = form("hanako", &recovery, &to_recover);
    nobody.mutate("recoverAccount", given, "").await;
}

#[tokio::test]
async fn a_number_that_is_not_theirs_any_more_lets_nobody_in() {
    let (world, outbox) = world().await;
    let (hanako, _) = world.joined("hanako").await;
    let (taro, _) = world.joined("taro").await;
    verify(&hanako, &outbox, NUMBER).await;
    let recovery = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    verify(&hanako, &outbox, "070-1111-2222").await;
    verify(&taro, &outbox, NUMBER).await;
    let nobody = world.anonymous();
    for username in ["hanako", "taro"] {
        let given = form(username, &recovery, &sent);
        let said = nobody.attempt("recoverAccount", given, "token").await;
        // The code was sent to the number that taro has now.
        let expected = if username == "taro" {
            ""
        } else {
            "RECOVERY_FAILED"
        };
        assert_eq!(refused(&said), expected, "{username}");
    }
    assert!(world.lives(&json!(hanako.token)).await);
}

/// Who is suspended is told so by who holds the number, and who leaves comes in.
#[tokio::test]
async fn who_is_suspended_is_told_so_and_who_leaves_comes_in() {
    let (world, outbox) = world().await;
    let moderator = world.moderator("moderator").await;
    let (hanako, _) = world.joined("hanako").await;
    verify(&hanako, &outbox, NUMBER).await;
    let input = json!({ "userId": hanako.id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    let nobody = world.anonymous();
    let recovery = ask(&world, NUMBER).await;
    let sent = outbox.last_code();
    let guess = form("hanako", &recovery, &wrong(&sent));
    assert_eq!(
        nobody.refusal("recoverAccount", guess).await,
        "RECOVERY_FAILED"
    );
    let given = form("hanako", &recovery, &sent);
    let said = nobody.refusal("recoverAccount", given.clone()).await;
    assert_eq!(said, "ACCOUNT_SUSPENDED");
    let input = json!({ "userId": hanako.id() });
    moderator.mutate("liftSuspension", input, "").await;
    let back = nobody.mutate("recoverAccount", given, "token").await;
    let hanako = world.comes_with(&back["token"]).await.unwrap();
    let input = json!({ "password": NEW });
    hanako.mutate("deleteAccount", input, "").await;
    let recovery = ask(&world, NUMBER).await;
    let given = form("hanako", &recovery, &outbox.last_code());
    let back = nobody.mutate("recoverAccount", given, "token").await;
    let hanako = world.comes_with(&back["token"]).await.unwrap();
    let due = hanako
        .run("{ viewer { deletion { scheduledFor } } }", json!({}))
        .await;
    assert!(
        due["viewer"]["deletion"]["scheduledFor"].is_string(),
        "{due}"
    );
}
