//! What is read for an answer: no long text that nobody asked for, and no row beyond the page.

use ashiato::{bulk::write, diary::service::comment};
use entity::{
    diary, review,
    values::{Audience, CatalogueKind},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    crowd,
    server::{Running, code, read},
};

const FRIENDS: usize = 100;
const DIARIES: usize = 100;
/// Sixteen million bytes may be read for an answer: half of all diaries, and all reviews but one
/// page's would be enough to pass it.
const LIMIT: u32 = 2_000_000;

/// A member with a hundred friends, who have written a hundred diaries of 3,000 bytes each and a
/// review of the same item, of 15,000.
struct Community {
    server: Running,
    token: String,
    item: String,
}

impl Community {
    async fn new(friends: usize, diaries: usize, limit: u32) -> Self {
        let server = Running::own_with(|transport| {
            transport.limits.max_response_bytes = limit;
        })
        .await;
        let app = &server.app;
        let (token, me) = server.member().await;
        let ids = crowd::people(app, "friend", friends).await;
        let now = app.clock.now();
        let written = ids.iter().flat_map(|author| {
            (0..diaries).map(|number| diary::Model {
                author_id: *author,
                id: app.ids.at(now),
                title: format!("title {number}"),
                body: "字".repeat(1_000),
                audience: Audience::Friends,
                group_id: None,
                comment_count: 0,
                photo_count: 0,
                created_at: now,
                edited_at: None,
            })
        });
        let written: Vec<_> = written.collect();
        let first = [written[0].author_id, written[0].id];
        write(app, written, &|_| {}).await.unwrap();
        crowd::befriend(app, ids.iter().map(|id| [me.id, *id])).await;
        comment(app, me.id, first, "a comment", None).await.unwrap();
        let mut community = Self {
            server,
            token,
            item: String::new(),
        };
        let added = community
            .ask("mutation { addCatalogueItem(input: { kind: CD, title: \"Item\" }) { item { id } } }")
            .await;
        let item = added["addCatalogueItem"]["item"]["id"].as_str();
        community.item = item.unwrap().to_owned();
        let app = &community.server.app;
        let item_id = only_item(&community).await;
        let reviews: Vec<_> = ids
            .iter()
            .map(|author| review::Model {
                author_id: *author,
                item_id,
                id: app.ids.at(now),
                kind: CatalogueKind::Cd,
                rating: 3,
                body: "評".repeat(5_000),
                created_at: now,
                edited_at: None,
            })
            .collect();
        write(app, reviews, &|_| {}).await.unwrap();
        community
    }

    async fn answer(&self, document: &str) -> Value {
        let body = json!({ "query": document }).to_string();
        let request = self.server.post().bearer_auth(&self.token).body(body);
        read(request.send().await.unwrap()).await.1
    }

    async fn ask(&self, document: &str) -> Value {
        let answer = self.answer(document).await;
        assert!(answer.get("errors").is_none(), "{document}: {answer}");
        answer["data"].clone()
    }
}

async fn only_item(community: &Community) -> Uuid {
    use entity::catalogue_item;
    use sea_orm::EntityTrait;
    let reader = community.server.app.database.reader();
    let row = catalogue_item::Entity::find().one(reader).await.unwrap();
    row.unwrap().id
}

#[tokio::test]
async fn the_titles_of_long_diaries_are_a_small_answer() {
    let community = Community::new(FRIENDS, DIARIES, LIMIT).await;
    let page = |field: &str| {
        format!(
            "{{ viewer {{ user {{ friends(first: 100) {{ nodes {{
                diaries(first: 100) {{ nodes {{ {field} }} }} }} }} }} }} }}"
        )
    };
    let data = community.ask(&page("title")).await;
    let friends = data["viewer"]["user"]["friends"]["nodes"].as_array();
    let friends = friends.unwrap();
    assert_eq!(friends.len(), FRIENDS);
    for friend in friends {
        let diaries = friend["diaries"]["nodes"].as_array().unwrap();
        assert_eq!(diaries.len(), DIARIES);
        assert_eq!(diaries[0]["title"], format!("title {}", DIARIES - 1));
    }
    // The texts themselves are as many bytes as ever.
    let few = page("body").replace("friends(first: 100)", "friends(first: 10)");
    let refused = community.answer(&few).await;
    assert_eq!(code(&refused), "RESPONSE_TOO_LARGE");
}

#[tokio::test]
async fn friends_reviews_are_read_by_the_page() {
    // A hundred reviews are 1.5 MB: more than may be read for an answer of 100 kB.
    let community = Community::new(FRIENDS, 1, 100_000).await;
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let document = format!(
            "{{ catalogueItem(id: \"{}\") {{ reviews(by: FRIENDS, first: 6, after: {after}) {{
                nodes {{ body author {{ username }} }} pageInfo {{ endCursor hasNextPage }} }} }} }}",
            community.item
        );
        let data = community.ask(&document).await;
        let page = &data["catalogueItem"]["reviews"];
        for node in page["nodes"].as_array().unwrap() {
            assert_eq!(node["body"].as_str().unwrap().len(), 15_000);
            seen.push(node["author"]["username"].as_str().unwrap().to_owned());
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let newest_first = (0..FRIENDS).rev().map(|index| format!("friend{index}"));
    assert_eq!(seen, newest_first.collect::<Vec<_>>());
    let ratings = format!(
        "{{ catalogueItem(id: \"{}\") {{ a: reviews(by: FRIENDS, first: 100) {{ nodes {{ rating }} }}
            b: reviews(first: 100) {{ nodes {{ rating }} }} }} }}",
        community.item
    );
    let data = community.ask(&ratings).await;
    for list in ["a", "b"] {
        let nodes = data["catalogueItem"][list]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), FRIENDS);
        assert!(nodes.iter().all(|node| node["rating"] == 3));
    }
}

/// However a text is asked for, it is there.
#[tokio::test]
async fn a_text_is_read_for_who_asks_for_it() {
    let community = Community::new(2, 2, LIMIT).await;
    for asked in [
        "nodes { body }",
        "nodes { title } nodes { body }",
        "edges { node { body } }",
        "nodes { title } edges { node { title ... { body } } }",
        "... @include(if: true) { nodes { ...Text } }",
        "...Page",
    ] {
        for (list, ty) in [
            (
                "viewer { user { friends { nodes { diaries { LIST } } } } }",
                "Diary",
            ),
            ("viewer { homeFeed { LIST } }", "Diary"),
            (
                "viewer { homeFeed { nodes { comments { LIST } } } }",
                "DiaryComment",
            ),
            (
                "viewer { user { friends { nodes { reviews { LIST } } } } }",
                "Review",
            ),
            ("catalogueItem(id: \"ITEM\") { reviews { LIST } }", "Review"),
            (
                "catalogueItem(id: \"ITEM\") { reviews(by: FRIENDS) { LIST } }",
                "Review",
            ),
        ] {
            let asked = if ty == "Diary" {
                asked.to_owned()
            } else {
                asked.replace("title", "id")
            };
            let mut document = format!("{{ {} }}", list.replace("LIST", &asked));
            if asked.contains("...Text") {
                document += &format!(" fragment Text on {ty} {{ text: body }}");
            }
            if asked.contains("...Page") {
                document +=
                    &format!(" fragment Page on {ty}Connection {{ edges {{ node {{ body }} }} }}");
            }
            let data = community
                .ask(&document.replace("ITEM", &community.item))
                .await;
            let text = data.to_string();
            let expected = match ty {
                "Diary" => "字字",
                "Review" => "評評",
                _ => "a comment",
            };
            assert!(text.contains(expected), "{document}");
            assert!(!text.contains("body\":\"\""), "{document}");
        }
    }
}

/// Its length would be told by the budget, and that it is there.
#[tokio::test]
async fn the_text_of_a_hidden_diary_is_not_read() {
    let server = Running::own_with(|transport| {
        transport.limits.max_response_bytes = 4_000;
    })
    .await;
    let ((token, _), (other, _)) = (server.member().await, server.named("other").await);
    let ask = async |token: &str, query: &str, variables: Value| {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = server.post().bearer_auth(token).body(body);
        read(request.send().await.unwrap()).await.1
    };
    let write = "mutation($body: String!, $audience: Audience) {
        writeDiary(input: { title: \"t\", body: $body, audience: $audience }) { diary { id } } }";
    let body = "😀".repeat(10_000);
    let diary = json!({ "body": body, "audience": "ONLY_ME" });
    ask(&token, write, diary).await;
    let list = "{ viewer { user { diaries { nodes { id } } } } }";
    let listed = ask(&token, list, json!({})).await;
    let id = listed["data"]["viewer"]["user"]["diaries"]["nodes"][0]["id"].clone();
    let look = "query($id: ID!) { node(id: $id) { id } }";
    let hidden = ask(&other, look, json!({ "id": id })).await;
    assert_eq!(hidden, json!({ "data": { "node": null } }));
    let own = ask(&token, look, json!({ "id": id })).await;
    assert_eq!(
        code(&own),
        "RESPONSE_TOO_LARGE",
        "it is too much for this limit"
    );
}
