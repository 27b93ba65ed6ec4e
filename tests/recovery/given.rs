//! Codes that are given again: at a sign-up that is repeated, and in the place of others.

use serde_json::{Value, json};

use super::{NEW, REUSED, form, left};
use crate::support::world::{
    World,
    account::{PASSWORD, texts},
};

/// Which answer reached its client, nobody here knows.
#[tokio::test]
async fn a_repeated_sign_up_gives_further_codes_until_one_of_them_is_used() {
    let world = World::new().await;
    let nobody = world.anonymous();
    let input = json!({ "username": "hanako", "nickname": "…", "password": PASSWORD,
        "birthDate": "1986-04-01", "idempotencyKey": "join" });
    let mut given = Vec::new();
    for _ in 0..3 {
        let joined = nobody
            .mutate("signUp", input.clone(), "token recoveryCodes")
            .await;
        let hanako = world.comes_with(&joined["token"]).await.unwrap();
        assert_eq!(left(&hanako).await, 10);
        given.push(texts(&joined["recoveryCodes"]));
    }
    let back = nobody
        .mutate("recoverAccount", form("hanako", &given[1][0]), "token")
        .await;
    let hanako = world.comes_with(&back["token"]).await.unwrap();
    assert_eq!(left(&hanako).await, 9);
    for others in [&given[0][0], &given[2][9]] {
        let input = form("hanako", others);
        assert_eq!(
            nobody.refusal("recoverAccount", input).await,
            "RECOVERY_FAILED"
        );
    }
    let mut again = input;
    again["password"] = json!(NEW);
    let joined = nobody.mutate("signUp", again, "token recoveryCodes").await;
    assert_eq!(joined["recoveryCodes"], Value::Null);
    assert!(joined["token"].is_string());
    nobody
        .mutate("recoverAccount", form("hanako", &given[1][1]), "")
        .await;
}

/// A second code lets in once, too, and so not as a repetition of the call with the first.
#[tokio::test]
async fn a_second_code_is_no_repetition_of_the_first() {
    let world = World::new().await;
    let (_, codes) = world.joined("hanako").await;
    let nobody = world.anonymous();
    let document =
        "mutation($input: RecoverAccountInput!) { recoverAccount(input: $input) { token } }";
    let mut answers = Vec::new();
    for code in [&codes[0], &codes[1], &codes[0]] {
        let mut input = form("hanako", code);
        input["idempotencyKey"] = json!("back");
        answers.push(nobody.answer(document, json!({ "input": input })).await);
    }
    let refused = &answers[1]["errors"][0]["message"];
    assert_eq!(refused, REUSED, "{}", answers[1]);
    // The second is as it was, and so is the session.
    let again = &answers[2]["data"]["recoverAccount"]["token"];
    let hanako = world.comes_with(again).await.unwrap();
    assert_eq!(left(&hanako).await, 9);
    nobody
        .mutate("recoverAccount", form("hanako", &codes[1]), "")
        .await;
}

#[tokio::test]
async fn the_codes_of_repeated_sign_ups_are_bounded() {
    const TWENTY: usize = ashiato::account::session::TOKENS as usize;
    use entity::recovery_code;
    use sea_orm::{EntityTrait, PaginatorTrait};
    let world = World::new().await;
    let nobody = world.anonymous();
    let input = json!({ "username": "hanako", "nickname": "…", "password": PASSWORD,
        "birthDate": "1986-04-01", "idempotencyKey": "join" });
    let mut given = Vec::new();
    for _ in 0..TWENTY + 2 {
        let joined = nobody
            .mutate("signUp", input.clone(), "recoveryCodes")
            .await;
        given.push(texts(&joined["recoveryCodes"]));
    }
    let db = world.app.database.reader();
    let kept = recovery_code::Entity::find().count(db).await.unwrap();
    assert_eq!(kept, 10 * TWENTY as u64);
    let oldest = form("hanako", &given[1][0]);
    assert_eq!(
        nobody.refusal("recoverAccount", oldest).await,
        "RECOVERY_FAILED"
    );
    nobody
        .mutate("recoverAccount", form("hanako", &given[2][0]), "")
        .await;
    let kept = recovery_code::Entity::find().count(db).await.unwrap();
    assert_eq!(kept, 10);
}

#[tokio::test]
async fn new_codes_are_made_in_the_place_of_the_old() {
    let world = World::new().await;
    let (hanako, old) = world.joined("hanako").await;
    let fields = "recoveryCodes";
    let wrong = json!({ "password": "wrong" });
    assert_eq!(
        hanako.refusal("createRecoveryCodes", wrong).await,
        "PASSWORD_WRONG"
    );
    let input = json!({ "password": PASSWORD, "idempotencyKey": "new" });
    let first = hanako
        .mutate("createRecoveryCodes", input.clone(), fields)
        .await;
    let again = hanako
        .mutate("createRecoveryCodes", input.clone(), fields)
        .await;
    let (first, again) = (
        texts(&first["recoveryCodes"]),
        texts(&again["recoveryCodes"]),
    );
    assert!(
        first
            .iter()
            .all(|code| !again.contains(code) && !old.contains(code))
    );
    assert_eq!(left(&hanako).await, 10);
    let nobody = world.anonymous();
    let of_before = form("hanako", &old[0]);
    assert_eq!(
        nobody.refusal("recoverAccount", of_before).await,
        "RECOVERY_FAILED"
    );
    let back = nobody
        .mutate("recoverAccount", form("hanako", &first[0]), "token")
        .await;
    let others = form("hanako", &again[0]);
    assert_eq!(
        nobody.refusal("recoverAccount", others).await,
        "RECOVERY_FAILED"
    );
    let hanako = world.comes_with(&back["token"]).await.unwrap();
    let mut repeated = input;
    repeated["password"] = json!(NEW);
    let late = hanako.mutate("createRecoveryCodes", repeated, fields).await;
    assert_eq!(late["recoveryCodes"], Value::Null);
    assert_eq!(left(&hanako).await, 9);
}
