//! To which session the link of a copy is shown: to the one that asked for it last.

use ashiato::account::{
    leaving::{export::fetch, work::see_to_exports},
    session,
};
use chrono::TimeDelta;
use rstest::rstest;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::exports::{ask, last};
use crate::support::{
    sql,
    world::{Person, World, account::PASSWORD},
};

const NODE: &str = "query($id: ID!) { node(id: $id) { ... on DataExport { state url } } }";

/// What `person` is shown of the last copy, in the list and by its id.
async fn shown(person: &Person<'_>) -> (Value, bool) {
    let listed = last(person).await;
    let node = person.run(NODE, json!({ "id": listed["id"] })).await;
    let node = &node["node"];
    assert_eq!(node["state"], listed["state"]);
    assert_eq!(node["url"].is_string(), listed["url"].is_string());
    (listed["state"].clone(), listed["url"].is_string())
}

async fn count(world: &World) -> i64 {
    let db = world.app.database.reader();
    let count = sql::own(db, "SELECT count(*) FROM data_exports");
    let rows = db.query_all_raw(count).await.unwrap();
    rows[0].try_get_by_index(0).unwrap()
}

async fn hand_over(person: &Person<'_>) -> Value {
    let input = json!({ "password": PASSWORD });
    let asked = person
        .mutate("requestDataExport", input, "dataExport { id url }")
        .await;
    asked["dataExport"].clone()
}

#[tokio::test]
async fn the_others_see_that_it_is_ready_and_not_the_link() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    let other = world.known("goes_away").await;
    ask(&me).await;
    for person in [&me, &other] {
        assert_eq!(shown(person).await, (json!("QUEUED"), false));
    }
    see_to_exports(&world.app).await.unwrap();
    assert_eq!(shown(&me).await, (json!("READY"), true));
    assert_eq!(shown(&other).await, (json!("READY"), false));
    // Whoever has found a token alone does not have it shown there.
    let wrong = json!({ "password": "a guess" });
    let refused = other.refusal("requestDataExport", wrong).await;
    assert_eq!(refused, "PASSWORD_WRONG");
    assert_eq!(shown(&other).await, (json!("READY"), false));
}

#[tokio::test]
async fn after_that_session_has_ended_another_asks_for_the_same_copy() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    let other = world.known("goes_away").await;
    ask(&me).await;
    see_to_exports(&world.app).await.unwrap();
    let before = last(&me).await;
    session::end(&world.app, me.viewer.member().unwrap())
        .await
        .unwrap();
    assert_eq!(shown(&other).await, (json!("READY"), false));
    let asked = hand_over(&other).await;
    assert_eq!(asked["id"], before["id"]);
    assert!(asked["url"].is_string());
    assert_eq!(shown(&other).await, (json!("READY"), true));
    assert_eq!(count(&world).await, 1);
    // In the same session again it is no other copy either, nor too soon for nothing.
    let input = json!({ "password": PASSWORD });
    let refused = other.refusal("requestDataExport", input).await;
    assert_eq!(refused, "DATA_EXPORT_TOO_SOON");
}

#[tokio::test]
async fn the_session_that_asked_last_is_shown_it() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    let other = world.known("goes_away").await;
    ask(&me).await;
    // While it is being made, too.
    hand_over(&other).await;
    see_to_exports(&world.app).await.unwrap();
    assert!(!shown(&me).await.1 && shown(&other).await.1);
    hand_over(&me).await;
    assert!(shown(&me).await.1 && !shown(&other).await.1);
    assert_eq!(count(&world).await, 1);
    // One that is no more to be had is not handed over.
    world.clock.advance(TimeDelta::days(7));
    see_to_exports(&world.app).await.unwrap();
    let asked = hand_over(&other).await;
    assert_eq!(asked["url"], Value::Null);
    assert_eq!(count(&world).await, 2);
    assert_eq!(shown(&other).await, (json!("QUEUED"), false));
}

/// Of a copy that an older program made, or asked for while this one is rolled out, it is not known.
#[tokio::test]
async fn one_of_an_older_program_is_shown_to_who_asks_for_it() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    ask(&me).await;
    world
        .app
        .database
        .write(|tx| {
            Box::pin(async move {
                let unknown = sql::own(&tx.sql, "UPDATE data_exports SET session_id = NULL");
                tx.sql.execute_raw(unknown).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    see_to_exports(&world.app).await.unwrap();
    assert_eq!(shown(&me).await, (json!("READY"), false));
    hand_over(&me).await;
    assert_eq!(shown(&me).await, (json!("READY"), true));
}

/// Whether the copy can be fetched by `link` just now.
async fn is_good(world: &World, link: &Value) -> bool {
    let token = link.as_str().unwrap().strip_prefix("/exports/").unwrap();
    let begun = fetch::begin(&world.app, token).await.unwrap();
    let is_good = begun.is_some();
    if let Some(download) = begun {
        // As one whose server died: nothing is said of its end.
        std::mem::forget(download);
        world.clock.advance(TimeDelta::minutes(1));
    }
    is_good
}

#[rstest]
#[case::signing_out("signOut")]
#[case::signing_out_everywhere("signOutEverywhere")]
#[case::a_new_password("changePassword")]
#[case::a_recovery("recoverAccount")]
#[case::handing_it_over("requestDataExport")]
#[tokio::test]
async fn a_link_ends_with_the_session_that_it_was_shown_to(#[case] how: &str) {
    let world = World::new().await;
    let (me, codes) = world.joined("goes_away").await;
    let other = world.known("goes_away").await;
    ask(&me).await;
    see_to_exports(&world.app).await.unwrap();
    let link = last(&me).await["url"].clone();
    assert!(is_good(&world, &link).await);
    match how {
        "signOut" => drop(
            me.run("mutation { signOut { signedOut } }", json!({}))
                .await,
        ),
        "signOutEverywhere" => drop(other.mutate(how, json!({ "exceptThis": true }), "").await),
        "changePassword" => {
            let input = json!({ "currentPassword": PASSWORD, "newPassword": "four tall mice" });
            other.mutate(how, input, "").await;
        }
        "recoverAccount" => {
            let input = json!({ "username": "goes_away", "recoveryCode": codes[0],
                "newPassword": "four tall mice" });
            world.anonymous().mutate(how, input, "").await;
        }
        _ => {
            let link = hand_over(&other).await["url"].clone();
            assert!(is_good(&world, &link).await);
        }
    }
    assert!(!is_good(&world, &link).await);
}

/// Repeated in another session: the first answer was for one that has ended, or was given away.
#[tokio::test]
async fn a_call_that_is_repeated_hands_over_too() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    let other = world.known("goes_away").await;
    let input = json!({ "password": PASSWORD, "idempotencyKey": "copy" });
    let fields = "dataExport { id url }";
    let first = me.mutate("requestDataExport", input.clone(), fields).await;
    see_to_exports(&world.app).await.unwrap();
    assert!(shown(&me).await.1 && !shown(&other).await.1);
    let again = other.mutate("requestDataExport", input, fields).await;
    assert_eq!(again["dataExport"]["id"], first["dataExport"]["id"]);
    assert!(again["dataExport"]["url"].is_string());
    assert!(!shown(&me).await.1 && shown(&other).await.1);
    assert_eq!(count(&world).await, 1);
}
