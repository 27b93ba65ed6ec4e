//! What is counted: what is shown, or everybody's where it is a figure over everybody; and what it
//! costs.

use serde_json::{Value, json};

use super::{block, unblock};
use crate::support::world::{Person, World};

/// Every count that another's doing is in.
const COUNTS: &str = "query($diary: ID!, $item: ID!) {
    user(username: \"owner\") { friendCount friends { totalCount } diaries { totalCount } }
    node(id: $diary) { ... on Diary { commentCount comments { totalCount } } }
    viewer { visitCount newFootprintCount footprints { totalCount } }
    catalogueItem(id: $item) { rating { count histogram { count } } reviews { totalCount } } }";

struct Scene<'w> {
    me: Person<'w>,
    owner: Person<'w>,
    people: Vec<Person<'w>>,
    variables: Value,
}

impl<'w> Scene<'w> {
    /// Three people who are an owner's friends, comment on the owner's diary, review an item and
    /// visit the viewer.
    async fn new(world: &'w World) -> Self {
        let (me, owner) = (world.person("me").await, world.person("owner").await);
        let people = world.people("person", 3).await;
        let diary = owner.write("open", "MEMBERS").await;
        let input = json!({ "kind": "CD", "title": "An album" });
        let made = me.mutate("addCatalogueItem", input, "item { id }").await;
        let item = made["item"]["id"].clone();
        for person in &people {
            owner.befriend(person).await;
            for _ in 0..2 {
                let input = json!({ "diaryId": diary, "body": "b" });
                person.mutate("commentOnDiary", input, "").await;
            }
            let input = json!({ "itemId": item, "rating": 4 });
            person.mutate("reviewItem", input, "").await;
            let input = json!({ "userId": me.id() });
            person.mutate("visitProfile", input, "").await;
        }
        let variables = json!({ "diary": diary, "item": item });
        Self {
            me,
            owner,
            people,
            variables,
        }
    }

    async fn counts(&self) -> Value {
        self.me.run(COUNTS, self.variables.clone()).await
    }
}

fn expected(people: i64, visits: i64, new: i64) -> Value {
    let histogram = [0, 0, 0, 3, 0].map(|count| json!({ "count": count }));
    json!({
        "user": { "friendCount": people, "friends": { "totalCount": people },
            "diaries": { "totalCount": 1 } },
        "node": { "commentCount": 2 * people, "comments": { "totalCount": 2 * people } },
        "viewer": { "visitCount": visits, "newFootprintCount": new,
            "footprints": { "totalCount": people } },
        "catalogueItem": {
            "rating": { "count": 3, "histogram": histogram },
            "reviews": { "totalCount": people } },
    })
}

#[tokio::test]
async fn counts_are_of_what_is_shown_and_figures_over_everybody_of_everybody() {
    let world = World::uncached().await;
    let scene = Scene::new(&world).await;
    assert_eq!(scene.counts().await, expected(3, 3, 3));
    block(&scene.me, &scene.people[0]).await;
    assert_eq!(scene.counts().await, expected(2, 3, 2));
    block(&scene.people[1], &scene.me).await;
    assert_eq!(scene.counts().await, expected(1, 3, 1));
    // What is not new is not subtracted from what is.
    let fields = "newFootprintCount";
    let seen = scene
        .me
        .mutate("markFootprintsSeen", json!({}), fields)
        .await;
    assert_eq!(seen["newFootprintCount"], 0);
    assert_eq!(scene.counts().await, expected(1, 3, 0));
    unblock(&scene.me, &scene.people[0]).await;
    unblock(&scene.people[1], &scene.me).await;
    assert_eq!(scene.counts().await, expected(3, 3, 0));
    // The owner, who has no block, and who is signed out see the same as ever.
    block(&scene.me, &scene.people[0]).await;
    for other in [&scene.owner, &world.anonymous()] {
        let document = "{ user(username: \"owner\") { friendCount friends { totalCount } } }";
        let seen = other.run(document, json!({})).await;
        assert_eq!(seen["user"]["friendCount"], 3);
        assert_eq!(seen["user"]["friends"]["totalCount"], 3);
    }
}

/// Friends of friends with their counts, and comments with theirs: two levels of lists.
const LEVELS: &str = "{ viewer { user { friends { nodes { friendCount
    friends { totalCount nodes { username } }
    diaries { nodes { commentCount comments { totalCount nodes { author { username } } } } }
} } } } }";

/// Who has no block pays nothing for those who have. Who has one asks once who is hidden, and once
/// for each count of a level, whatever the breadth.
#[tokio::test]
async fn a_block_costs_one_statement_a_request_and_one_for_each_count_of_a_level() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let hidden = world.person("hidden").await;
    let friends = world.people("friend", 6).await;
    let mut costs = Vec::new();
    for (breadth, friend) in friends.iter().enumerate() {
        me.befriend(friend).await;
        friend.befriend(&hidden).await;
        let diary = friend.write("open", "MEMBERS").await;
        let input = json!({ "diaryId": diary, "body": "b" });
        hidden.mutate("commentOnDiary", input, "").await;
        if ![1, 5].contains(&breadth) {
            continue;
        }
        let cost = async |document: &str| {
            world.forget_statements();
            me.run(document, json!({})).await;
            world.statements()
        };
        let plain = "{ viewer { user { friends { nodes { username } } } } }";
        let before = [cost(plain).await, cost(LEVELS).await];
        block(&hidden, &me).await;
        let after = [cost(plain).await, cost(LEVELS).await];
        // Who is hidden; then the friends' friends (`friendCount` and `totalCount` in one), and the
        // comments (the same). Nobody reads the hidden comments' author any more.
        assert_eq!(after[0], before[0] + 1, "{:#?}", world.statement_texts());
        costs.push((before, after));
        unblock(&hidden, &me).await;
        assert_eq!([cost(plain).await, cost(LEVELS).await], before);
    }
    assert_eq!(costs[0], costs[1], "the breadth is no matter");
    let (before, after) = &costs[0];
    println!("without a block {before:?} statements, with one {after:?}");
    assert!(after[1] <= before[1] + 3, "{costs:?}");
}
