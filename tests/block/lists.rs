//! What lists show: none of a hidden user's, on pages that are full all the same.

use serde_json::{Value, json};

use super::{block, unblock};
use crate::support::world::{Person, World};

/// The values of `field` in the nodes of the connection at `path`.
fn values(data: &Value, path: &str, field: &str) -> Vec<String> {
    let nodes = data.pointer(path).unwrap()["nodes"].as_array().unwrap();
    let value = |node: &Value| node.pointer(field).unwrap().as_str().unwrap().to_owned();
    nodes.iter().map(value).collect()
}

/// Pages of two, one after the other, to the end: the values of `field`, and that no page but the
/// last is short.
async fn paged(
    person: &Person<'_>,
    document: &str,
    mut variables: Value,
    path: &str,
    field: &str,
) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let data = person.run(document, variables.clone()).await;
        let page = values(&data, path, field);
        let info = &data.pointer(path).unwrap()["pageInfo"];
        let more = info["hasNextPage"].as_bool().unwrap();
        assert!(page.len() == 2 || !more, "a short page: {page:?}");
        all.extend(page);
        if !more {
            return all;
        }
        variables["after"] = info["endCursor"].clone();
    }
}

/// One viewer, and five others of whom the second and the fourth are to be hidden.
struct Scene<'w> {
    me: Person<'w>,
    people: Vec<Person<'w>>,
}

const SEEN: [&str; 3] = ["person0", "person2", "person4"];

impl<'w> Scene<'w> {
    async fn new(world: &'w World) -> Self {
        Self {
            me: world.person("me").await,
            people: world.people("person", 5).await,
        }
    }

    /// One blocks, the other is blocked: both are hidden.
    async fn hide(&self) {
        block(&self.me, &self.people[1]).await;
        block(&self.people[3], &self.me).await;
    }

    async fn show(&self) {
        unblock(&self.me, &self.people[1]).await;
        unblock(&self.people[3], &self.me).await;
    }

    /// Before, all stand in the list; while they are hidden, three of them; afterwards, all.
    async fn compare(&self, document: &str, variables: Value, path: &str, field: &str) {
        let list = async || {
            let mut list = paged(&self.me, document, variables.clone(), path, field).await;
            list.sort_unstable();
            list
        };
        let all: Vec<_> = (0..5).map(|number| format!("person{number}")).collect();
        assert_eq!(list().await, all);
        self.hide().await;
        assert_eq!(list().await, SEEN);
        self.show().await;
        assert_eq!(list().await, all);
    }
}

#[tokio::test]
async fn of_another_s_friends() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let owner = world.person("owner").await;
    for person in &scene.people {
        owner.befriend(person).await;
    }
    let document = "query($after: String) { user(username: \"owner\") {
        friends(first: 2, after: $after) { nodes { username } pageInfo { hasNextPage endCursor } } } }";
    let path = "/user/friends";
    scene.compare(document, json!({}), path, "/username").await;
}

#[tokio::test]
async fn of_comments_under_anybody_s_diary() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let owner = world.person("owner").await;
    for author in [&owner, &scene.me] {
        let diary = author.write("open", "PUBLIC").await;
        for person in &scene.people {
            let input = json!({ "diaryId": diary, "body": person.username });
            person.mutate("commentOnDiary", input, "").await;
        }
        let document = "query($id: ID!, $after: String) { node(id: $id) { ... on Diary {
            comments(first: 2, after: $after) { nodes { body author { username } }
                pageInfo { hasNextPage endCursor } } } } }";
        let (id, path) = (json!({ "id": diary }), "/node/comments");
        scene.compare(document, id, path, "/author/username").await;
    }
}

#[tokio::test]
async fn of_reviews_of_an_item() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let input = json!({ "kind": "CD", "title": "An album" });
    let fields = "item { id }";
    let made = scene.me.mutate("addCatalogueItem", input, fields).await;
    let item = made["item"]["id"].clone();
    for person in &scene.people {
        let input = json!({ "itemId": item, "rating": 4 });
        person.mutate("reviewItem", input, "").await;
    }
    let document = "query($id: ID!, $after: String) { catalogueItem(id: $id) {
        reviews(first: 2, after: $after) { nodes { author { username } }
            pageInfo { hasNextPage endCursor } } } }";
    let (id, path) = (json!({ "id": item }), "/catalogueItem/reviews");
    scene.compare(document, id, path, "/author/username").await;
}

#[tokio::test]
async fn of_a_search_for_users() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let document =
        "query($after: String) { searchUsers(text: \"person\", first: 2, after: $after) {
        nodes { username } pageInfo { hasNextPage endCursor } } }";
    let path = "/searchUsers";
    scene.compare(document, json!({}), path, "/username").await;
}

#[tokio::test]
async fn of_footprints() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    for person in &scene.people {
        let input = json!({ "userId": scene.me.id() });
        person.mutate("visitProfile", input, "").await;
    }
    let document = "query($after: String) { viewer { footprints(first: 2, after: $after) {
        nodes { visitor { username } } pageInfo { hasNextPage endCursor } } } }";
    let path = "/viewer/footprints";
    scene
        .compare(document, json!({}), path, "/visitor/username")
        .await;
}

#[tokio::test]
async fn of_suggestions_and_mutual_friends() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let (friend, owner) = (world.person("friend").await, world.person("owner").await);
    scene.me.befriend(&friend).await;
    for person in &scene.people {
        friend.befriend(person).await;
    }
    let document = "query($after: String) { viewer { friendSuggestions(first: 2, after: $after) {
        nodes { username } pageInfo { hasNextPage endCursor } } } }";
    let path = "/viewer/friendSuggestions";
    scene.compare(document, json!({}), path, "/username").await;
    // A mutual friend who is blocked is no friend any more.
    owner.befriend(&scene.people[1]).await;
    owner.befriend(&scene.people[2]).await;
    for person in [&scene.people[1], &scene.people[2]] {
        scene.me.befriend(person).await;
    }
    let document = "{ user(username: \"owner\") { mutualFriends { nodes { username } } } }";
    let mutual = async || {
        let data = scene.me.run(document, json!({})).await;
        values(&data, "/user/mutualFriends", "/username")
    };
    assert_eq!(mutual().await, ["person2", "person1"]);
    scene.hide().await;
    assert_eq!(mutual().await, ["person2"]);
}

#[tokio::test]
async fn of_the_home_feed_and_of_friends_reviews() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let input = json!({ "kind": "CD", "title": "An album" });
    let fields = "item { id }";
    let made = scene.me.mutate("addCatalogueItem", input, fields).await;
    let item = made["item"]["id"].clone();
    for person in &scene.people {
        scene.me.befriend(person).await;
        person.write(&person.username, "PUBLIC").await;
        let input = json!({ "itemId": item, "rating": 4 });
        person.mutate("reviewItem", input, "").await;
    }
    let document = "query($id: ID!) { viewer { homeFeed { nodes { title author { username } } } }
        catalogueItem(id: $id) { reviews(by: FRIENDS) { nodes { author { username } } } } }";
    let lists = async || {
        let data = scene.me.run(document, json!({ "id": item })).await;
        ["/viewer/homeFeed", "/catalogueItem/reviews"].map(|path| {
            let mut names = values(&data, path, "/author/username");
            names.sort_unstable();
            names
        })
    };
    assert!(lists().await.iter().all(|list| list.len() == 5));
    scene.hide().await;
    assert_eq!(lists().await, [SEEN, SEEN]);
}
