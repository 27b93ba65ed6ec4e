//! Recovery codes: coming back without the password.

mod given;
mod phone;

use std::collections::HashSet;

use futures_util::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::world::{Person, World, account::refused};

const NEW: &str = "four tall mice";
/// What is said of a key that was given to something else.
const REUSED: &str =
    "This idempotencyKey was used before with another input. Use a new key for a new input.";

fn form(username: &str, code: &str) -> Value {
    json!({ "username": username, "recoveryCode": code, "newPassword": NEW })
}

async fn left(person: &Person<'_>) -> Value {
    let data = person
        .run("{ viewer { recoveryCodesLeft } }", json!({}))
        .await;
    data["viewer"]["recoveryCodesLeft"].clone()
}

#[tokio::test]
async fn who_joins_gets_ten_codes_that_are_written_on_paper() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    assert_eq!(codes.iter().collect::<HashSet<_>>().len(), 10);
    for code in &codes {
        let groups: Vec<_> = code.split('-').map(str::len).collect();
        assert_eq!(groups, [4, 4, 4, 4], "{code}");
    }
    assert_eq!(left(&hanako).await, 10);
    let (_, others) = world.joined("taro").await;
    assert!(others.iter().all(|code| !codes.contains(code)));
    // Who was imported has none.
    assert_eq!(left(&world.person("jiro").await).await, 0);
}

#[tokio::test]
async fn a_code_sets_a_new_password_once_and_ends_all_sessions() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    let phone = world.sign_in("hanako", json!({})).await["token"].clone();
    let nobody = world.anonymous();
    let written = codes[3].to_lowercase().replace('-', " ").replace('0', "o");
    let mut input = form(" HANAKO ", &written);
    input["device"] = json!("new phone");
    let fields = "token user { username }";
    let back = nobody.mutate("recoverAccount", input, fields).await;
    assert_eq!(back["user"]["username"], "hanako");
    assert!(!world.lives(&json!(hanako.token)).await && !world.lives(&phone).await);
    let now = world.comes_with(&back["token"]).await.unwrap();
    assert_eq!(left(&now).await, 9);
    let list = "{ viewer { sessions { nodes { device isCurrent } } } }";
    let list = now.run(list, json!({})).await;
    let expected = json!([{ "device": "new phone", "isCurrent": true }]);
    assert_eq!(list["viewer"]["sessions"]["nodes"], expected);
    assert_eq!(
        refused(&world.sign_in("hanako", json!({})).await),
        "SIGN_IN_FAILED"
    );
    assert_eq!(
        refused(&world.sign_in("hanako", json!({ "password": NEW })).await),
        ""
    );
    let again = form("hanako", &codes[3]);
    assert_eq!(
        nobody.refusal("recoverAccount", again).await,
        "RECOVERY_FAILED"
    );
    assert!(world.lives(&back["token"]).await);
    nobody
        .mutate("recoverAccount", form("hanako", &codes[4]), "")
        .await;
}

#[rstest]
#[case::without_a_key(None)]
#[case::with_a_key(Some("key"))]
#[tokio::test]
async fn an_absent_user_a_wrong_code_and_a_used_one_answer_alike_after_the_same_work(
    #[case] key: Option<&str>,
) {
    let world = World::uncached().await;
    let (_, codes) = world.joined("hanako").await;
    let (_, others) = world.joined("taro").await;
    let nobody = world.anonymous();
    nobody
        .mutate("recoverAccount", form("hanako", &codes[0]), "")
        .await;
    let document = "mutation($input: RecoverAccountInput!) { recoverAccount(input: $input) {
        token user { id } userErrors { code message field } } }";
    let mut answers = Vec::new();
    for (username, code) in [
        ("hanako", codes[0].as_str()),
        ("hanako", "0000-0000-0000-0000"),
        ("hanako", "no code at all"),
        ("hanako", others[0].as_str()),
        ("nobody", codes[1].as_str()),
        ("NOT A NAME", codes[1].as_str()),
    ] {
        let mut input = form(username, code);
        input["idempotencyKey"] = json!(key);
        // Another password than that of the first call.
        input["newPassword"] = json!("six slow mice");
        let checks = world.app.passwords.checks();
        world.forget_statements();
        let answer = nobody.answer(document, json!({ "input": input })).await;
        let checks = world.app.passwords.checks() - checks;
        answers.push((answer, checks, world.statement_texts()));
    }
    let payload = &answers[0].0["data"]["recoverAccount"];
    assert_eq!(payload["userErrors"][0]["code"], "RECOVERY_FAILED");
    assert_eq!(
        (&payload["token"], &payload["user"]),
        (&Value::Null, &Value::Null)
    );
    for answer in &answers {
        assert_eq!(*answer, answers[0]);
    }
}

#[rstest]
#[case("short", "PASSWORD_TOO_SHORT")]
#[case("hanako-86", "PASSWORD_TOO_EASY")]
#[case("nickname!", "PASSWORD_TOO_EASY")]
#[tokio::test]
async fn a_password_against_the_rules_uses_no_code_up(#[case] new: &str, #[case] code: &str) {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    hanako
        .mutate("editProfile", json!({ "nickname": "nickname" }), "")
        .await;
    let nobody = world.anonymous();
    let mut input = form("hanako", &codes[0]);
    input["newPassword"] = json!(new);
    let payload = nobody.attempt("recoverAccount", input, "token").await;
    let errors = json!([{ "code": code, "field": ["newPassword"] }]);
    assert_eq!(payload["userErrors"], errors);
    assert_eq!(left(&hanako).await, 10);
    nobody
        .mutate("recoverAccount", form("hanako", &codes[0]), "")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_use_a_code_at_the_same_time_one_comes_in() {
    let world = World::new().await;
    let (_, codes) = world.joined("hanako").await;
    let nobody = world.anonymous();
    let calls =
        (0..8).map(|_| nobody.attempt("recoverAccount", form("hanako", &codes[0]), "token"));
    let answers = join_all(calls).await;
    let came = answers.iter().filter(|answer| refused(answer).is_empty());
    let came: Vec<_> = came.collect();
    assert_eq!(came.len(), 1, "{answers:#?}");
    assert!(world.lives(&came[0]["token"]).await);
    let failed = answers
        .iter()
        .filter(|answer| refused(answer) == "RECOVERY_FAILED");
    assert_eq!(failed.count(), 7);
}

#[tokio::test]
async fn a_repeated_recovery_goes_on_with_the_same_session() {
    let world = World::new().await;
    let (_, codes) = world.joined("hanako").await;
    let nobody = world.anonymous();
    let mut input = form("hanako", &codes[0]);
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
    for (field, wrong) in [
        ("recoveryCode", "0000-0000-0000-0000"),
        ("newPassword", "six slow mice"),
    ] {
        let mut guess = input.clone();
        guess[field] = json!(wrong);
        assert_eq!(
            nobody.refusal("recoverAccount", guess).await,
            "RECOVERY_FAILED"
        );
    }
    let mut other = input;
    other["idempotencyKey"] = json!("another");
    assert_eq!(
        nobody.refusal("recoverAccount", other).await,
        "RECOVERY_FAILED"
    );
}

#[tokio::test]
async fn a_code_is_in_the_place_of_the_password_and_not_of_the_second_factor() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    let secret = hanako.enable_two_factor().await;
    let nobody = world.anonymous();
    let with = |code: &str, factor: Value| {
        let mut input = form("hanako", code);
        input["secondFactor"] = factor;
        input["idempotencyKey"] = json!("back");
        input
    };
    let refusal = async |input| nobody.refusal("recoverAccount", input).await;
    let alone = with(&codes[0], Value::Null);
    assert_eq!(refusal(alone).await, "SECOND_FACTOR_REQUIRED");
    // Nor is one code both.
    for wrong in [codes[0].as_str(), "000000", &world.code(&secret)] {
        let input = with(&codes[0], json!(wrong));
        assert_eq!(refusal(input).await, "SECOND_FACTOR_WRONG", "{wrong}");
    }
    assert_eq!(left(&hanako).await, 10, "none of them was used up");
    let input = with(&codes[0], json!(world.next_code(&secret)));
    let back = nobody
        .mutate("recoverAccount", input.clone(), "token")
        .await;
    let again = nobody.mutate("recoverAccount", input, "token").await;
    let now = world.comes_with(&back["token"]).await.unwrap();
    assert_eq!(
        world.comes_with(&again["token"]).await.unwrap().viewer,
        now.viewer
    );
    assert_eq!(left(&now).await, 9);
    let on = now.run("{ viewer { twoFactorEnabled } }", json!({})).await;
    assert_eq!(on["viewer"]["twoFactorEnabled"], true);
    // With the phone lost, too: two codes.
    let mut input = form("hanako", &codes[1]);
    input["secondFactor"] = json!(codes[2]);
    let back = nobody.mutate("recoverAccount", input, "token").await;
    let now = world.comes_with(&back["token"]).await.unwrap();
    assert_eq!(left(&now).await, 7);
}
