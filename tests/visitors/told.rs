//! Sessions tell whether their user sees names: then it is not looked for.

use futures_util::future::join;
use serde_json::{Value, json};

use super::{choose, is_sound, visit};
use crate::support::{
    spoilt,
    world::{Person, World},
};

const NAMES: &str = "{ viewer { footprints { nodes { visitor { username } } } } }";

/// Somebody who can sign in.
async fn owner(world: &World) -> Person<'_> {
    Person {
        username: "owner".to_owned(),
        ..world.joined("owner").await.0
    }
}

/// Whether `owner` sees the visitor's name, and by how many statements.
async fn sees(world: &World, owner: &Person<'_>) -> (bool, usize) {
    world.forget_statements();
    let data = owner.run(NAMES, json!({})).await;
    let visitor = &data["viewer"]["footprints"]["nodes"][0]["visitor"];
    (visitor != &Value::Null, world.statements())
}

#[tokio::test]
async fn every_session_of_an_owner_follows_the_choice_and_looks_for_it_no_more() {
    let world = World::uncached().await;
    let owner = owner(&world).await;
    visit(&world.person("visitor").await, &owner).await;
    let another = world.sign_in("owner", json!({})).await["token"].clone();
    let again = async || world.comes_with(&another).await.unwrap();
    assert_eq!(sees(&world, &again().await).await, (true, 2));
    choose(&owner, "ANONYMOUS").await;
    assert_eq!(sees(&world, &again().await).await, (false, 2));
    let late = world.sign_in("owner", json!({})).await["token"].clone();
    let late = world.comes_with(&late).await.unwrap();
    assert_eq!(sees(&world, &late).await, (false, 2));
    // What the session told when it was found holds for that request alone.
    choose(&owner, "NAMED").await;
    assert_eq!(sees(&world, &again().await).await, (true, 2));
    is_sound(&world).await;
}

#[tokio::test]
async fn a_session_that_begins_while_its_user_chooses_tells_the_choice() {
    let world = World::new().await;
    let owner = owner(&world).await;
    for policy in ["ANONYMOUS", "NAMED"].repeat(5) {
        let (signed_in, ()) = join(world.sign_in("owner", json!({})), choose(&owner, policy)).await;
        assert!(signed_in["token"].is_string());
        is_sound(&world).await;
    }
}

#[tokio::test]
async fn a_recount_tells_of_a_session_that_tells_wrong() {
    let world = World::new().await;
    choose(&owner(&world).await, "CONNECTIONS").await;
    is_sound(&world).await;
    let spoil = "UPDATE session_tokens SET sees_names = TRUE";
    let checks = spoilt::checks(&world.url, spoil).await;
    assert_eq!(checks, ["session_tokens.sees_names"]);
}
