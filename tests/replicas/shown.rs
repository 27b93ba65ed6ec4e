//! What is shown is the version that was decided about, whatever a replica has: texts, pages, counts.

use serde_json::{Value, json};

use super::Scene;

const WRITE: &str = "mutation($body: String!, $audience: Audience!) {
    writeDiary(input: { title: \"t\", body: $body, audience: $audience }) { diary { id } } }";
const EDIT: &str = "mutation($id: ID!, $body: String, $audience: Audience) {
    editDiary(input: { diaryId: $id, body: $body, audience: $audience }) { diary { body } } }";
const ASK: &str =
    "mutation($id: ID!) { requestFriendship(input: { userId: $id }) { userErrors { code } } }";
const COMMENT: &str = "mutation($id: ID!, $body: String!) {
    commentOnDiary(input: { diaryId: $id, body: $body }) { comment { id } } }";
const LIST: &str = "{ user(username: \"hanako\") { diaries(first: 1) {
    totalCount nodes { body audience } pageInfo { hasNextPage } } } }";
const LOOK: &str = "query($id: ID!) { node(id: $id) { id ... on Diary { body audience
    comments(first: 1) { nodes { body } pageInfo { hasNextPage } } } } }";

/// Hanako, who writes, and a session of Taro's that writes nothing, and so reads at the replica.
struct People {
    hanako: String,
    taro: String,
    reader: String,
}

impl Scene {
    async fn people(&self) -> People {
        let (hanako, taro) = (self.join("hanako").await, self.join("taro").await);
        let sign_in = "mutation { signIn(input: { username: \"taro\",
            password: \"a long enough sentence\" }) { token } }";
        let reader = self.tell(0, None, sign_in, json!({})).await["signIn"]["token"].clone();
        let reader = reader.as_str().unwrap().to_owned();
        People {
            hanako,
            taro,
            reader,
        }
    }

    async fn write(&self, token: &str, body: &str, audience: &str) -> Value {
        let diary = json!({ "body": body, "audience": audience });
        let data = self.tell(0, Some(token), WRITE, diary).await;
        data["writeDiary"]["diary"]["id"].clone()
    }

    async fn look(&self, token: Option<&str>, id: &Value) -> Value {
        self.tell(1, token, LOOK, json!({ "id": id })).await["node"].clone()
    }

    /// Makes sure that the `reader` reads at the replica, which is held back.
    async fn lags(&self, hanako: &str, reader: &str) {
        self.rename(0, hanako, "after").await;
        self.shows(1, Some(reader), "hanako", "before").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_text_is_that_of_the_version_whose_audience_lets_it_be_seen() {
    let scene = Scene::new("60m").await;
    let People {
        hanako,
        taro,
        reader,
    } = scene.people().await;
    let opened = scene.write(&hanako, "secret", "ONLY_ME").await;
    scene.write(&hanako, "of old friends", "FRIENDS").await;
    let friends = scene.write(&hanako, "of old friends", "FRIENDS").await;
    scene.pause().await;
    // For whoever comes, after it was made fit for that.
    let edit = json!({ "id": opened, "body": "fit", "audience": "PUBLIC" });
    scene.tell(0, Some(&hanako), EDIT, edit).await;
    // For friends, of whom there is another after it was.
    let edit = json!({ "id": friends, "body": "fit" });
    scene.tell(0, Some(&hanako), EDIT, edit).await;
    let ids = "{ taro: user(username: \"taro\") { id } hanako: user(username: \"hanako\") { id } }";
    let ids = scene.tell(0, Some(&hanako), ids, json!({})).await;
    for (token, other) in [(&hanako, "taro"), (&taro, "hanako")] {
        let id = json!({ "id": ids[other]["id"] });
        scene.tell(0, Some(token), ASK, id).await;
    }
    scene.lags(&hanako, &reader).await;
    for token in [None, Some(&*reader)] {
        let seen = scene.look(token, &opened).await;
        assert_eq!(
            (&seen["body"], &seen["audience"]),
            (&json!("fit"), &json!("PUBLIC"))
        );
    }
    assert_eq!(scene.look(Some(&reader), &friends).await["body"], "fit");
    let listed = scene.tell(1, Some(&reader), LIST, json!({})).await;
    let listed = &listed["user"]["diaries"];
    assert_eq!(
        listed["nodes"],
        json!([{ "body": "fit", "audience": "FRIENDS" }])
    );
    let feed = "{ viewer { homeFeed(first: 1) { nodes { body } } } }";
    let feed = scene.tell(1, Some(&reader), feed, json!({})).await;
    assert_eq!(
        feed["viewer"]["homeFeed"]["nodes"],
        json!([{ "body": "fit" }])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_page_is_full_and_a_count_right_where_a_replica_knows_what_is_gone() {
    let scene = Scene::new("60m").await;
    let People { hanako, reader, .. } = scene.people().await;
    let mut diaries = Vec::new();
    for body in ["first", "second", "third"] {
        diaries.push(scene.write(&hanako, body, "PUBLIC").await);
    }
    let mut comments = Vec::new();
    for body in ["kept back", "said"] {
        let comment = json!({ "id": diaries[1], "body": body });
        let data = scene.tell(0, Some(&hanako), COMMENT, comment).await;
        comments.push(data["commentOnDiary"]["comment"]["id"].clone());
    }
    scene.pause().await;
    let hide = json!({ "id": diaries[2], "audience": "ONLY_ME" });
    scene.tell(0, Some(&hanako), EDIT, hide).await;
    let remove = "mutation($id: ID!) { deleteDiaryComment(input: { commentId: $id }) {
        userErrors { code } } }";
    let gone = json!({ "id": comments[0] });
    scene.tell(0, Some(&hanako), remove, gone).await;
    scene.lags(&hanako, &reader).await;
    for token in [None, Some(&*reader)] {
        let listed = scene.tell(1, token, LIST, json!({})).await;
        let page = json!({
            "totalCount": 2,
            "nodes": [{ "body": "second", "audience": "PUBLIC" }],
            "pageInfo": { "hasNextPage": true },
        });
        assert_eq!(listed["user"]["diaries"], page);
        let seen = scene.look(token, &diaries[1]).await;
        let page = json!({
            "nodes": [{ "body": "said" }],
            "pageInfo": { "hasNextPage": false },
        });
        assert_eq!(seen["comments"], page);
        assert!(scene.look(token, &comments[0]).await.is_null());
        assert_eq!(scene.look(token, &comments[1]).await["id"], comments[1]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_who_was_taken_out_of_a_group_sees_none_of_it_whatever_a_replica_has() {
    let scene = Scene::new("60m").await;
    let People {
        hanako,
        taro,
        reader,
    } = scene.people().await;
    let ids = "{ viewer { friendGroups { nodes { id } } } taro: user(username: \"taro\") { id }
        hanako: user(username: \"hanako\") { id } }";
    let ids = scene.tell(0, Some(&hanako), ids, json!({})).await;
    for (token, other) in [(&hanako, "taro"), (&taro, "hanako")] {
        let id = json!({ "id": ids[other]["id"] });
        scene.tell(0, Some(token), ASK, id).await;
    }
    let group = ids["viewer"]["friendGroups"]["nodes"][0]["id"].clone();
    let regroup = async |mutation: &str| {
        let document = format!(
            "mutation($group: ID!, $id: ID!) {{ {mutation}(input: {{
                friendGroupId: $group, userIds: [$id] }}) {{ userErrors {{ code }} }} }}"
        );
        let input = json!({ "group": group, "id": ids["taro"]["id"] });
        let done = scene.tell(0, Some(&hanako), &document, input).await;
        assert_eq!(done[mutation]["userErrors"], json!([]));
    };
    regroup("addToFriendGroup").await;
    let write = "mutation($group: ID!) { writeDiary(input: { title: \"t\", body: \"for few\",
        audience: GROUP, friendGroupId: $group }) { diary { id } } }";
    let written = json!({ "group": group });
    let written = scene.tell(0, Some(&hanako), write, written).await;
    let diary = written["writeDiary"]["diary"]["id"].clone();
    scene.pause().await;
    let feed = "{ viewer { homeFeed(first: 1) { nodes { body } } } }";
    regroup("removeFromFriendGroup").await;
    scene.lags(&hanako, &reader).await;
    for token in [&reader, &taro] {
        assert_eq!(scene.look(Some(token), &diary).await, Value::Null);
        let listed = scene.tell(1, Some(token), LIST, json!({})).await;
        let listed = &listed["user"]["diaries"];
        assert_eq!(
            (&listed["totalCount"], &listed["nodes"]),
            (&json!(0), &json!([]))
        );
        let fed = scene.tell(1, Some(token), feed, json!({})).await;
        assert_eq!(fed["viewer"]["homeFeed"]["nodes"], json!([]));
    }
}
