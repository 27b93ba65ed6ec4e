//! What objects tell without waiting is what the engine finds (`src/graphql/plain.rs`).

mod foreseen;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, ServiceDocument, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use serde_json::{Value, json};

use crate::support::world::{Person, World};

/// Fields that lead to users, and from them to their pictures.
const TO_USERS: [&str; 9] = [
    "actor",
    "photo",
    "author",
    "owner",
    "visitor",
    "sender",
    "recipient",
    "user",
    "subject",
];

/// Every connection, with the type of its nodes.
const CONNECTIONS: [(&str, &str); 29] = [
    ("viewer { user { friends", "User"),
    ("user(username: \"second\") { mutualFriends", "User"),
    ("viewer { friendSuggestions", "User"),
    ("viewer { suggestedFriends", "FriendSuggestion"),
    ("searchUsers(text: \"friend\")", "User"),
    ("viewer { homeFeed", "Diary"),
    ("searchDiaries(text: \"day\")", "Diary"),
    ("searchReviews(text: \"good\")", "Review"),
    (
        "user(username: \"friend\") { diaries { nodes { comments",
        "DiaryComment",
    ),
    ("viewer { footprints", "Footprint"),
    ("viewer { user { kiribans", "Kiriban"),
    ("viewer { notifications", "Notification"),
    ("viewer { incomingFriendRequests", "FriendRequest"),
    ("viewer { outgoingFriendRequests", "FriendRequest"),
    ("viewer { blockedUsers", "BlockedUser"),
    ("viewer { friendGroups", "FriendGroup"),
    ("viewer { sessions", "Session"),
    ("viewer { orders", "Order"),
    ("viewer { user { introductions", "Introduction"),
    ("viewer { writtenIntroductions", "Introduction"),
    ("user(username: \"friend\") { reviews", "Review"),
    ("searchCatalogue(text: \"game\")", "CatalogueItem"),
    (
        "searchCatalogue(text: \"sakura\") { nodes { friendListeners",
        "User",
    ),
    ("searchArtists(text: \"band\")", "Artist"),
    (
        "searchArtists(text: \"band\") { nodes { items",
        "CatalogueItem",
    ),
    (
        "user(username: \"friend\") { favouriteSongs",
        "CatalogueItem",
    ),
    ("user(username: \"friend\") { recentListens", "Listen"),
    (
        "songChart(week: \"2006-05-01\") { entries",
        "SongChartEntry",
    ),
    (
        "viewer { friendsSongChart(week: \"2006-05-01\") { entries",
        "SongChartEntry",
    ),
];

fn definitions(schema: &ServiceDocument) -> impl Iterator<Item = &TypeDefinition> {
    schema.definitions.iter().filter_map(|it| match it {
        TypeSystemDefinition::Type(it) => Some(&it.node),
        _ => None,
    })
}

fn definition<'s>(schema: &'s ServiceDocument, name: &str) -> &'s TypeDefinition {
    definitions(schema).find(|it| it.name.node == name).unwrap()
}

/// The way that a document's selections are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Fields alone.
    Fields,
    /// All of it in fragments, as some clients do.
    Fragments,
    /// With an object that is asked for twice, which leaves the selection to the engine.
    Engine,
}

impl Way {
    /// `fields` of an object that leads to `other`.
    fn selection(self, fields: &str, other: &str) -> String {
        match self {
            Self::Fields => format!("{{ {fields} }}"),
            Self::Fragments => format!("{{ ... {{ __typename ... {{ {fields} }} }} __typename }}"),
            Self::Engine => {
                let again = format!("twice: {other} {{ __typename }}");
                format!("{{ {fields} {again} {again} }}")
            }
        }
    }
}
/// An object to ask for twice, and its type, by what leads to none.
fn twice(node: &str) -> (&'static str, &'static str) {
    match node {
        "User" => ("reviews(first: 1)", "ReviewConnection"),
        "Footprint" => ("visitor", "User"),
        "Kiriban" => ("owner", "User"),
        "Notification" => ("actor", "User"),
        "FriendRequest" => ("sender", "User"),
        "BlockedUser" | "Session" => ("user", "User"),
        "CatalogueItem" => ("rating", "RatingSummary"),
        "Artist" => ("items(first: 1)", "CatalogueItemConnection"),
        "Listen" | "SongChartEntry" => ("song", "CatalogueItem"),
        "FriendGroup" => ("friends(first: 1)", "UserConnection"),
        "Order" => ("plan", "Plan"),
        "FriendSuggestion" => ("mutualFriends(first: 1)", "UserConnection"),
        "Review" | "Diary" | "DiaryComment" | "Introduction" => ("author", "User"),
        // It leads nowhere.
        "Photo" => ("", ""),
        other => panic!("what does {other} lead to?"),
    }
}

/// All fields of the type `of` that are values, and those that lead to users, with theirs; without the
/// fields about the viewer, which only a resolver tells, where `alone`.
fn fields(schema: &ServiceDocument, of: &str, alone: bool, way: Way) -> String {
    let TypeKind::Object(object) = &definition(schema, of).kind else {
        panic!("{of} is no object");
    };
    let mut found = vec!["__typename".to_owned()];
    for field in &object.fields {
        let name = field.node.name.node.as_str();
        if alone && name.starts_with("viewer") {
            continue;
        }
        let mut ty = &field.node.ty.node.base;
        while let BaseType::List(inner) = ty {
            ty = &inner.base;
        }
        let BaseType::Named(ty) = ty else {
            unreachable!()
        };
        let kind = definitions(schema).find(|it| it.name.node == *ty);
        let kind = kind.map(|it| &it.kind);
        let is_value = kind.is_none_or(|it| matches!(it, TypeKind::Scalar | TypeKind::Enum(_)));
        if is_value {
            found.push(format!("{name} alias_{name}: {name}"));
        } else if TO_USERS.contains(&name) && matches!(kind, Some(TypeKind::Object(_))) {
            let user = fields(schema, ty, alone, way);
            found.push(format!("{name} {user}"));
        }
    }
    match (way, twice(of).0) {
        (Way::Engine, "") => Way::Fields.selection(&found.join(" "), ""),
        (_, other) => way.selection(&found.join(" "), other),
    }
}

/// `connection` with all of its fields and of those of its nodes.
fn document(
    schema: &ServiceDocument,
    connection: &str,
    node: &str,
    alone: bool,
    way: Way,
) -> String {
    let end = "} ".repeat(connection.matches('{').count() - connection.matches('}').count());
    let node = fields(schema, node, alone, way);
    let page = "__typename hasNextPage hasPreviousPage startCursor endCursor";
    let page = match way {
        // Nothing leads on from here: it goes its connection's way.
        Way::Engine => format!("{{ {page} }}"),
        _ => way.selection(page, ""),
    };
    let edges = way.selection(&format!("__typename cursor node {node}"), "node");
    let all = format!("__typename totalCount pageInfo {page} nodes {node} edges {edges}");
    format!(
        "{{ {connection} {} {end}}}",
        way.selection(&all, "pageInfo")
    )
}

/// `answer` without what was asked for twice.
fn without_twice(answer: &str, node: &str) -> String {
    let others = [twice(node).1, twice("User").1, "PageInfo", node];
    // (Whom one has blocked is told as null.)
    others
        .into_iter()
        .fold(answer.replace(",\"twice\":null", ""), |answer, other| {
            answer.replace(&format!(",\"twice\":{{\"__typename\":\"{other}\"}}"), "")
        })
}

/// A community in which every connection has something.
async fn community(world: &World) -> Person<'_> {
    let me = world.person("me").await;
    let names = ["friend", "second", "common", "asker", "unknown"];
    let mut others = Vec::new();
    for name in names {
        others.push(world.person(name).await);
    }
    let [friend, second, common, asker, unknown] = others.try_into().ok().unwrap();
    me.befriend(&friend).await;
    me.befriend(&common).await;
    second.befriend(&common).await;
    friend.befriend(&unknown).await;
    for (author, subject) in [(&me, &friend), (&friend, &me)] {
        let input = json!({ "userId": subject.id(), "body": "a friend" });
        author.mutate("writeIntroduction", input, "").await;
    }
    let diary = friend.write("a day", "FRIENDS").await;
    for author in [&me, &friend] {
        let input = json!({ "diaryId": diary, "body": "fine" });
        author.mutate("commentOnDiary", input, "").await;
    }
    for number in [2, 3] {
        me.mutate("nameKiriban", json!({ "number": number }), "")
            .await;
    }
    friend.show().await;
    for visitor in [&friend, &second] {
        let input = json!({ "userId": me.id(), "origin": "SEARCH" });
        visitor.mutate("visitProfile", input, "").await;
    }
    for (from, to) in [(&asker, &me), (&me, &unknown)] {
        let input = json!({ "userId": to.id(), "message": "hello" });
        from.mutate("requestFriendship", input, "").await;
    }
    let input = json!({ "kind": "VIDEO_GAME", "title": "A game", "platform": "Wii" });
    let item = me.mutate("addCatalogueItem", input, "item { id }").await["item"]["id"].clone();
    let input = json!({ "itemId": item, "rating": 4, "body": "good" });
    friend.mutate("reviewItem", input, "").await;
    crate::music::liked(&friend).await;
    let input = json!({ "planName": "plus" });
    me.mutate("buyPlan", input, "").await;
    me
}

#[tokio::test]
async fn what_objects_tell_is_what_the_engine_finds() {
    let schema = parse_schema(include_str!("../schema.graphql")).unwrap();
    let world = World::new().await;
    let me = community(&world).await;
    let blocked = world.person("blocked").await;
    // Counts are told, but for those that a block may correct.
    for has_blocks in [false, true] {
        if has_blocks {
            let input = json!({ "userId": blocked.id() });
            me.mutate("blockUser", input, "").await;
        }
        for ((connection, node), alone) in CONNECTIONS
            .into_iter()
            .flat_map(|it| [(it, true), (it, false)])
        {
            let ask = async |way| {
                let document = document(&schema, connection, node, alone, way);
                me.text(&document).await
            };
            let told = ask(Way::Fields).await;
            assert!(
                told.contains("\"edges\":[{") || (node == "BlockedUser" && !has_blocks),
                "{connection} is empty: {told}"
            );
            // As texts: the fields stand in the document's order.
            assert_eq!(told, ask(Way::Fragments).await, "{connection}");
            let found = ask(Way::Engine).await;
            assert!(found.contains("\"twice\":"), "{found}");
            assert_eq!(told, without_twice(&found, node), "{connection}");
        }
    }
}

#[tokio::test]
async fn a_field_asked_for_twice_and_directives_are_the_engine_s() {
    let world = World::new().await;
    let me = community(&world).await;
    let ask = async |fields: &str| -> Value {
        let document = format!("{{ viewer {{ homeFeed {{ nodes {{ {fields} }} }} }} }}");
        let data = me.run(&document, json!({})).await;
        data["viewer"]["homeFeed"]["nodes"][0].clone()
    };
    assert_eq!(
        ask("author { username } author { nickname }").await,
        json!({ "author": { "username": "friend", "nickname": "FRIEND" } })
    );
    assert_eq!(
        ask("title @skip(if: true) author { username @include(if: false) kind }").await,
        json!({ "author": { "kind": "MEMBER" } })
    );
}

#[tokio::test]
async fn two_fields_at_one_position_are_two() {
    let world = World::new().await;
    let me = community(&world).await;
    // Lines that end in CR alone count as one: both lists stand at the same place for the parser.
    let document = "{\ra: user(username: \"me\") { friends { nodes { id } } }\r\
                    b: user(username: \"me\") { friends { totalCount nodes { id } } }\r}";
    let data = me.run(document, json!({})).await;
    assert_eq!(data["b"]["friends"]["totalCount"], 2);
}
