//! What happens at once, on two servers: no quota is passed, and every counter is exact.

use futures_util::future::join_all;
use serde_json::json;

use super::{agrees, id_of, noise, one, put, space::small};
use crate::support::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_uploads_at_once_as_many_are_taken_as_there_is_room_for() {
    let world = World::with(small()).await;
    let beside = world.beside_with(small()).await;
    let me = world.person("me").await;
    let apps = [&world.app, &beside.app];
    // All of the same size.
    let file = noise(7);
    let uploads = (0..24).map(|turn| put(apps[turn % 2], me.user_id(), file.clone()));
    let done = join_all(uploads).await;
    let taken = done.iter().filter(|done| done.is_ok()).count();
    for refused in done.iter().filter_map(|done| done.as_ref().err()) {
        assert!(refused.in_words().contains("1 MB"), "{refused:?}");
    }
    let bytes: i64 = one(&world, "SELECT max(bytes) FROM photos").await;
    let fit = usize::try_from(1_000_000 / bytes).unwrap();
    assert!(fit > 3);
    assert_eq!(taken, fit);
    agrees(&world).await;
    let stored = world.app.photos.count().await.unwrap() + beside.app.photos.count().await.unwrap();
    assert_eq!(stored, fit * 3, "nothing is stored of what is refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_on_two_servers_is_one_photo() {
    use ashiato::photo::service::{Purpose, upload};
    let world = World::new().await;
    let beside = world.beside().await;
    let me = world.person("me").await;
    let apps = [&world.app, &beside.app];
    let calls = (0..8).map(|turn| {
        let key = Some("once".to_owned());
        let file = noise(1).into();
        upload(apps[turn % 2], me.user_id(), file, Purpose::Later, key)
    });
    let mut keys = Vec::new();
    for done in join_all(calls).await {
        keys.push(done.unwrap());
    }
    keys.dedup();
    assert_eq!(keys.len(), 1);
    let rows: i64 = one(&world, "SELECT count(*) FROM photos").await;
    assert_eq!(rows, 1);
    agrees(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_to_photos_at_once_counters_stay_exact() {
    let world = World::new().await;
    let me = world.person("me").await;
    for round in 0..4 {
        let mut photos = Vec::new();
        for number in 0..6 {
            let file = noise(round * 10 + number + 1);
            photos.push(id_of(put(&world.app, me.user_id(), file).await.unwrap()));
        }
        let kept = me
            .write_with("kept", "FRIENDS", &[&photos[0], &photos[1]])
            .await;
        // A photo goes into one of two diaries, or is deleted; a diary loses its photos in two ways.
        let ids = |places: &[usize]| -> Vec<&str> {
            places.iter().map(|place| photos[*place].as_str()).collect()
        };
        let write = |photos: Vec<&str>| {
            let input = json!({ "title": "t", "body": "b", "photoIds": photos });
            me.attempt("writeDiary", input, "diary { id }")
        };
        let delete =
            |place: usize| me.attempt("deletePhoto", json!({ "photoId": photos[place] }), "");
        let edit = json!({ "diaryId": kept, "photoIds": ids(&[1, 5]) });
        let (a, b, c, d, e, f, _) = tokio::join!(
            write(ids(&[2, 3])),
            write(ids(&[3, 4])),
            delete(4),
            delete(0),
            me.attempt("editDiary", edit, ""),
            me.attempt("deleteDiary", json!({ "diaryId": kept }), ""),
            me.show(),
        );
        for payload in [a, b, c, d, e, f] {
            for error in payload["userErrors"].as_array().unwrap() {
                let code = error["code"].as_str().unwrap();
                assert!(["NOT_FOUND", "PHOTO_IN_USE"].contains(&code), "{payload}");
            }
        }
        agrees(&world).await;
        ashiato::photo::sweeping::sweep(&world.app).await.unwrap();
        agrees(&world).await;
        let rows: i64 = one(&world, "SELECT count(*) FROM photos").await;
        let files = world.app.photos.count().await.unwrap();
        assert_eq!(files, usize::try_from(rows).unwrap() * 3);
    }
}
