//! Who is hidden is not found, and nothing tells that they are there.

use ashiato::account::leaving::deletion::carry::carry_out;

use super::*;
use crate::support::world::account::PASSWORD;

/// A diary for members of somebody whom `reader` does not see is as none: the same answer, after the same
/// statements.
async fn is_as_nothing(reader: &Person<'_>) {
    let ask = async |text: &str| {
        reader.world.forget_statements();
        let page = page(reader, json!({ "text": text })).await;
        (page.to_string(), reader.world.statement_texts())
    };
    assert_eq!(ask("雪国").await, ask("never").await, "{}", reader.username);
}

#[tokio::test]
async fn who_has_a_block_with_the_author_finds_nothing_and_who_is_not_signed_in_what_is_public() {
    let world = World::uncached().await;
    let author = world.person("author").await;
    let (blocked, blocker) = (world.person("blocked").await, world.person("blocker").await);
    let (reader, nobody) = (world.person("reader").await, world.anonymous());
    author.befriend(&blocker).await;
    for audience in ["PUBLIC", "MEMBERS", "FRIENDS"] {
        write(&author, audience, "雪国", audience).await;
    }
    let block = async |by: &Person<'_>, whom: &Person<'_>, name| {
        by.mutate(name, json!({ "userId": whom.id() }), "").await;
    };
    block(&author, &blocked, "blockUser").await;
    block(&blocker, &author, "blockUser").await;
    for person in [&blocked, &blocker] {
        assert_eq!(found(person, "雪国").await, [""; 0]);
        is_as_nothing(person).await;
    }
    assert_eq!(found(&reader, "雪国").await, ["MEMBERS", "PUBLIC"]);
    assert_eq!(found(&nobody, "雪国").await, ["PUBLIC"]);
    // Nor the author theirs.
    write(&blocker, "of the blocker", "雪国", "PUBLIC").await;
    assert!(
        !found(&author, "雪国")
            .await
            .contains(&"of the blocker".to_owned())
    );
    block(&author, &blocked, "unblockUser").await;
    assert_eq!(found(&blocked, "雪国").await.len(), 3);
    agrees(&world).await;
}

#[tokio::test]
async fn who_is_suspended_is_found_by_nobody_but_who_looks_after_them_until_they_are_back() {
    let world = World::uncached().await;
    let author = world.person("author").await;
    let (friend, moderator) = (
        world.person("friend").await,
        world.moderator("moderator").await,
    );
    author.befriend(&friend).await;
    let tied = world.person("tied").await;
    author.befriend(&tied).await;
    write(&author, "MEMBERS", "雪国", "MEMBERS").await;
    write(&tied, "TIED", "雪国", "FRIENDS_OF_FRIENDS").await;
    assert_eq!(found(&friend, "雪国").await, ["TIED", "MEMBERS"]);
    let input = json!({ "userId": author.id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    // Nor what is for the friends of those who have them as a friend.
    assert_eq!(found(&friend, "雪国").await, [""; 0]);
    is_as_nothing(&friend).await;
    assert_eq!(found(&moderator, "雪国").await, ["MEMBERS"]);
    let input = json!({ "userId": author.id() });
    moderator.mutate("liftSuspension", input, "").await;
    assert_eq!(found(&friend, "雪国").await, ["TIED", "MEMBERS"]);
}

#[tokio::test]
async fn nobody_under_18_is_found_but_by_friends_and_themselves() {
    let world = World::uncached().await;
    let minor = world.person_born("minor", MINOR).await;
    let other = world.person_born("other", MINOR).await;
    let friend = world.person_born("friend", MINOR).await;
    let (adult, nobody) = (world.person("adult").await, world.anonymous());
    minor.befriend(&friend).await;
    friend.befriend(&other).await;
    for audience in ["PUBLIC", "MEMBERS", "FRIENDS_OF_FRIENDS", "FRIENDS"] {
        write(&minor, audience, "雪国", audience).await;
        write(&adult, &format!("adult {audience}"), "富士山", audience).await;
    }
    for person in [&other, &adult, &nobody] {
        assert_eq!(found(person, "雪国").await, [""; 0]);
        is_as_nothing(person).await;
    }
    let all = ["FRIENDS", "FRIENDS_OF_FRIENDS", "MEMBERS", "PUBLIC"];
    for person in [&minor, &friend] {
        assert_eq!(found(person, "雪国").await, all);
        // Of adults without a tie what is for the web.
        assert_eq!(found(person, "富士山").await, ["adult PUBLIC"]);
    }
    world.clock.set("2008-04-01T03:00:00Z");
    // They have come of age, and nothing was written.
    assert_eq!(found(&adult, "雪国").await, ["MEMBERS", "PUBLIC"]);
    assert_eq!(found(&other, "雪国").await, &all[1..]);
    assert_eq!(
        found(&minor, "富士山").await,
        ["adult MEMBERS", "adult PUBLIC"]
    );
}

#[tokio::test]
async fn who_does_not_wish_to_be_found_is_found_by_friends_and_themselves() {
    let world = World::uncached().await;
    let (author, friend) = (world.person("author").await, world.person("friend").await);
    let (second, nobody) = (world.person("second").await, world.anonymous());
    author.befriend(&friend).await;
    friend.befriend(&second).await;
    for audience in ["PUBLIC", "MEMBERS", "FRIENDS_OF_FRIENDS"] {
        write(&author, audience, "雪国", audience).await;
    }
    let all = ["FRIENDS_OF_FRIENDS", "MEMBERS", "PUBLIC"];
    assert_eq!(found(&second, "雪国").await, all);
    let choose = async |is_searchable: bool| {
        let input = json!({ "isSearchable": is_searchable });
        author.mutate("editProfile", input, "").await;
    };
    choose(false).await;
    for person in [&second, &nobody] {
        assert_eq!(found(person, "雪国").await, [""; 0]);
        is_as_nothing(person).await;
    }
    for person in [&author, &friend] {
        assert_eq!(found(person, "雪国").await, all);
    }
    choose(true).await;
    assert_eq!(found(&second, "雪国").await, all);
    assert_eq!(found(&nobody, "雪国").await, ["PUBLIC"]);
}

/// However much of it there is, what is for others takes no place, no statement and no row.
#[tokio::test]
async fn what_is_for_others_is_not_come_upon_on_the_way() {
    let world = World::uncached().await;
    let (author, reader) = (world.person("author").await, world.person("reader").await);
    let friend = world.person("friend").await;
    reader.befriend(&friend).await;
    write(&author, "seen", "東京都", "MEMBERS").await;
    for _ in 0..300 {
        for audience in ["FRIENDS_OF_FRIENDS", "FRIENDS", "ONLY_ME"] {
            write(&author, "hidden", "東京から京都、東京都へ", audience).await;
        }
    }
    world.forget_statements();
    let page = page(&reader, json!({ "text": "東京都", "first": 1 })).await;
    assert_eq!(titles(&page), ["seen"]);
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
    assert_eq!(page["isComplete"], true);
    let rows = world.rows_of("FROM diary_texts").await;
    let rows = [rows, world.rows_of("CROSS JOIN diary_texts").await].concat();
    assert_eq!(rows.iter().sum::<usize>(), 1, "{rows:?}");
}

#[tokio::test]
async fn who_has_deleted_the_account_is_found_no_more_and_leaves_no_terms() {
    let world = World::new().await;
    let (author, reader) = (world.person("author").await, world.person("reader").await);
    write(&author, "one", "雪国", "PUBLIC").await;
    write(&reader, "two", "雪国", "PUBLIC").await;
    let item = json!({ "kind": "BOOK", "title": "雪国" });
    let item = author.mutate("addCatalogueItem", item, "item { id }").await;
    let review = json!({ "itemId": item["item"]["id"], "rating": 5, "body": "トンネル" });
    author.mutate("reviewItem", review, "").await;
    world.give_password(&author).await;
    let input = json!({ "password": PASSWORD });
    author.mutate("deleteAccount", input, "").await;
    assert_eq!(found(&reader, "雪国").await, ["two"], "while it waits");
    world.clock.advance(chrono::Duration::days(31));
    let id = author.viewer.id().unwrap();
    carry_out(&world.app, id, |_| {}).await.unwrap();
    assert_eq!(found(&reader, "雪国").await, ["two"]);
    agrees(&world).await;
    let texts = ashiato::diary::store::words::TEXTS.all(world.app.database.reader());
    assert_eq!(texts.await.unwrap().len(), 1);
    let texts = ashiato::review::store::words::TEXTS.all(world.app.database.reader());
    assert_eq!(texts.await.unwrap().len(), 0);
}
