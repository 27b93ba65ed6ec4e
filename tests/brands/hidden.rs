//! Who runs a page is shown to those who do, and to who looks after what is reported; nobody else learns of it.

use serde_json::{Value, json};

use super::{add_editor, create, publish, told};
use crate::support::world::{Person, World};

const WHO: &str = "viewerRole owner { username } editors { username } figures(days: 1) { posts }
    posts { nodes { writer { username } } }";

fn nothing() -> Value {
    json!({ "viewerRole": null, "owner": null, "editors": [], "figures": null,
        "posts": { "nodes": [{ "writer": null }] } })
}

fn all(role: Value, figures: Value) -> Value {
    json!({ "viewerRole": role, "owner": { "username": "owner" },
        "editors": [{ "username": "editor" }], "figures": figures,
        "posts": { "nodes": [{ "writer": { "username": "editor" } }] } })
}

#[tokio::test]
async fn those_who_run_a_page_are_shown_to_each_other_and_to_moderators() {
    let world = World::new().await;
    let (owner, editor) = (world.person("owner").await, world.person("editor").await);
    let (friend, stranger) = (world.person("friend").await, world.person("stranger").await);
    let (moderator, admin) = (
        world.moderator("moderator").await,
        world.person("admin").await,
    );
    world.make_administrator(&admin).await;
    owner.befriend(&editor).await;
    owner.befriend(&friend).await;
    let page = create(&owner, "page").await;
    add_editor(&owner, &page, &editor).await;
    publish(&editor, &page, "news").await;
    let figures = json!([{ "posts": 1 }]);
    for (who, expected) in [
        (&owner, all(json!("OWNER"), figures.clone())),
        (&editor, all(json!("EDITOR"), figures)),
        (&moderator, all(Value::Null, Value::Null)),
        (&admin, all(Value::Null, Value::Null)),
        (&friend, nothing()),
        (&stranger, nothing()),
        (&world.anonymous(), nothing()),
    ] {
        assert_eq!(told(who, &page, WHO).await, expected, "{}", who.username);
    }
    // Nor from their side.
    let lists = "{ user(username: \"owner\") { diaries { nodes { id } } } viewer { brands { totalCount } } }";
    for (who, runs) in [(&owner, 1), (&editor, 1), (&friend, 0), (&moderator, 0)] {
        let data = who.run(lists, json!({})).await;
        assert_eq!(data["viewer"]["brands"]["totalCount"], runs);
    }
    let input = json!({ "brandId": page, "userId": editor.id() });
    owner.mutate("removeBrandEditor", input, "").await;
    assert_eq!(told(&editor, &page, WHO).await, nothing());
}

/// What everybody sees of the page.
async fn seen(who: &Person<'_>, page: &str) -> Value {
    let fields = "handle name followerCount posts { totalCount nodes { body } } viewerFollows";
    told(who, page, fields).await
}

#[tokio::test]
async fn neither_a_block_nor_an_absence_of_who_runs_it_changes_what_others_see() {
    let world = World::new().await;
    let (owner, editor) = (world.person("owner").await, world.person("editor").await);
    let (blocked, other) = (world.person("blocked").await, world.person("other").await);
    let minor = world.person_born("minor", "1990-01-01").await;
    owner.befriend(&editor).await;
    let page = create(&owner, "page").await;
    add_editor(&owner, &page, &editor).await;
    publish(&owner, &page, "news").await;
    let before = seen(&other, &page).await;
    owner
        .mutate("blockUser", json!({ "userId": blocked.id() }), "")
        .await;
    for who in [&blocked, &other, &minor, &world.anonymous()] {
        assert_eq!(seen(who, &page).await, before, "{}", who.username);
    }
    let moderator = world.moderator("moderator").await;
    let input = json!({ "userId": owner.id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    for who in [&blocked, &other, &minor, &world.anonymous()] {
        assert_eq!(seen(who, &page).await, before, "{}", who.username);
    }
    // Its editors go on; who is hidden is so to them, too.
    publish(&editor, &page, "more news").await;
    let people = told(&editor, &page, "owner { username } editors { username }").await;
    let editors = json!([{ "username": "editor" }]);
    assert_eq!(people, json!({ "owner": null, "editors": editors }));
    let writers = "posts { nodes { writer { username } } }";
    let writers = told(&editor, &page, writers).await;
    assert_eq!(
        writers["posts"]["nodes"],
        json!([{ "writer": { "username": "editor" } }, { "writer": null }])
    );
}

#[tokio::test]
async fn who_runs_many_pages_is_found_by_as_many_statements_as_of_one() {
    let world = World::uncached().await;
    let (owner, editor) = (world.person("owner").await, world.person("editor").await);
    owner.befriend(&editor).await;
    for place in 0..6 {
        let page = create(&owner, &format!("page{place}")).await;
        add_editor(&owner, &page, &editor).await;
        publish(&editor, &page, "news").await;
    }
    let document = format!(
        "query($first: Int) {{ viewer {{ brands(first: $first) {{ nodes {{ {WHO} viewerFollows }} }} }} }}"
    );
    let mut counts = Vec::new();
    for first in [1, 6] {
        world.forget_statements();
        let data = editor.run(&document, json!({ "first": first })).await;
        counts.push(world.statements());
        let nodes = data["viewer"]["brands"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), first);
        for node in nodes {
            assert_eq!(node["owner"]["username"], "owner");
        }
    }
    assert_eq!(counts[0], counts[1], "{:#?}", world.statement_texts());
}
