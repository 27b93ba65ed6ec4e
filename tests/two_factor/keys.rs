//! The secret is sealed with a key that is not in the database.

use std::sync::Arc;

use ashiato::{
    account::{
        arrival::Arrival,
        sign_in::{SignIn, come_in},
    },
    app::{App, Parts},
    config::Rules,
    rejection::Rejection,
    secrets::Keys,
};
use serde_json::json;

use crate::support::{
    backend::is_postgres,
    world::{World, account::PASSWORD},
};

const OLD: [u8; 32] = [7; 32];
const NEW: [u8; 32] = [8; 32];

async fn with(world: &World, keys: Keys) -> Arc<App> {
    let mut parts = Parts::new(world.database.place(), Rules::default());
    parts.keys = keys;
    parts.clock = world.clock.clone();
    App::open(parts).await.unwrap()
}

/// What signing in comes to, in a word.
async fn comes_in(app: &Arc<App>, factor: &str) -> String {
    let wish = SignIn {
        username: "hanako".to_owned(),
        password: PASSWORD.to_owned(),
        second_factor: Some(factor.to_owned()),
        idempotency_key: None,
    };
    match come_in(app, wish, &Arrival::default()).await {
        Ok(_) => "in".to_owned(),
        Err(Rejection::Refused(reasons)) => format!("{:?}", reasons[0].code),
        Err(Rejection::Failed(error)) => error.code().to_owned(),
    }
}

#[tokio::test]
async fn a_new_key_takes_over_and_with_the_old_one_gone_a_code_on_paper_lets_in() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    let secret = hanako.enable_two_factor().await;
    let rotated = with(&world, Keys::Given(vec![NEW, OLD])).await;
    assert_eq!(comes_in(&rotated, &world.next_code(&secret)).await, "in");
    for (keys, paper) in [(Keys::Given(vec![NEW]), &codes[0]), (Keys::None, &codes[1])] {
        let without = with(&world, keys).await;
        let code = world.next_code(&secret);
        assert_eq!(comes_in(&without, &code).await, "NOT_CONFIGURED");
        assert_eq!(comes_in(&without, paper).await, "in");
        assert_eq!(comes_in(&rotated, &code).await, "in", "it was not used up");
    }
    assert!(
        world.lives(&json!(hanako.token)).await,
        "nobody is signed out"
    );
}

#[tokio::test]
async fn without_a_key_none_is_begun_and_all_else_goes_on() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    let mut server = World::new().await;
    server.app = with(&world, Keys::None).await;
    let hanako = server.comes_with(&json!(hanako.token)).await.unwrap();
    let document =
        "mutation($input: BeginTwoFactorInput!) { beginTwoFactor(input: $input) { uri } }";
    let input = json!({ "input": { "password": PASSWORD } });
    assert_eq!(hanako.error(document, input).await, "NOT_CONFIGURED");
    let input = json!({ "password": PASSWORD });
    hanako.mutate("createRecoveryCodes", input, "").await;
    assert_eq!(
        comes_in(&server.app, &codes[0]).await,
        "in",
        "it has none to give"
    );
}

#[tokio::test]
async fn another_s_sealed_secret_is_worth_nothing() {
    use sea_orm::ConnectionTrait;
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    let (taro, _) = world.joined("taro").await;
    hanako.enable_two_factor().await;
    let secret = taro.enable_two_factor().await;
    let literal = |id: uuid::Uuid| match is_postgres() {
        true => format!("'{}'", id.simple()),
        false => format!("X'{}'", id.simple()),
    };
    let [hanako, taro] = [&hanako, &taro].map(|who| literal(who.viewer.id().unwrap()));
    let swap = format!(
        "UPDATE two_factors SET secret = (SELECT secret FROM two_factors WHERE user_id = {taro}) \
         WHERE user_id = {hanako}"
    );
    let db = sea_orm::Database::connect(&world.url).await.unwrap();
    db.execute_unprepared(&swap).await.unwrap();
    assert_eq!(
        comes_in(&world.app, &world.next_code(&secret)).await,
        "INTERNAL"
    );
}
