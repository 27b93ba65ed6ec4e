//! The picture of a profile.

use serde_json::{Value, json};

use super::agrees;
use crate::support::world::{Person, World};

async fn shown(viewer: &Person<'_>, of: &Person<'_>) -> Value {
    let document = "query($name: String!) { user(username: $name) { photo { id width } } }";
    let found = viewer.run(document, json!({ "name": of.username })).await;
    found["user"]["photo"].clone()
}

#[tokio::test]
async fn who_sees_a_user_sees_the_picture_in_every_list() {
    let world = World::cached().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    let nobody = world.anonymous();
    me.befriend(&friend).await;
    assert_eq!(shown(&me, &friend).await, Value::Null);
    friend.show().await;
    let photo = shown(&me, &friend).await;
    assert_eq!(photo["width"], 40);
    for viewer in [&friend, &nobody] {
        assert_eq!(shown(viewer, &friend).await, photo);
    }
    friend.write("t", "FRIENDS").await;
    let lists = "{ viewer { user { friends { nodes { username photo { id } } } }
        homeFeed { nodes { author { photo { id } } } } } }";
    let found = me.run(lists, json!({})).await;
    let found = &found["viewer"];
    let id = json!({ "id": photo["id"] });
    assert_eq!(found["user"]["friends"]["nodes"][0]["photo"], id);
    assert_eq!(found["homeFeed"]["nodes"][0]["author"]["photo"], id);
    for viewer in [&me, &nobody] {
        assert!(viewer.finds(photo["id"].as_str().unwrap()).await);
    }
    agrees(&world).await;
    friend
        .mutate("removeProfilePhoto", json!({}), "user { photo { id } }")
        .await;
    for viewer in [&me, &friend, &nobody] {
        assert_eq!(shown(viewer, &friend).await, Value::Null);
        assert!(!viewer.finds(photo["id"].as_str().unwrap()).await);
    }
    // Where there is none, nothing changes.
    let again = friend.mutate(
        "removeProfilePhoto",
        json!({}),
        "user { username photo { id } }",
    );
    assert_eq!(
        again.await["user"],
        json!({ "username": "friend", "photo": null })
    );
    // Removed as a photo, it is off the profile, too.
    friend.show().await;
    let id = shown(&me, &friend).await["id"].clone();
    friend
        .mutate("deletePhoto", json!({ "photoId": id }), "")
        .await;
    assert_eq!(shown(&me, &friend).await, Value::Null);
    agrees(&world).await;
}

/// Which it is stands in the user's row.
#[tokio::test]
async fn the_pictures_of_a_list_are_no_statement() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let friends = world.people("friend", 4).await;
    for friend in &friends {
        me.befriend(friend).await;
        friend.show().await;
    }
    let asks = async |fields: &str| {
        let document =
            format!("{{ viewer {{ user {{ friends {{ nodes {{ username {fields} }} }} }} }} }}");
        world.forget_statements();
        let found = me.run(&document, json!({})).await;
        (world.statements(), found)
    };
    let (plain, _) = asks("").await;
    let (with, found) = asks("photo { id url }").await;
    assert_eq!(with, plain);
    let nodes = found["viewer"]["user"]["friends"]["nodes"]
        .as_array()
        .unwrap();
    assert!(nodes.iter().all(|node| node["photo"]["url"].is_string()));
    // How large they are is one for all.
    let (with, _) = asks("photo { id width height }").await;
    assert_eq!(with, plain + 1);
}

#[tokio::test]
async fn a_moderator_takes_a_picture_off_with_what_the_user_says() {
    let world = World::cached().await;
    let moderator = world.moderator("moderator").await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    other.show().await;
    let photo = shown(&me, &other).await;
    let report = json!({ "subjectId": other.id(), "reason": "SEXUAL" });
    me.mutate("report", report, "").await;
    let waiting = moderator.run(
        "{ reports { nodes { id subject { ... on User { photo { id } } } } } }",
        json!({}),
    );
    let waiting = waiting.await["reports"]["nodes"][0].clone();
    assert_eq!(waiting["subject"]["photo"]["id"], photo["id"]);
    let input = json!({ "reportId": waiting["id"], "decision": "REMOVE_CONTENT" });
    moderator.mutate("resolveReport", input, "").await;
    assert_eq!(shown(&me, &other).await, Value::Null);
    assert_eq!(other.used().await, 0);
    agrees(&world).await;
}
