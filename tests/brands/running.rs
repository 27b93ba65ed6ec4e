//! Making and changing pages, and who runs them.

use ashiato::config::Rules;
use serde_json::{Value, json};

use super::{add_editor, agrees, create, told};
use crate::support::world::World;

#[tokio::test]
async fn a_page_is_made_and_found_by_its_handle_by_everybody() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let input = json!({ "handle": "Kumori_Wear", "name": "KUMORI", "description": "line\nline" });
    let fields = "brand { id handle name description isVerified followerCount viewerRole
        owner { username } editors { username } createdAt posts { totalCount } }";
    let made = owner.mutate("createBrand", input, fields).await;
    assert_eq!(
        made["brand"],
        json!({ "id": made["brand"]["id"], "handle": "kumori_wear", "name": "KUMORI",
            "description": "line\nline", "isVerified": false, "followerCount": 0,
            "viewerRole": "OWNER", "owner": { "username": "owner" }, "editors": [],
            "createdAt": "2006-05-01T03:00:00.000Z", "posts": { "totalCount": 0 } })
    );
    let by_handle = "{ brand(handle: \"KUMORI_wear\") { id name viewerRole owner { id } } }";
    let found = world.anonymous().run(by_handle, json!({})).await;
    assert_eq!(
        found["brand"],
        json!({ "id": made["brand"]["id"], "name": "KUMORI", "viewerRole": null, "owner": null })
    );
    let none = "{ brand(handle: \"nobody_has\") { id } }";
    assert_eq!(owner.run(none, json!({})).await["brand"], Value::Null);
    agrees(&world).await;
}

#[tokio::test]
async fn handles_names_and_texts_are_checked() {
    let world = World::new().await;
    let (owner, other) = (world.person("owner").await, world.person("other").await);
    create(&owner, "taken").await;
    let form = |handle: &str, name: &str, description: &str| json!({ "handle": handle, "name": name, "description": description });
    for (input, code) in [
        (form("ab", "N", ""), "BRAND_HANDLE_INVALID"),
        (form("1abc", "N", ""), "BRAND_HANDLE_INVALID"),
        (form("a-b-c", "N", ""), "BRAND_HANDLE_INVALID"),
        (form(&"a".repeat(21), "N", ""), "BRAND_HANDLE_INVALID"),
        (form("ashiato", "N", ""), "BRAND_HANDLE_RESERVED"),
        (form("TAKEN", "N", ""), "BRAND_HANDLE_TAKEN"),
        (form("free", " ", ""), "TEXT_REQUIRED"),
        (form("free", &"n".repeat(51), ""), "TEXT_TOO_LONG"),
        (form("free", "a\u{200b}b", ""), "TEXT_NOT_ALLOWED"),
        (form("free", "N", &"d".repeat(1_001)), "TEXT_TOO_LONG"),
    ] {
        assert_eq!(
            other.refusal("createBrand", input.clone()).await,
            code,
            "{input}"
        );
    }
    let wrong = form("1", "", &"d".repeat(1_001));
    let all = other.attempt("createBrand", wrong, "").await;
    let fields: Vec<_> = all["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"][0].clone())
        .collect();
    assert_eq!(fields, ["handle", "name", "description"]);
    // A user's name is free for a page, and the other way round.
    create(&other, "owner").await;
    agrees(&world).await;
}

#[tokio::test]
async fn a_page_is_made_once_by_one_key() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let input = json!({ "handle": "once", "name": "Once", "idempotencyKey": "k" });
    let first = owner
        .mutate("createBrand", input.clone(), "brand { id }")
        .await;
    let again = owner.mutate("createBrand", input, "brand { id }").await;
    assert_eq!(first, again);
}

#[tokio::test]
async fn of_those_who_run_a_page_the_owner_alone_changes_what_it_is_called() {
    let world = World::new().await;
    let (owner, editor) = (world.person("owner").await, world.person("editor").await);
    let other = world.person("other").await;
    owner.befriend(&editor).await;
    let page = create(&owner, "before").await;
    let free = create(&other, "not_free").await;
    add_editor(&owner, &page, &editor).await;
    let edit = |field: &str, value: &str| json!({ "brandId": page, field: value });
    for (who, input, code) in [
        (&other, edit("description", "x"), "NOT_YOURS"),
        (&editor, edit("name", "Other"), "NOT_YOURS"),
        (&editor, edit("handle", "other"), "NOT_YOURS"),
        (&owner, edit("handle", "not_free"), "BRAND_HANDLE_TAKEN"),
        (&owner, edit("handle", "mixi"), "BRAND_HANDLE_RESERVED"),
    ] {
        assert_eq!(who.refusal("updateBrand", input).await, code);
    }
    let fields = "brand { handle name description }";
    // What says the same changes nothing.
    let input = json!({ "brandId": page, "name": "BEFORE", "description": "by an editor" });
    let changed = editor.mutate("updateBrand", input, fields).await;
    assert_eq!(
        changed["brand"],
        json!({ "handle": "before", "name": "BEFORE", "description": "by an editor" })
    );
    let input = json!({ "brandId": page, "handle": "after", "name": "After" });
    let changed = owner.mutate("updateBrand", input, fields).await;
    assert_eq!(
        changed["brand"],
        json!({ "handle": "after", "name": "After", "description": "by an editor" })
    );
    let by_handle = "{ a: brand(handle: \"before\") { id } b: brand(handle: \"after\") { id } }";
    let found = other.run(by_handle, json!({})).await;
    assert_eq!(found, json!({ "a": null, "b": { "id": page } }));
    // The handle of before is free again.
    let input = json!({ "brandId": free, "handle": "before" });
    other.mutate("updateBrand", input, "").await;
    agrees(&world).await;
}

#[tokio::test]
async fn editors_are_friends_of_the_owner_ten_at_the_most_and_can_leave() {
    let world = World::new().await;
    let (owner, stranger) = (world.person("owner").await, world.person("stranger").await);
    let page = create(&owner, "page").await;
    let friends = world.people("friend", 11).await;
    let input = |user: &str| json!({ "brandId": page, "userId": user });
    let code = owner.refusal("addBrandEditor", input(&stranger.id())).await;
    assert_eq!(code, "NOT_FRIENDS");
    for (place, friend) in friends.iter().enumerate() {
        owner.befriend(friend).await;
        if place < 10 {
            add_editor(&owner, &page, friend).await;
        }
    }
    let one_more = input(&friends[10].id());
    let code = owner.refusal("addBrandEditor", one_more.clone()).await;
    assert_eq!(code, "BRAND_EDITOR_LIMIT_REACHED");
    // Who is one already, and the owner, stay what they are.
    add_editor(&owner, &page, &friends[0]).await;
    add_editor(&owner, &page, &owner).await;
    let all = told(&owner, &page, "editors { username }").await;
    assert_eq!(all["editors"].as_array().unwrap().len(), 10);
    assert_eq!(all["editors"][9]["username"], "friend9");
    // An editor adds nobody, and removes nobody but themselves.
    let (first, second) = (&friends[0], &friends[1]);
    for (who, mutation, user) in [
        (first, "addBrandEditor", friends[10].id()),
        (first, "removeBrandEditor", second.id()),
        (first, "transferBrand", first.id()),
        (&stranger, "removeBrandEditor", stranger.id()),
    ] {
        assert_eq!(who.refusal(mutation, input(&user)).await, "NOT_YOURS");
    }
    first
        .mutate("removeBrandEditor", input(&first.id()), "")
        .await;
    owner
        .mutate("removeBrandEditor", input(&second.id()), "")
        .await;
    let gone = owner
        .refusal("removeBrandEditor", input(&second.id()))
        .await;
    assert_eq!(gone, "NOT_FOUND");
    assert_eq!(
        told(first, &page, "viewerRole").await["viewerRole"],
        Value::Null
    );
    owner.mutate("addBrandEditor", one_more, "").await;
    // It lasts when the friendship ends.
    let input = json!({ "userId": owner.id() });
    friends[10].mutate("endFriendship", input, "").await;
    let role = told(&friends[10], &page, "viewerRole").await;
    assert_eq!(role["viewerRole"], "EDITOR");
    agrees(&world).await;
}

#[tokio::test]
async fn nobody_becomes_an_editor_who_is_hidden_a_minor_or_runs_enough() {
    let rules = Rules {
        brand_limit: 2,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let (owner, busy) = (world.person("owner").await, world.person("busy").await);
    let minor = world.person_born("minor", "1990-01-01").await;
    owner.befriend(&busy).await;
    for handle in ["one_of_busy", "two_of_busy"] {
        create(&busy, handle).await;
    }
    let third = json!({ "handle": "three", "name": "Three" });
    let code = busy.refusal("createBrand", third.clone()).await;
    assert_eq!(code, "BRAND_LIMIT_REACHED");
    let code = minor.refusal("createBrand", third).await;
    assert_eq!(code, "BRAND_NOT_FOR_MINORS");
    let page = create(&owner, "page").await;
    let input = |user: &str| json!({ "brandId": page, "userId": user });
    let code = owner.refusal("addBrandEditor", input(&busy.id())).await;
    assert_eq!(code, "OTHER_CANNOT_ACCEPT");
    // A friend of before, of whom one has come of age.
    let grown = world.person_born("grown", "1988-05-10").await;
    grown.befriend(&minor).await;
    world.clock.set("2006-05-12T03:00:00Z");
    let theirs = create(&grown, "of_grown").await;
    let young = json!({ "brandId": theirs, "userId": minor.id() });
    let code = grown.refusal("addBrandEditor", young).await;
    assert_eq!(code, "OTHER_CANNOT_ACCEPT");
    let hides = world.person("hides").await;
    let block = json!({ "userId": owner.id() });
    hides.mutate("blockUser", block, "").await;
    let code = owner.refusal("addBrandEditor", input(&hides.id())).await;
    assert_eq!(code, "NOT_FOUND");
    agrees(&world).await;
}

#[tokio::test]
async fn a_page_is_passed_on_to_an_editor_and_its_owner_edits_it_then() {
    let world = World::new().await;
    let (owner, heir) = (world.person("owner").await, world.person("heir").await);
    let other = world.person("other").await;
    owner.befriend(&heir).await;
    owner.befriend(&other).await;
    let page = create(&owner, "page").await;
    let input = |user: &str| json!({ "brandId": page, "userId": user });
    let code = owner.refusal("transferBrand", input(&heir.id())).await;
    assert_eq!(code, "NOT_FOUND");
    add_editor(&owner, &page, &heir).await;
    add_editor(&owner, &page, &other).await;
    // To oneself it changes nothing.
    owner.mutate("transferBrand", input(&owner.id()), "").await;
    let fields = "brand { viewerRole owner { username } editors { username } }";
    let passed = owner
        .mutate("transferBrand", input(&heir.id()), fields)
        .await;
    assert_eq!(
        passed["brand"],
        json!({ "viewerRole": "EDITOR", "owner": { "username": "heir" },
            "editors": [{ "username": "other" }, { "username": "owner" }] })
    );
    let mine = "{ viewer { brands { totalCount edges { role node { handle } } } } }";
    for (who, role) in [(&owner, "EDITOR"), (&heir, "OWNER"), (&other, "EDITOR")] {
        let list = &who.run(mine, json!({})).await["viewer"]["brands"];
        assert_eq!(
            *list,
            json!({ "totalCount": 1, "edges": [{ "role": role, "node": { "handle": "page" } }] })
        );
    }
    agrees(&world).await;
}

/// Of many who are added and leave at the same time the page counts each once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn editors_who_come_at_the_same_time_are_no_more_than_there_can_be() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let page = create(&owner, "page").await;
    let friends = world.people("friend", 14).await;
    for friend in &friends {
        owner.befriend(friend).await;
    }
    let adding = friends.iter().map(|friend| {
        let input = json!({ "brandId": page, "userId": friend.id() });
        owner.attempt("addBrandEditor", input, "")
    });
    let added = futures_util::future::join_all(adding).await;
    let fine = added.iter().filter(|it| it["userErrors"] == json!([]));
    assert_eq!(fine.count(), 10);
    agrees(&world).await;
}
