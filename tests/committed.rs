//! A mutation that was carried out, and whose answer could not be read, never says that nothing was
//! changed.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::server::{Running, code, read};

struct Scene {
    server: Running,
    token: String,
}

impl Scene {
    async fn run(&self, document: &str, with: Value) -> Value {
        let body = json!({ "query": document, "variables": with }).to_string();
        let request = self.server.post().bearer_auth(&self.token).body(body);
        read(request.send().await.unwrap()).await.1
    }

    /// Has the table `from` be `to`: what reads it fails, for the database's sake.
    async fn rename(&self, from: &str, to: &str) {
        let place = self.server.database.place();
        let db = place.connect_to_migrate().await.unwrap();
        let rename = format!("ALTER TABLE {from} RENAME TO {to}");
        db.execute_unprepared(&rename).await.unwrap();
        db.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_committed_is_never_told_as_undone() {
    const WRITE: &str = "mutation { one: writeDiary(input: { title: \"one\", body: \"b\" }) {
        diary { id comments { nodes { body } } } userErrors { code } } }";
    const COUNT: &str = "{ viewer { user { diaries { totalCount } reviews { totalCount } } } }";
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let scene = Scene { server, token };
    let item = "mutation { addCatalogueItem(input: { kind: BOOK, title: \"t\" }) { item { id } } }";
    let item = scene.run(item, json!({})).await["data"]["addCatalogueItem"]["item"]["id"].clone();
    let review = "mutation($id: ID!) { reviewItem(input: { itemId: $id, rating: 5 }) {
        review { id } } }";
    let review = scene.run(review, json!({ "id": item })).await;
    let review = review["data"]["reviewItem"]["review"]["id"].clone();

    // Below the mutation's own field.
    scene.rename("diary_comments", "away").await;
    let answer = scene.run(WRITE, json!({})).await;
    assert_eq!(code(&answer), "OUTCOME_UNKNOWN", "{answer}");
    assert_eq!(answer["errors"][0]["path"][0], "one");
    scene.rename("away", "diary_comments").await;

    // In the field itself; and what did not come to its commit goes on saying so.
    let delete = "mutation($id: ID!) {
        later: writeDiary(input: { title: \"two\", body: \"b\" }) { diary { title } }
        deleteReview(input: { reviewId: $id }) { item { title } userErrors { code } } }";
    scene.rename("reviews", "away").await;
    let answer = scene.run(delete, json!({ "id": review })).await;
    assert_eq!(code(&answer), "UNAVAILABLE", "{answer}");
    assert_eq!(answer["data"]["later"]["diary"]["title"], "two");
    scene.rename("away", "reviews").await;
    scene.rename("catalogue_items", "away").await;
    let answer = scene.run(delete, json!({ "id": review })).await;
    assert_eq!(code(&answer), "OUTCOME_UNKNOWN", "{answer}");
    assert_eq!(answer["errors"][0]["path"], json!(["deleteReview"]));
    scene.rename("away", "catalogue_items").await;

    let counts = scene.run(COUNT, json!({})).await["data"]["viewer"]["user"].clone();
    assert_eq!(counts["diaries"]["totalCount"], 3);
    assert_eq!(counts["reviews"]["totalCount"], 0);
}
