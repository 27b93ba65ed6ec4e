//! What a plan gives, and that its end takes nothing away.

use std::sync::Arc;

use ashiato::{
    config::Rules,
    photo::service::{Purpose, upload},
};
use chrono::Duration;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use super::{agrees, buy, mine, one, tell};
use crate::{
    photos::jpeg,
    support::{
        till::Till,
        world::{Person, World},
    },
};

/// Photos for nothing but a plan.
fn rules() -> Rules {
    Rules {
        photo_space_megabytes: 0,
        footprints_taken_back_per_month: 1,
        plans: vec!["plus:1:300:3".parse().unwrap()],
        ..Rules::default()
    }
}

async fn put(who: &Person<'_>) -> Result<String, String> {
    let user = who.viewer.id().unwrap();
    let put = upload(
        &who.world.app,
        user,
        jpeg(64, 48).into(),
        Purpose::Later,
        None,
    )
    .await;
    match put {
        Ok(key) => {
            use ashiato::ids::{GlobalId, Kind};
            Ok(GlobalId::encode(Kind::Photo, &key).to_string())
        }
        Err(refused) => Err(refused.in_words()),
    }
}

#[tokio::test]
async fn the_end_of_a_plan_loses_nothing_and_only_stops_uploads() {
    let world = World::with(rules()).await;
    let me = world.person("me").await;
    let refused = put(&me).await.unwrap_err();
    assert!(refused.contains("0 MB"), "{refused}");
    assert!(refused.contains("plans"), "{refused}");
    me.mutate("buyPlan", json!({ "planName": "plus" }), "")
        .await;
    let photo = put(&me).await.unwrap();
    let diary = me.write_with("t", "MEMBERS", &[&photo]).await;
    let used: i64 = one(&world, "SELECT stored_bytes FROM user_counters").await;
    assert!(used > 0);
    world.clock.advance(Duration::days(40));
    assert_eq!(mine(&me).await["plan"], Value::Null);
    let refused = put(&me).await.unwrap_err();
    assert!(refused.contains("0 MB"), "{refused}");
    // Everything is there, months later, and swept or not.
    world.clock.advance(Duration::days(400));
    ashiato::photo::sweeping::sweep(&world.app).await.unwrap();
    ashiato::housekeeping::sweep(&world.app).await.unwrap();
    let space = "{ viewer { photoSpace { used quota } } }";
    let space = me.run(space, json!({})).await["viewer"]["photoSpace"].clone();
    assert_eq!(space, json!({ "used": used, "quota": 0 }));
    let document = "query($id: ID!) { node(id: $id) { ... on Diary { photos { id width } } } }";
    let found = me.run(document, json!({ "id": diary })).await;
    let expected = json!([{ "id": photo, "width": 64 }]);
    assert_eq!(found["node"]["photos"], expected);
    assert_eq!(world.app.photos.count().await.unwrap(), 3);
    // It can be removed and edited as ever; and with another plan there is room again.
    let input = json!({ "diaryId": diary, "title": "another" });
    me.mutate("editDiary", input, "").await;
    me.mutate("buyPlan", json!({ "planName": "plus" }), "")
        .await;
    put(&me).await.unwrap();
    me.mutate("deletePhoto", json!({ "photoId": photo }), "")
        .await;
    agrees(&world).await;
}

/// What comes while a plan ends is taken by what it gave, or not at all; and what is taken stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uploads_at_the_moment_of_its_end_are_taken_or_refused_whole() {
    let till = Till::default();
    let world = World::paying(rules(), Arc::new(till)).await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    put(&me).await.unwrap();
    let uploads = join_all((0..8).map(|_| put(&me)));
    let (taken, _) = join(uploads, tell(&world, bought.refunded(1, 300))).await;
    let taken = taken.into_iter().filter(Result::is_ok).count();
    assert!(put(&me).await.is_err());
    let photos: i64 = one(&world, "SELECT count(*) FROM photos WHERE state = 'UNUSED'").await;
    assert_eq!(photos, i64::try_from(taken).unwrap() + 1);
    let used: i64 = one(&world, "SELECT stored_bytes FROM user_counters").await;
    assert!(used <= 1_000_000, "{used}");
    agrees(&world).await;
}

#[tokio::test]
async fn a_plan_never_gives_less_than_everybody_has() {
    let rules = Rules {
        photo_space_megabytes: 500,
        footprints_taken_back_per_month: 40,
        plans: vec!["plus:1:300:3".parse().unwrap()],
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let me = world.person("me").await;
    me.mutate("buyPlan", json!({ "planName": "plus" }), "")
        .await;
    let has = mine(&me).await;
    assert_eq!(has["photoSpace"]["quota"], 500_000_000);
    assert_eq!(has["footprintsToTakeBack"], 40);
}

#[tokio::test]
async fn with_a_plan_more_footprints_are_taken_back() {
    let world = World::with(rules()).await;
    let me = world.person("me").await;
    let owners = world.people("owner", 5).await;
    for owner in &owners {
        let input = json!({ "userId": owner.id() });
        me.mutate("visitProfile", input, "").await;
    }
    let take = async |place: usize| {
        let input = json!({ "userId": owners[place].id() });
        me.attempt("takeBackFootprint", input, "").await["userErrors"][0]["code"].clone()
    };
    let left = async || mine(&me).await["footprintsToTakeBack"].clone();
    assert_eq!(left().await, 1);
    assert_eq!(take(0).await, Value::Null);
    assert_eq!(left().await, 0);
    assert_eq!(take(1).await, "TAKE_BACK_LIMIT_REACHED");
    me.mutate("buyPlan", json!({ "planName": "plus" }), "")
        .await;
    assert_eq!(left().await, 2);
    for place in [1, 2] {
        assert_eq!(take(place).await, Value::Null);
    }
    assert_eq!(left().await, 0);
    assert_eq!(take(3).await, "TAKE_BACK_LIMIT_REACHED");
    // In the next month, with the plan and without.
    world.clock.set("2006-06-01T02:00:00Z");
    assert_eq!(left().await, 3);
    world.clock.set("2006-06-10T02:00:00Z");
    assert_eq!(left().await, 1);
    assert_eq!(take(3).await, Value::Null);
    assert_eq!(take(4).await, "TAKE_BACK_LIMIT_REACHED");
    agrees(&world).await;
}
