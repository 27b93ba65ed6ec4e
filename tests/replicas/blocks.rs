//! A block is read at the primary, whatever a replica has heard.

use serde_json::json;

use super::Scene;

const BLOCK: &str =
    "mutation($id: ID!) { blockUser(input: { userId: $id }) { userErrors { code } } }";
const FIND: &str = "query($name: String!) { user(username: $name) { id } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_block_counts_for_who_reads_at_a_replica_that_has_not_heard_of_it() {
    let scene = Scene::new("60m").await;
    let (hanako, taro) = (scene.join("hanako").await, scene.join("taro").await);
    let find = async |server, token: &str, name: &str| {
        let name = json!({ "name": name });
        let found = scene.tell(server, Some(token), FIND, name).await;
        found["user"]["id"].clone()
    };
    let id = find(0, &hanako, "taro").await;
    scene.pause().await;
    let done = scene
        .tell(0, Some(&hanako), BLOCK, json!({ "id": id }))
        .await;
    assert_eq!(done["blockUser"]["userErrors"], json!([]));
    // Of what is no block the replica goes on to tell.
    scene.rename(0, &hanako, "after").await;
    scene.shows(1, None, "hanako", "before").await;
    for server in [0, 1] {
        assert!(find(server, &taro, "hanako").await.is_null());
        assert!(find(server, &hanako, "taro").await.is_null());
        assert!(!find(server, &taro, "taro").await.is_null());
    }
}
