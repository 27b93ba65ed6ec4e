//! Photos are taken along, and go with the account.

use std::io::{Cursor, Read};

use ashiato::{
    account::leaving::{
        deletion::carry::{Progress, carry_out},
        work::{see_to_deletions, see_to_exports},
    },
    app::{App, Parts},
    photo::{kept::Keeping, store::has_photos, sweeping::sweep},
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use zip::ZipArchive;

use super::{agrees, jpeg, noise, one, put};
use crate::{
    leaving::exports::{ask, bytes},
    support::{keys, world::World},
};

#[tokio::test]
async fn a_copy_holds_the_photos_and_where_they_are_used() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    world.give_password(&me).await;
    other.photo().await;
    let in_diary = me.photo().await;
    let diary = me.write_with("t", "ONLY_ME", &[&in_diary]).await;
    me.show().await;
    put(&world.app, me.user_id(), noise(5)).await.unwrap();
    let removed = me.photo().await;
    me.mutate("deletePhoto", json!({ "photoId": removed }), "")
        .await;
    let key = ask(&me).await;
    see_to_exports(&world.app).await.unwrap();
    let mut zip = ZipArchive::new(Cursor::new(bytes(&world, key).await)).unwrap();
    let mut rows = String::new();
    let mut file = zip.by_name("photos.jsonl").unwrap();
    file.read_to_string(&mut rows).unwrap();
    drop(file);
    let rows: Vec<Value> = rows
        .lines()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect();
    let uses: Vec<_> = rows
        .iter()
        .map(|row| row["use"].as_str().unwrap())
        .collect();
    assert_eq!(uses, ["DIARY", "PROFILE", "UNUSED"]);
    assert_eq!(rows[0]["id"], in_diary);
    assert_eq!(
        [&rows[0]["diaryId"], &rows[0]["place"]],
        [&json!(diary), &json!(0)]
    );
    for (row, size) in rows.iter().zip([(64, 48), (40, 40), (100, 100)]) {
        let mut picture = Vec::new();
        let mut file = zip.by_name(row["file"].as_str().unwrap()).unwrap();
        file.read_to_end(&mut picture).unwrap();
        let picture = image::load_from_memory(&picture).unwrap();
        assert_eq!((picture.width(), picture.height()), size);
    }
    let names = zip.file_names().map(|name| name.unwrap().into_owned());
    let pictures = names.filter(|name| name.starts_with("photos/"));
    assert_eq!(pictures.count(), 3);
}

#[tokio::test]
async fn with_an_account_its_photos_go_files_and_all() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    world.give_password(&me).await;
    let theirs = other.photo().await;
    let photo = me.photo().await;
    me.write_with("t", "MEMBERS", &[&photo]).await;
    me.show().await;
    let unused = me.photo().await;
    // A file that no row knows of.
    let stray = [me.user_id(), uuid::Uuid::from_u128(7)];
    let picture = ashiato::photo::picture::draw(&jpeg(9, 9), 1000).unwrap();
    world.app.photos.put(stray, &picture).await.unwrap();
    let input = json!({ "password": crate::support::world::account::PASSWORD });
    me.mutate("deleteAccount", input, "").await;
    for id in [&photo, &unused] {
        assert!(!other.finds(id).await);
        assert!(me.finds(id).await, "until then they are one's own");
    }
    world.clock.advance(TimeDelta::days(7));
    let (user, app) = (me.user_id(), world.app.clone());
    assert_eq!(carry_out(&app, user, |_| {}).await.unwrap(), Progress::Gone);
    agrees(&world).await;
    assert!(!has_photos(world.app.database.reader(), user).await.unwrap());
    let rows: i64 = one(&world, "SELECT count(*) FROM photos").await;
    assert_eq!(rows, 1, "another's");
    world.clock.advance(TimeDelta::minutes(1));
    see_to_deletions(&world.app).await.unwrap();
    assert_eq!(world.app.photos.count().await.unwrap(), 3);
    assert!(other.finds(&theirs).await);
    agrees(&world).await;
}

/// The command line does not know where the files are: a server removes them.
#[tokio::test]
async fn where_the_files_are_elsewhere_a_server_removes_them() {
    let world = World::new().await;
    let me = world.person("me").await;
    let photo = me.photo().await;
    me.write_with("t", "MEMBERS", &[&photo]).await;
    me.show().await;
    let elsewhere = App::open(Parts {
        photos: Keeping::Elsewhere,
        keys: keys(),
        clock: world.clock.clone(),
        ..Parts::new(world.database.place(), world.app.rules.clone())
    });
    let elsewhere = elsewhere.await.unwrap();
    let user = me.user_id();
    let order = ashiato::account::leaving::deletion::service::order;
    order(&elsewhere, user, true).await.unwrap();
    let progress = carry_out(&elsewhere, user, |_| {}).await.unwrap();
    assert_eq!(progress, Progress::Gone);
    assert_eq!(world.app.photos.count().await.unwrap(), 6);
    agrees(&world).await;
    assert_eq!(sweep(&elsewhere).await.unwrap(), 0);
    assert_eq!(sweep(&world.app).await.unwrap(), 2);
    assert_eq!(world.app.photos.count().await.unwrap(), 0);
    agrees(&world).await;
    elsewhere.database.close().await;
}
