//! Space is counted exactly, and taken before anything is stored.

use ashiato::config::Rules;
use serde_json::{Value, json};

use super::{agrees, id_of, jpeg, noise, one, put};
use crate::support::world::World;

/// Photos for a megabyte.
pub fn small() -> Rules {
    Rules {
        photo_space_megabytes: 1,
        ..Rules::default()
    }
}

#[tokio::test]
async fn what_photos_take_is_told_and_given_back() {
    let world = World::cached().await;
    let me = world.person("me").await;
    assert_eq!(me.used().await, 0);
    let mut photos = Vec::new();
    let mut used = 0;
    for number in 1..=3 {
        let key = put(&world.app, me.user_id(), noise(number)).await.unwrap();
        let bytes: i64 = one(&world, "SELECT bytes FROM photos ORDER BY id DESC LIMIT 1").await;
        used += bytes;
        assert_eq!(me.used().await, used);
        photos.push(id_of(key));
    }
    let stored: i64 = one(&world, "SELECT CAST(sum(bytes) AS bigint) FROM photos").await;
    assert_eq!(used, stored);
    let diary = me.write_with("t", "FRIENDS", &[&photos[0]]).await;
    assert_eq!(me.used().await, used, "it is counted wherever it is");
    agrees(&world).await;
    // Whatever removes one gives its space back, at once.
    me.mutate("deletePhoto", json!({ "photoId": photos[1] }), "")
        .await;
    let left = me.used().await;
    assert!(left < used);
    me.mutate("deleteDiary", json!({ "diaryId": diary }), "")
        .await;
    assert!(me.used().await < left);
    agrees(&world).await;
    me.mutate("deletePhoto", json!({ "photoId": photos[2] }), "")
        .await;
    assert_eq!(me.used().await, 0);
    me.show().await;
    let one = me.used().await;
    assert!(one > 0);
    me.show().await;
    assert_eq!(me.used().await, one, "the one before gave its own back");
    me.mutate("removeProfilePhoto", json!({}), "").await;
    assert_eq!(me.used().await, 0);
    agrees(&world).await;
}

#[tokio::test]
async fn over_the_quota_nothing_is_stored() {
    let world = World::with(small()).await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let mut photos = Vec::new();
    let refused = loop {
        let number = u32::try_from(photos.len()).unwrap() + 1;
        match put(&world.app, me.user_id(), noise(number)).await {
            Ok(key) => photos.push(id_of(key)),
            Err(refused) => break refused.in_words(),
        }
    };
    assert!(photos.len() > 3);
    assert!(refused.contains("1 MB"), "{refused}");
    let used = me.used().await;
    assert!((800_000..=1_000_000).contains(&used), "{used}");
    assert_eq!(world.app.photos.count().await.unwrap(), photos.len() * 3);
    let rows: i64 = one(&world, "SELECT count(*) FROM photos").await;
    assert_eq!(rows, i64::try_from(photos.len()).unwrap());
    agrees(&world).await;
    // A smaller one has room, another member has all of theirs, and one less makes room.
    assert!(put(&world.app, me.user_id(), jpeg(8, 8)).await.is_ok());
    assert!(put(&world.app, other.user_id(), noise(1)).await.is_ok());
    me.mutate("deletePhoto", json!({ "photoId": photos[0] }), "")
        .await;
    assert!(put(&world.app, me.user_id(), noise(99)).await.is_ok());
    agrees(&world).await;
}

#[tokio::test]
async fn a_smaller_quota_takes_nothing_away() {
    let world = World::new().await;
    let me = world.person("me").await;
    let key = put(&world.app, me.user_id(), noise(1)).await.unwrap();
    let none = Rules {
        photo_space_megabytes: 0,
        ..Rules::default()
    };
    let smaller = world.beside_with(none).await;
    assert!(put(&smaller.app, me.user_id(), jpeg(8, 8)).await.is_err());
    assert!(me.finds(&id_of(key)).await);
    let me = smaller.known("me").await;
    let space = me.run("{ viewer { photoSpace { used quota } } }", json!({}));
    let space = space.await["viewer"]["photoSpace"].clone();
    assert_eq!(space["quota"], 0);
    assert_ne!(space["used"], Value::from(0));
    agrees(&world).await;
}
