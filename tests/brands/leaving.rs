//! What becomes of pages when those go who run and follow them, and what they take along.

use ashiato::account::leaving::{deletion::carry::carry_out, work::see_to_exports};
use chrono::Duration;
use serde_json::{Value, json};

use super::{add_editor, agrees, create, feed, follow, of, publish, told};
use crate::{
    leaving::exports::{ask, bytes, files, rows},
    support::world::{Person, World, account::PASSWORD},
};

/// Has `who` go at once, whatever is theirs.
async fn goes(world: &World, who: &Person<'_>) {
    let input = json!({ "password": PASSWORD });
    who.mutate("deleteAccount", input, "").await;
    world.clock.advance(Duration::days(8));
    let user = who.viewer.id().unwrap();
    carry_out(&world.app, user, |_| {}).await.unwrap();
}

#[tokio::test]
async fn a_page_is_passed_on_to_who_has_edited_it_for_the_longest_and_else_goes() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let [suspended, first, second] =
        ["suspended", "first", "second"].map(|name| world.person(name));
    let (suspended, first, second) = (suspended.await, first.await, second.await);
    world.give_password(&owner).await;
    world.give_password(&first).await;
    let (page, alone) = (create(&owner, "page").await, create(&owner, "alone").await);
    for editor in [&suspended, &first, &second] {
        owner.befriend(editor).await;
        add_editor(&owner, &page, editor).await;
    }
    let moderator = world.moderator("moderator").await;
    let input = json!({ "userId": suspended.id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    publish(&owner, &page, "by the owner").await;
    follow(&owner, &page).await;
    follow(&second, &page).await;
    goes(&world, &owner).await;
    agrees(&world).await;
    let first = world.known("first").await;
    let second = world.known("second").await;
    let fields = "followerCount viewerRole owner { username } editors { username }
        posts { nodes { body writer { username } } }";
    let seen = told(&first, &page, fields).await;
    // Who is absent is hidden from those beside them, and would own it where nobody else did.
    assert_eq!(
        seen,
        json!({ "followerCount": 1, "viewerRole": "OWNER", "owner": { "username": "first" },
            "editors": [{ "username": "second" }],
            "posts": { "nodes": [{ "body": "by the owner", "writer": null }] } })
    );
    assert_eq!(told(&first, &alone, "name").await, Value::Null);
    goes(&world, &first).await;
    let second = world.known(&second.username).await;
    assert_eq!(
        told(&second, &page, "viewerRole").await["viewerRole"],
        "OWNER"
    );
    // The last who is there leaves it to who is absent.
    world.give_password(&second).await;
    goes(&world, &second).await;
    let moderator = world.known("moderator").await;
    let left = told(&moderator, &page, "owner { username } followerCount").await;
    let expected = json!({ "owner": { "username": "suspended" }, "followerCount": 0 });
    assert_eq!(left, expected);
    agrees(&world).await;
}

#[tokio::test]
async fn what_somebody_ran_wrote_and_followed_goes_with_them_but_for_the_posts() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    world.give_password(&me).await;
    me.befriend(&friend).await;
    of(&me, &friend).await;
    goes(&world, &me).await;
    agrees(&world).await;
    let friend = world.known("friend").await;
    let mine = "{ viewer { brands { edges { role node { handle followerCount } } } } }";
    let mine = friend.run(mine, json!({})).await;
    let page =
        |handle: &str| json!({ "role": "OWNER", "node": { "handle": handle, "followerCount": 1 } });
    assert_eq!(
        mine["viewer"]["brands"]["edges"],
        json!([page("of_friend"), page("passed_on")])
    );
    // What stood on the page that went with its owner went, too.
    assert_eq!(feed(&friend).await.len(), 2);
}

#[tokio::test]
async fn an_export_has_the_pages_the_posts_and_what_is_followed() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    world.give_password(&me).await;
    me.befriend(&friend).await;
    of(&me, &friend).await;
    let asked = ask(&me).await;
    see_to_exports(&world.app).await.unwrap();
    let files = files(bytes(&world, asked).await);
    let handles = |file: &str, field: &str| {
        let rows = rows(&files, file);
        let all = rows.iter().map(|row| super::text(&row[field]));
        all.collect::<Vec<_>>()
    };
    let all = ["of_friend", "passed_on", "goes_alone"];
    assert_eq!(handles("brands.jsonl", "handle"), all);
    assert_eq!(
        handles("brands.jsonl", "role"),
        ["EDITOR", "OWNER", "OWNER"]
    );
    assert_eq!(handles("followed_brands.jsonl", "handle"), all);
    assert_eq!(handles("brand_posts.jsonl", "brand"), all);
    let posts = rows(&files, "brand_posts.jsonl");
    assert_eq!(posts[0]["body"], "news of a brand");
}
