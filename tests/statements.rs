//! One statement a level, whatever the breadth, up to 2,000 rows (design.md, section 5).

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};

use crate::support::{crowd, world::World};

const FRIENDS_DIARIES_COMMENTS: &str = "{ viewer { user { friends(first: 20) { nodes {
    diaries(first: 3) { nodes { title comments(first: 2) { nodes { author { nickname } } } } }
} } } } }";

/// The viewer's row, the friends' page, the friends, their diaries, the comments, their authors.
/// (That a friend is a friend is known from the page.)
const STATEMENTS: usize = 6;

#[tokio::test]
async fn friends_diaries_and_comments_take_six_statements_for_two_friends_and_for_twenty() {
    let world = World::uncached().await;
    let few = world.person("few").await;
    let many = world.person("many").await;
    let stranger = world.person("stranger").await;
    let friends = world.people("friend", 20).await;
    for (index, friend) in friends.iter().enumerate() {
        many.befriend(friend).await;
        if index < 2 {
            few.befriend(friend).await;
        }
        for title in ["one", "two", "three", "four"] {
            let diary = friend.write(title, "MEMBERS").await;
            for author in [&stranger, &few, &many] {
                let input = json!({ "diaryId": diary, "body": "hello" });
                author.mutate("commentOnDiary", input, "").await;
            }
        }
    }
    for (viewer, breadth) in [(&few, 2), (&many, 20)] {
        world.forget_statements();
        let data = viewer.run(FRIENDS_DIARIES_COMMENTS, json!({})).await;
        let counted = world.statements();
        let nodes = data["viewer"]["user"]["friends"]["nodes"]
            .as_array()
            .unwrap();
        assert_eq!(nodes.len(), breadth);
        for node in nodes {
            let diaries = node["diaries"]["nodes"].as_array().unwrap();
            assert_eq!(diaries.len(), 3);
            assert_eq!(diaries[0]["title"], "four");
            assert_eq!(
                diaries[0]["comments"]["nodes"][0]["author"]["nickname"],
                "STRANGER"
            );
            assert_eq!(diaries[0]["comments"]["nodes"].as_array().unwrap().len(), 2);
        }
        assert_eq!(counted, STATEMENTS, "{:#?}", world.statement_texts());
    }
}

/// Every list and look-up of the API, over a small community.
const EVERYTHING: &str = "query($diary: ID!, $comment: ID!, $item: ID!, $review: ID!) {
    viewer {
        user { ...profile }
        homeFeed(first: 5) { nodes { title author { username } } }
        footprints(first: 5) { totalCount nodes { visitor { username } } }
        visitCount newFootprintCount footprintPolicy footprintsToTakeBack plan { paidUntil } orders { nodes { state } } friendSuggestions { nodes { username } }
        suggestedFriends { nodes { mutualFriendCount mutualFriends { nodes { username } } } } pathTo(username: \"third\") { length }
        incomingFriendRequests { nodes { sender { username } } }
        outgoingFriendRequests { nodes { recipient { username } } }
        blockedUsers(first: 5) { nodes { username } }
        notifications(first: 5) { nodes { isRead actor { username } subject { ... on DiaryComment { body } ... on Kiriban { number } } } } unreadNotificationCount notificationChoices
        sessions(first: 5) { totalCount nodes { device } } twoFactorEnabled recoveryCodesLeft
    }
    user(username: \"second\") { ...profile mutualFriends { nodes { username } } viewerRelation viewerCanRequestFriendship }
    nodes(ids: [$diary, $comment, $item, $review]) { id }
    catalogueItem(id: $item) { otherTitles rating { mean } reviews { totalCount nodes { body } } mine: reviews(by: FRIENDS) { nodes { body } } }
    searchUsers(text: \"friend\") { nodes { username } }
    searchCatalogue(text: \"game\", kind: VIDEO_GAME) { nodes { title } }
    searchDiaries(text: \"open\") { nodes { title author { username } } }
    searchReviews(text: \"good\") { nodes { rating } }
}
fragment profile on User {
    friendCount nextKiriban kiribans(first: 2) { nodes { number visitor { username } } } viewerFootprint { day } friends(first: 3) { totalCount nodes { username } } oldest: friends(orderBy: OLDEST_FIRST, last: 2) { nodes { username } }
    diaries(first: 3) { nodes { title commentCount comments(last: 2) { totalCount nodes { body } } } }
    reviews(first: 3) { nodes { rating item { title } } } cds: reviews(kind: CD) { nodes { rating } }
}";

#[tokio::test]
async fn on_sqlite_no_statement_of_a_page_view_reads_a_whole_table() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let (friend, second) = (world.person("friend").await, world.person("second").await);
    me.befriend(&friend).await;
    friend.befriend(&second).await;
    second.befriend(&world.person("third").await).await;
    let diary = second.write("open", "MEMBERS").await;
    let input = json!({ "diaryId": diary, "body": "hello" });
    let comment = me.mutate("commentOnDiary", input, "comment { id }").await;
    let input = json!({ "kind": "VIDEO_GAME", "title": "A game", "otherTitles": ["ゲーム"] });
    let item = me.mutate("addCatalogueItem", input, "item { id }").await;
    let input = json!({ "itemId": item["item"]["id"], "rating": 4 });
    let review = friend.mutate("reviewItem", input, "review { id }").await;
    let variables = json!({
        "diary": diary, "comment": comment["comment"]["id"],
        "item": item["item"]["id"], "review": review["review"]["id"],
    });
    me.run(EVERYTHING, variables.clone()).await;
    // With somebody hidden, lists leave rows out, and counts are corrected.
    let hidden = world.person("friendless").await;
    me.mutate("blockUser", json!({ "userId": hidden.id() }), "")
        .await;
    me.run(EVERYTHING, variables).await;
    me.mutate("unblockUser", json!({ "userId": hidden.id() }), "")
        .await;
    me.mutate("visitProfile", json!({ "username": "second" }), "")
        .await;
    me.mutate("markFootprintsSeen", json!({}), "").await;
    let connections = json!({ "policy": "CONNECTIONS" });
    me.mutate("setFootprintPolicy", connections, "").await;
    me.mutate("visitProfile", json!({ "username": "friendless" }), "")
        .await;
    let input = json!({ "userId": second.id() });
    me.mutate("takeBackFootprint", input, "").await;

    // The planner looks at the schema alone here: what it picks for an empty table it picks for a
    // full one.
    let reader = world.app.database.reader();
    let mut looked_at = 0;
    for text in world.statement_texts() {
        if !["SELECT", "UPDATE", "DELETE"]
            .iter()
            .any(|word| text.starts_with(word))
        {
            continue;
        }
        let explain =
            Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {text}"));
        for step in reader.query_all_raw(explain).await.unwrap() {
            let step: String = step.try_get("", "detail").unwrap();
            let reads_all = step.starts_with("SCAN")
                && ![
                    "VIRTUAL TABLE",
                    "CONSTANT ROW",
                    "(subquery",
                    "SCAN k",
                    "SCAN segment",
                    "SCAN b",
                ]
                .iter()
                .any(|fine| step.contains(fine));
            assert!(!reads_all, "{step}\n{text}");
            // The children of a page are looked up by parent and position, not by parent alone.
            let by_parent_alone = text.contains("IN (SELECT * FROM (SELECT")
                && step.starts_with("SEARCH t ")
                && !step.contains("=? AND ");
            assert!(!by_parent_alone, "{step}\n{text}");
        }
        looked_at += 1;
    }
    assert!(looked_at > 40, "{looked_at}");
}

#[tokio::test]
async fn lists_of_items_and_nodes_take_as_many_statements_for_many_as_for_two() {
    let world = World::uncached().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let diary = friend.write("open", "MEMBERS").await;
    let (mut comments, mut footprints) = (Vec::new(), Vec::new());
    for index in 0..6 {
        let input = json!({ "kind": "CD", "title": format!("Album {index}") });
        let item = me.mutate("addCatalogueItem", input, "item { id }").await;
        let input = json!({ "itemId": item["item"]["id"], "rating": 4 });
        friend.mutate("reviewItem", input, "").await;
        let input = json!({ "diaryId": diary, "body": "hello" });
        let made = me.mutate("commentOnDiary", input, "comment { id }").await;
        comments.push(made["comment"]["id"].clone());
        let visitor = world.person(&format!("visitor{index}")).await;
        visitor
            .mutate("visitProfile", json!({ "username": "me" }), "")
            .await;
    }
    let list = "{ viewer { footprints { nodes { id } } } }";
    let seen = me.run(list, json!({})).await;
    for node in seen["viewer"]["footprints"]["nodes"].as_array().unwrap() {
        footprints.push(node["id"].clone());
    }
    let document = "query($first: Int, $ids: [ID!]!) { nodes(ids: $ids) { id }
        searchCatalogue(text: \"album\", first: $first) { nodes { otherTitles rating { mean }
            reviews(by: FRIENDS) { nodes { rating author { username } } } } } }";
    let mut counts = Vec::new();
    for breadth in [2, 6] {
        let ids: Vec<_> = comments[..breadth]
            .iter()
            .chain(&footprints[..breadth])
            .collect();
        world.forget_statements();
        let data = me
            .run(document, json!({ "first": breadth, "ids": ids }))
            .await;
        counts.push(world.statements());
        assert!(
            data["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .all(|node| node["id"].is_string())
        );
        let items = data["searchCatalogue"]["nodes"].as_array().unwrap();
        assert_eq!(items.len(), breadth);
        assert!(
            items
                .iter()
                .all(|item| item["reviews"]["nodes"][0]["rating"] == 4)
        );
    }
    assert_eq!(counts[0], counts[1]);
}

#[tokio::test]
async fn a_level_of_two_thousand_rows_is_one_statement_and_one_row_more_is_two() {
    const EACH: usize = 100;
    let world = World::uncached().await;
    let (app, me) = (&world.app, world.person("me").await);
    let mine = me.viewer.id().unwrap();
    let friends = crowd::people(app, "friend", 21).await;
    let others = crowd::people(app, "other", 20 * EACH + 1).await;
    // The first friend has one further friend, the others a hundred each.
    crowd::befriend(app, friends.iter().map(|friend| [mine, *friend])).await;
    let theirs = others.iter().enumerate();
    crowd::befriend(
        app,
        theirs.map(|(index, other)| [friends[index.div_ceil(EACH)], *other]),
    )
    .await;
    let reads_users = |text: &String| text.contains("CROSS JOIN users AS t");
    let reads_friends = |text: &String| text.contains("friendships") && text.contains("p.n");
    // The viewer and the first level; then so many of the second.
    for (breadth, seen, more) in [(20, 20 * EACH, 1), (21, 20 * EACH + 2, 2)] {
        let document = format!(
            "{{ viewer {{ user {{ friends(first: {breadth}) {{ nodes {{
                friends(first: {EACH}) {{ nodes {{ username }} }} }} }} }} }} }}"
        );
        world.forget_statements();
        let data = me.run(&document, json!({})).await;
        let texts = world.statement_texts();
        let nodes = data["viewer"]["user"]["friends"]["nodes"]
            .as_array()
            .unwrap();
        let found = nodes
            .iter()
            .map(|node| node["friends"]["nodes"].as_array().unwrap().len());
        // The viewer is the last one's friend, too, and was read before.
        assert_eq!(found.sum::<usize>(), seen);
        assert_eq!(
            texts.iter().filter(|text| reads_users(text)).count(),
            2 + more,
            "{texts:#?}"
        );
        assert_eq!(
            texts.iter().filter(|text| reads_friends(text)).count(),
            1 + more,
            "{texts:#?}"
        );
    }
}

/// Each row has a text of up to 15,000 bytes.
#[tokio::test]
async fn of_friends_reviews_no_more_are_read_than_the_page_shows_and_one() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let friends = world.people("friend", 9).await;
    let mut ids = Vec::new();
    for title in ["one", "two"] {
        let input = json!({ "kind": "CD", "title": title });
        let item = me.mutate("addCatalogueItem", input, "item { id }").await;
        ids.push(item["item"]["id"].as_str().unwrap().to_owned());
    }
    for friend in &friends {
        me.befriend(friend).await;
        for item in &ids {
            let input = json!({ "itemId": item, "rating": 4, "body": friend.username });
            friend.mutate("reviewItem", input, "").await;
        }
    }
    let document = "query($ids: [ID!]!, $after: String) { nodes(ids: $ids) { ... on CatalogueItem {
        reviews(by: FRIENDS, first: 4, after: $after) { nodes { body } pageInfo { endCursor } } } } }";
    let mut after = Value::Null;
    // Four and the one that tells of more, of both items; four and one; the last one.
    for (items, read, shown) in [(2, 10, 4), (1, 5, 4), (1, 1, 1)] {
        world.forget_statements();
        let variables = json!({ "ids": &ids[..items], "after": after });
        let data = me.run(document, variables).await;
        assert_eq!(world.rows_of(" reviews AS r").await, [read]);
        let page = &data["nodes"][0]["reviews"];
        after = page["pageInfo"]["endCursor"].clone();
        assert_eq!(page["nodes"].as_array().unwrap().len(), shown);
    }
}

/// Each ranking reads ten thousand friendships: thirty aliases must not be thirty rankings.
#[tokio::test]
async fn suggestions_are_ranked_once_a_request() {
    let world = World::uncached().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    let other = world.person("other").await;
    me.befriend(&friend).await;
    friend.befriend(&other).await;
    let mut counts = Vec::new();
    for times in [1, 30] {
        let fields: String = (0..times)
            .map(|n| format!("a{n}: friendSuggestions {{ nodes {{ username }} }} "))
            .collect();
        world.forget_statements();
        let data = me
            .run(&format!("{{ viewer {{ {fields} }} }}"), json!({}))
            .await;
        counts.push(world.statements());
        let last = &data["viewer"][format!("a{}", times - 1)]["nodes"];
        assert_eq!(*last, json!([{ "username": "other" }]));
    }
    assert_eq!(counts[0], counts[1], "{:#?}", world.statement_texts());
}

#[tokio::test]
async fn the_viewer_is_one_row_whatever_is_asked_of_them() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    world.forget_statements();
    me.run("{ viewer { user { username } homeRegion } }", json!({}))
        .await;
    assert_eq!(world.statements(), 1, "{:#?}", world.statement_texts());
}
