//! The same key and input again gives the first answer (design.md, section 6).

use entity::idempotency_key;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::world::World;

#[tokio::test]
async fn the_same_key_gives_the_first_answer_and_another_input_is_an_error() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let input = json!({ "title": "once", "body": "…", "idempotencyKey": "key 1" });
    let first = me.mutate("writeDiary", input.clone(), "diary { id }").await;
    let second = me.mutate("writeDiary", input.clone(), "diary { id }").await;
    assert_eq!(first, second);
    // The key is each user's own.
    let others = other
        .mutate("writeDiary", input.clone(), "diary { id }")
        .await;
    assert_ne!(others, first);
    let count = "{ viewer { user { diaries { totalCount } } } }";
    let data = me.run(count, json!({})).await;
    assert_eq!(data["viewer"]["user"]["diaries"]["totalCount"], 1);

    let document =
        "mutation($input: WriteDiaryInput!) { writeDiary(input: $input) { diary { id } } }";
    let mut changed = input.clone();
    changed["title"] = json!("twice");
    assert_eq!(
        me.error(document, json!({ "input": changed })).await,
        "IDEMPOTENCY_KEY_REUSED"
    );
    for key in ["".to_owned(), "k".repeat(101), "a\nb".to_owned()] {
        let mut wrong = input.clone();
        wrong["idempotencyKey"] = json!(key);
        let code = me.error(document, json!({ "input": wrong })).await;
        assert_eq!(code, "INVALID_ARGUMENT", "{key:?}");
    }
}

#[tokio::test]
async fn a_refusal_is_a_first_answer_too() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let input = json!({ "userId": other.id(), "idempotencyKey": "end" });
    assert_eq!(
        me.refusal("endFriendship", input.clone()).await,
        "NOT_FRIENDS"
    );
    me.befriend(&other).await;
    assert_eq!(me.refusal("endFriendship", input).await, "NOT_FRIENDS");
}

#[tokio::test]
async fn a_visit_is_counted_once_a_key() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let input = json!({ "username": "other", "idempotencyKey": "visit" });
    let first = me
        .mutate("visitProfile", input.clone(), "leftFootprint")
        .await;
    assert_eq!(first["leftFootprint"], true);
    world.clock.advance(chrono::Duration::hours(1));
    let second = me.mutate("visitProfile", input, "leftFootprint").await;
    assert_eq!(second["leftFootprint"], true, "the first answer");
    let data = other.run("{ viewer { visitCount } }", json!({})).await;
    assert_eq!(data["viewer"]["visitCount"], 1);
}

#[tokio::test]
async fn a_repeated_sign_up_makes_one_account_and_keeps_no_secret() {
    let world = World::new().await;
    let nobody = world.anonymous();
    let input = json!({ "username": "hanako", "nickname": "花子", "password": "correct horse",
        "birthDate": "1986-04-01", "idempotencyKey": "join" });
    let first = nobody
        .mutate("signUp", input.clone(), "token user { id }")
        .await;
    let second = nobody
        .mutate("signUp", input.clone(), "token user { id }")
        .await;
    assert_eq!(first["user"], second["user"]);
    assert_ne!(
        first["token"], second["token"],
        "the first token is kept nowhere"
    );
    let mut guessed = input.clone();
    guessed["password"] = json!("another password");
    assert_eq!(nobody.refusal("signUp", guessed).await, "USERNAME_TAKEN");
    let mut new_key = input.clone();
    new_key["idempotencyKey"] = json!("another");
    assert_eq!(nobody.refusal("signUp", new_key).await, "USERNAME_TAKEN");
    let mut changed = input.clone();
    changed["nickname"] = json!("another");
    let document = "mutation($input: SignUpInput!) { signUp(input: $input) { token } }";
    let code = nobody.error(document, json!({ "input": changed })).await;
    assert_eq!(code, "IDEMPOTENCY_KEY_REUSED");

    let kept = idempotency_key::Entity::find()
        .all(world.app.database.reader())
        .await
        .unwrap();
    assert_eq!(kept.len(), 1);
    let text = format!("{:?}", kept[0]);
    for secret in [&first["token"], &second["token"], &json!("correct horse")] {
        assert!(!text.contains(secret.as_str().unwrap()));
    }
    // One session with two tokens: the first may still reach who asked for it. Both end with it.
    let viewer = |token: &Value| {
        let token = token.as_str().unwrap().to_owned();
        let app = world.app.clone();
        async move { ashiato::account::session::viewer(&app, Some(&token)).await }
    };
    let member = viewer(&first["token"]).await.unwrap().member().unwrap();
    let again = viewer(&second["token"]).await.unwrap().member().unwrap();
    assert_eq!(member.session, again.session);
    ashiato::account::session::end(&world.app, again)
        .await
        .unwrap();
    assert!(viewer(&first["token"]).await.is_err());
    assert!(viewer(&second["token"]).await.is_err());
}

#[tokio::test]
async fn a_repeated_sign_in_is_one_session_and_a_new_one_after_signing_out() {
    let world = World::new().await;
    let nobody = world.anonymous();
    let form = json!({ "username": "hanako", "nickname": "花子", "password": "correct horse",
        "birthDate": "1986-04-01" });
    nobody.mutate("signUp", form, "").await;
    let input =
        json!({ "username": "hanako", "password": "correct horse", "idempotencyKey": "in" });
    let viewer = async |payload: Value| {
        let token = payload["token"].as_str().unwrap();
        ashiato::account::session::viewer(&world.app, Some(token)).await
    };
    let first = nobody.mutate("signIn", input.clone(), "token").await;
    let second = nobody.mutate("signIn", input.clone(), "token").await;
    let earlier = viewer(first).await.unwrap().member().unwrap();
    let member = viewer(second).await.unwrap().member().unwrap();
    assert_eq!(earlier.session, member.session);
    ashiato::account::session::end(&world.app, member)
        .await
        .unwrap();
    let third = nobody.mutate("signIn", input, "token").await;
    assert!(viewer(third).await.is_ok());
}

#[tokio::test]
async fn calls_at_the_same_time_with_one_key_are_one() {
    let world = World::new().await;
    let me = world.person("me").await;
    let input = json!({ "title": "once", "body": "…", "idempotencyKey": "key" });
    let calls = (0..16).map(|_| me.mutate("writeDiary", input.clone(), "diary { id }"));
    let answers = futures_util::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let data = me
        .run("{ viewer { user { diaries { totalCount } } } }", json!({}))
        .await;
    assert_eq!(data["viewer"]["user"]["diaries"]["totalCount"], 1);
}
