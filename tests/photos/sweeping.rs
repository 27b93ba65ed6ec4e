//! Nothing is lost and nothing is left: what was cut off, what nobody used, and what was removed.

use std::sync::Arc;

use ashiato::{
    app::{App, Parts},
    clock::Clock,
    photo::{
        kept::Keeping,
        service::{Purpose, upload},
        store::turn,
        sweeping::sweep,
    },
};
use chrono::Duration;
use entity::values::PhotoState;
use serde_json::json;

use super::{agrees, id_of, jpeg, noise, one, put};
use crate::support::{keys, world::World};

async fn rows(world: &World) -> i64 {
    one(world, "SELECT count(*) FROM photos").await
}

/// What a server leaves that stops between taking the space and the end: a row, and some of the files.
async fn cut_off(world: &World, key: [uuid::Uuid; 2]) {
    let due = world.clock.now() + Duration::minutes(10);
    let done = world.app.database.write(move |tx| {
        let states = [PhotoState::Unused, PhotoState::Pending];
        Box::pin(async move { Ok(turn(&tx.sql, key, states, Some(due)).await?) })
    });
    assert!(done.await.unwrap());
}

#[tokio::test]
async fn the_space_of_what_was_cut_off_is_given_back_and_its_files_go() {
    let world = World::new().await;
    let me = world.person("me").await;
    let key = put(&world.app, me.user_id(), noise(1)).await.unwrap();
    cut_off(&world, key).await;
    // It is there for nobody, and its space is taken.
    assert!(!me.finds(&id_of(key)).await);
    let input = json!({ "photoId": id_of(key) });
    assert_eq!(me.refusal("deletePhoto", input).await, "NOT_FOUND");
    assert!(me.used().await > 0);
    agrees(&world).await;
    world.clock.advance(Duration::seconds(599));
    assert_eq!(sweep(&world.app).await.unwrap(), 0);
    assert!(me.used().await > 0);
    world.clock.advance(Duration::seconds(1));
    assert_eq!(sweep(&world.app).await.unwrap(), 1);
    assert_eq!(me.used().await, 0);
    assert_eq!(rows(&world).await, 0);
    assert_eq!(world.app.photos.count().await.unwrap(), 0);
    agrees(&world).await;
}

/// Repeated with its key, the call goes on with what was cut off.
#[tokio::test]
async fn a_call_that_was_cut_off_is_repeated() {
    let world = World::new().await;
    let me = world.person("me").await;
    let call = |number| {
        let key = Some("key".to_owned());
        upload(
            &world.app,
            me.user_id(),
            noise(number).into(),
            Purpose::Later,
            key,
        )
    };
    let key = call(1).await.unwrap();
    cut_off(&world, key).await;
    world.app.photos.remove(key).await.unwrap();
    assert_eq!(call(1).await.unwrap(), key);
    assert!(me.finds(&id_of(key)).await);
    assert_eq!(world.app.photos.count().await.unwrap(), 3);
    agrees(&world).await;
    // Too late: it was swept.
    cut_off(&world, key).await;
    world.clock.advance(Duration::minutes(10));
    sweep(&world.app).await.unwrap();
    let refused = call(1).await.unwrap_err();
    assert!(refused.in_words().contains("gone"), "{refused:?}");
    assert_eq!(me.used().await, 0);
    agrees(&world).await;
}

#[tokio::test]
async fn what_nobody_uses_goes_after_a_day() {
    let world = World::new().await;
    let me = world.person("me").await;
    let (used, unused) = (me.photo().await, me.photo().await);
    me.show().await;
    world.clock.advance(Duration::hours(23));
    assert_eq!(sweep(&world.app).await.unwrap(), 0);
    let diary = me.write_with("t", "FRIENDS", &[&used]).await;
    world.clock.advance(Duration::hours(2));
    assert_eq!(sweep(&world.app).await.unwrap(), 1);
    assert!(me.finds(&used).await && !me.finds(&unused).await);
    let input = json!({ "diaryId": diary, "photoIds": [used, unused] });
    assert_eq!(me.refusal("editDiary", input).await, "NOT_FOUND");
    world.clock.advance(Duration::days(1000));
    assert_eq!(sweep(&world.app).await.unwrap(), 0);
    assert_eq!(rows(&world).await, 2);
    assert_eq!(world.app.photos.count().await.unwrap(), 6);
    agrees(&world).await;
}

#[tokio::test]
async fn the_files_of_what_was_removed_go_with_the_next_sweep() {
    let world = World::new().await;
    let me = world.person("me").await;
    let mut photos = Vec::new();
    for _ in 0..4 {
        photos.push(me.photo().await);
    }
    let photos: Vec<_> = photos.iter().map(String::as_str).collect();
    let diary = me.write_with("t", "FRIENDS", &photos).await;
    me.mutate("deletePhoto", json!({ "photoId": photos[0] }), "")
        .await;
    me.mutate("deleteDiary", json!({ "diaryId": diary }), "")
        .await;
    me.show().await;
    me.show().await;
    assert_eq!(world.app.photos.count().await.unwrap(), 18);
    assert_eq!(sweep(&world.app).await.unwrap(), 5);
    assert_eq!(world.app.photos.count().await.unwrap(), 3);
    assert_eq!(rows(&world).await, 1);
    assert_eq!(sweep(&world.app).await.unwrap(), 0);
    agrees(&world).await;
}

/// Two servers sweep at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_does_no_harm_to_sweep_beside_another() {
    let world = World::new().await;
    let beside = world.beside().await;
    let me = world.person("me").await;
    for _ in 0..30 {
        let photo = me.photo().await;
        me.mutate("deletePhoto", json!({ "photoId": photo }), "")
            .await;
    }
    for _ in 0..10 {
        me.photo().await;
    }
    world.clock.advance(Duration::days(2));
    let (one, other) = tokio::join!(sweep(&world.app), sweep(&beside.app));
    assert!(one.unwrap() + other.unwrap() >= 40);
    assert_eq!(rows(&world).await, 0);
    assert_eq!(me.used().await, 0);
    agrees(&world).await;
}

/// Where files cannot be written nothing is stored, and nothing counted.
#[tokio::test]
async fn where_files_cannot_be_written_nothing_is_counted() {
    let world = World::new().await;
    let me = world.person("me").await;
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("photos");
    let app = App::open(Parts {
        photos: Keeping::Folder(place.clone()),
        keys: keys(),
        clock: world.clock.clone(),
        ..Parts::new(world.database.place(), world.app.rules.clone())
    });
    let app: Arc<App> = app.await.unwrap();
    std::fs::remove_dir(&place).unwrap();
    std::fs::write(&place, "a file").unwrap();
    let refused = put(&app, me.user_id(), jpeg(9, 9)).await.unwrap_err();
    assert!(
        refused.in_words().contains("Nothing was changed"),
        "{refused:?}"
    );
    assert_eq!(me.used().await, 0);
    agrees(&world).await;
    // Under a key its space is taken until it is repeated, or some minutes have passed.
    let key = || Some("key".to_owned());
    let call = upload(&app, me.user_id(), jpeg(9, 9).into(), Purpose::Later, key());
    call.await.unwrap_err();
    assert!(me.used().await > 0);
    std::fs::remove_file(&place).unwrap();
    std::fs::create_dir(&place).unwrap();
    let call = upload(&app, me.user_id(), jpeg(9, 9).into(), Purpose::Later, key());
    let photo = id_of(call.await.unwrap());
    assert!(me.finds(&photo).await);
    assert_eq!(app.photos.count().await.unwrap(), 3);
    agrees(&world).await;
    assert_eq!(sweep(&app).await.unwrap(), 1, "what the first call left");
    // Nor are rows forgotten whose files cannot be removed.
    me.mutate("deletePhoto", json!({ "photoId": photo }), "")
        .await;
    let moved = folder.path().join("moved");
    std::fs::rename(&place, &moved).unwrap();
    std::fs::write(&place, "a file").unwrap();
    assert_eq!(sweep(&app).await.unwrap(), 0);
    assert_eq!(rows(&world).await, 1);
    std::fs::remove_file(&place).unwrap();
    std::fs::rename(&moved, &place).unwrap();
    assert_eq!(sweep(&app).await.unwrap(), 0, "not at once");
    world.clock.advance(Duration::minutes(1));
    assert_eq!(sweep(&app).await.unwrap(), 1);
    assert_eq!(rows(&world).await, 0);
    assert_eq!(app.photos.count().await.unwrap(), 0);
    app.database.close().await;
}

#[tokio::test]
async fn a_recount_tells_what_is_wrong_with_photos() {
    use sea_orm::{ConnectionTrait, TransactionTrait};
    let world = World::new().await;
    let me = world.person("me").await;
    let photo = me.photo().await;
    me.write_with("t", "FRIENDS", &[&photo]).await;
    me.show().await;
    me.photo().await;
    agrees(&world).await;
    for (spoil, check) in [
        (
            "UPDATE user_counters SET stored_bytes = stored_bytes + 1",
            "user_counters.stored_bytes",
        ),
        ("DELETE FROM photos", "user_counters.stored_bytes"),
        ("UPDATE diaries SET photo_count = 2", "diaries.photo_count"),
        (
            "DELETE FROM photos WHERE state = 'PROFILE'",
            "users.photo_id: a photo of theirs, for that",
        ),
        (
            "UPDATE users SET photo_id = NULL",
            "photos: where their states say",
        ),
        ("DELETE FROM diaries", "photos: where their states say"),
        (
            "UPDATE photos SET due_at = NULL",
            "photos: where their states say",
        ),
        (
            "UPDATE photos SET state = 'UNUSED' WHERE state = 'DIARY'",
            "photos: where their states say",
        ),
    ] {
        let db = sea_orm::Database::connect(&world.url).await.unwrap();
        let tx = db.begin().await.unwrap();
        tx.execute_unprepared(spoil).await.unwrap();
        let found = ashiato::bulk::recount::recount(&tx).await.unwrap();
        tx.rollback().await.unwrap();
        assert!(found.iter().any(|d| d.check == check), "{spoil}: {found:?}");
    }
}
