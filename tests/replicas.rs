//! Reading at streaming replicas: real ones, whose replay is held back.

mod blocks;
mod faults;
mod several;
mod shown;

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, TransactionTrait};
use serde_json::{Value, json};

use crate::support::{
    backend::{Cluster, run},
    nats::Nats,
    process::Process,
    socket::Socket,
    soon,
};

const NICKNAME: &str = "query($of: String!) { user(username: $of) { nickname } }";
const RENAME: &str = "mutation($to: String!) {
    editProfile(input: { nickname: $to }) { user { nickname } userErrors { code } } }";

/// A primary with a replica, and two servers on them.
struct Scene {
    primary: Cluster,
    replica: Cluster,
    servers: [Process; 2],
    _nats: Nats,
}

impl Scene {
    /// All is read at the replica that may be: what is kept would be read at the primary.
    async fn new(lag: &str) -> Self {
        Self::with(lag, "0").await
    }

    /// With servers that keep so many megabytes.
    async fn with(lag: &str, megabytes: &str) -> Self {
        let (primary, nats) = (Cluster::start(&[]), Nats::start());
        let url = primary.create("ashiato").await;
        let replica = primary.replica();
        let serve = || {
            let at = replica.database("ashiato");
            let nats = nats.url();
            let links = ["--read-database-url", &at, "--nats-url", &nats];
            let flags = ["--max-replica-lag", lag, "--cache-megabytes", megabytes];
            let flags = [links, flags].concat();
            Process::serve_with(&url, &flags)
        };
        let servers = [serve(), serve()];
        Self {
            primary,
            replica,
            servers,
            _nats: nats,
        }
    }

    /// Signs somebody up. Gives the token.
    async fn join(&self, username: &str) -> String {
        let document = "mutation($name: String!) { signUp(input: { username: $name,
            nickname: \"before\", password: \"a long enough sentence\",
            birthDate: \"1986-04-01\" }) { token userErrors { code } } }";
        let data = self.tell(0, None, document, json!({ "name": username }));
        let token = data.await["signUp"]["token"].clone();
        token.as_str().unwrap().to_owned()
    }

    /// What a server answers, where nothing may go wrong.
    async fn tell(&self, server: usize, token: Option<&str>, document: &str, with: Value) -> Value {
        let answer = self.servers[server].ask(token, document, with).await;
        let answer = answer.expect("an answer");
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    async fn nickname(&self, server: usize, token: Option<&str>, of: &str) -> String {
        let data = self.tell(server, token, NICKNAME, json!({ "of": of }));
        data.await["user"]["nickname"].as_str().unwrap().to_owned()
    }

    async fn rename(&self, server: usize, token: &str, to: &str) {
        let data = self.tell(server, Some(token), RENAME, json!({ "to": to }));
        assert_eq!(data.await["editProfile"]["user"]["nickname"], to);
    }

    /// Waits until the replica has everything, and holds it there.
    async fn pause(&self) {
        let replica = connect(&self.replica).await;
        let primary = connect(&self.primary).await;
        // Its commit writes out what others did not wait for.
        run(
            &self.primary.url,
            "SELECT pg_logical_emit_message(true, '', '')",
        )
        .await;
        let end = number(&primary, "SELECT pg_current_wal_lsn() - '0/0'").await;
        while number(&replica, "SELECT pg_last_wal_replay_lsn() - '0/0'").await < end {
            tokio::task::yield_now().await;
        }
        run(&self.replica.url, "SELECT pg_wal_replay_pause()").await;
        let paused = "SELECT (pg_get_wal_replay_pause_state() = 'paused')::int";
        while number(&replica, paused).await == 0 {
            tokio::task::yield_now().await;
        }
    }

    async fn resume(&self) {
        run(&self.replica.url, "SELECT pg_wal_replay_resume()").await;
    }

    /// Waits until the server answers with `nickname`: it learns a moment later how far a replica is.
    async fn shows(&self, server: usize, token: Option<&str>, of: &str, nickname: &str) {
        soon(async { while self.nickname(server, token, of).await != nickname {} }).await;
    }
}

async fn connect(cluster: &Cluster) -> DatabaseConnection {
    connect_to(&cluster.url).await
}

async fn connect_to(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(2).sqlx_logging(false);
    sea_orm::Database::connect(options).await.unwrap()
}

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let sql = format!("SELECT ({sql})::bigint");
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_who_wrote_reads_it_through_every_server_and_others_at_the_replica() {
    let scene = Scene::new("60m").await;
    let (hanako, taro) = (scene.join("hanako").await, scene.join("taro").await);
    let authorization = json!({ "Authorization": format!("Bearer {hanako}") });
    let address = scene.servers[1].socket_address();
    let mut socket = Socket::ready_at(address, authorization).await;
    scene.pause().await;
    scene.rename(0, &hanako, "after").await;
    for server in [1, 0, 1] {
        assert_eq!(
            scene.nickname(server, Some(&hanako), "hanako").await,
            "after"
        );
    }
    let of = json!({ "of": "hanako" });
    socket.subscribe_with("1", NICKNAME, of).await;
    let answer = socket.hear().await;
    assert_eq!(
        answer["payload"]["data"]["user"]["nickname"], "after",
        "{answer}"
    );
    // Others read at the replica: that is what it is for.
    for server in [0, 1] {
        for token in [None, Some(&*taro)] {
            scene.shows(server, token, "hanako", "before").await;
            assert_eq!(scene.nickname(server, token, "hanako").await, "before");
        }
    }
    scene.resume().await;
    for server in [0, 1] {
        scene.shows(server, None, "hanako", "after").await;
    }
    // Once it has what she wrote, she reads at the replica again.
    scene.pause().await;
    scene.rename(0, &taro, "after").await;
    for server in [0, 1] {
        scene.shows(server, Some(&hanako), "taro", "before").await;
        assert_eq!(
            scene.nickname(server, Some(&hanako), "taro").await,
            "before"
        );
        assert_eq!(scene.nickname(server, Some(&taro), "taro").await, "after");
    }
}

/// What a replica has may be old already: kept, it would stay so for everybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_what_is_kept_is_never_as_old_as_a_replica() {
    let scene = Scene::with("60m", "16").await;
    let hanako = scene.join("hanako").await;
    scene.pause().await;
    for turn in 0..5 {
        let new = format!("turn {turn}");
        scene.rename(turn % 2, &hanako, &new).await;
        for server in [0, 1] {
            // NATS tells the other in a moment; the replica has heard of none.
            scene.shows(server, None, "hanako", &new).await;
            assert_eq!(scene.nickname(server, None, "hanako").await, new);
        }
    }
    scene.resume().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_who_wrote_reads_it_also_where_the_answer_was_lost() {
    let scene = Scene::new("60m").await;
    let hanako = scene.join("hanako").await;
    let url = scene.primary.database("ashiato");
    let other = connect_to(&url).await;
    scene.pause().await;
    // The mutation waits for this, and its client does not wait for it.
    let hold = other.begin().await.unwrap();
    let held = "SELECT 1 FROM users WHERE username = 'hanako' FOR UPDATE";
    hold.execute_unprepared(held).await.unwrap();
    let to = json!({ "to": "after" });
    let lost = scene.servers[0].ask(Some(&hanako), RENAME, to);
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    let waiting = async {
        let watch = connect_to(&url).await;
        while number(&watch, waits).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = lost => panic!("it was answered"),
        () = soon(waiting) => {}
    }
    hold.commit().await.unwrap();
    let written = "SELECT count(*) FROM users WHERE nickname = 'after'";
    soon(async { while number(&other, written).await == 0 {} }).await;
    for server in [0, 1] {
        let seen = scene.nickname(server, Some(&hanako), "hanako").await;
        assert_eq!(seen, "after");
    }
    // The next that ends well says where she is.
    scene.resume().await;
    scene.rename(0, &hanako, "later").await;
    scene.pause().await;
    let taro = scene.join("taro").await;
    scene.rename(0, &taro, "after").await;
    scene.shows(1, Some(&hanako), "hanako", "later").await;
    let kept = format!(
        "SELECT count(*) FROM session_tokens WHERE last_write = {}",
        i64::MAX
    );
    assert_eq!(number(&other, &kept).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_sessions_and_who_may_see_what_are_never_as_old_as_a_replica() {
    let scene = Scene::new("60m").await;
    let (hanako, taro) = (scene.join("hanako").await, scene.join("taro").await);
    let ids = "{ taro: user(username: \"taro\") { id } hanako: user(username: \"hanako\") { id } }";
    let ids = scene.tell(0, Some(&hanako), ids, json!({})).await;
    let ask =
        "mutation($id: ID!) { requestFriendship(input: { userId: $id }) { userErrors { code } } }";
    for (token, other) in [(&hanako, "taro"), (&taro, "hanako")] {
        let id = json!({ "id": ids[other]["id"] });
        scene.tell(0, Some(token), ask, id).await;
    }
    let write = "mutation { writeDiary(input: { title: \"t\", body: \"b\", audience: FRIENDS }) {
        diary { id } } }";
    let diary =
        scene.tell(0, Some(&hanako), write, json!({})).await["writeDiary"]["diary"]["id"].clone();
    let mut open = Vec::new();
    for _ in 0..2 {
        let public = write.replace("FRIENDS", "PUBLIC");
        let data = scene.tell(0, Some(&hanako), &public, json!({})).await;
        open.push(data["writeDiary"]["diary"]["id"].clone());
    }
    let look = "query($id: ID!) { node(id: $id) { id } }";
    let id = json!({ "id": diary });
    scene.pause().await;
    let seen = scene.tell(1, Some(&taro), look, id.clone()).await;
    assert_eq!(seen["node"]["id"], diary);
    let end =
        "mutation($id: ID!) { endFriendship(input: { userId: $id }) { userErrors { code } } }";
    let taros = json!({ "id": ids["taro"]["id"] });
    scene.tell(0, Some(&hanako), end, taros).await;
    let hidden = scene.tell(1, Some(&taro), look, id).await;
    assert_eq!(hidden["node"], Value::Null);
    // Nor is an audience, or that a diary has gone.
    let list = "{ user(username: \"hanako\") { diaries { nodes { id } } } }";
    let listed = async || {
        let data = scene.tell(1, Some(&taro), list, json!({})).await;
        data["user"]["diaries"]["nodes"].as_array().unwrap().len()
    };
    soon(async { while listed().await != 2 {} }).await;
    let edit = "mutation($id: ID!) { editDiary(input: { diaryId: $id, audience: ONLY_ME }) {
        userErrors { code } } }";
    let delete =
        "mutation($id: ID!) { deleteDiary(input: { diaryId: $id }) { userErrors { code } } }";
    for (left, (document, diary)) in [(edit, &open[0]), (delete, &open[1])].iter().enumerate() {
        let id = json!({ "id": diary });
        scene.tell(0, Some(&hanako), document, id.clone()).await;
        let hidden = scene.tell(1, Some(&taro), look, id).await;
        assert_eq!(hidden["node"], Value::Null);
        assert_eq!(listed().await, 1 - left);
    }
    let out = "mutation { signOut { signedOut } }";
    scene.tell(0, Some(&taro), out, json!({})).await;
    let refused = scene.servers[1].ask(Some(&taro), "{ viewer { visitCount } }", json!({}));
    let refused = refused.await.unwrap();
    assert_eq!(
        refused["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_an_event_is_shown_as_it_happened_however_old_the_replica() {
    let scene = Scene::new("60m").await;
    let (hanako, taro) = (scene.join("hanako").await, scene.join("taro").await);
    let authorization = json!({ "Authorization": format!("Bearer {hanako}") });
    let address = scene.servers[1].socket_address();
    let mut socket = Socket::ready_at(address, authorization).await;
    let feed =
        "subscription { footprintLeft(after: \"\") { node { visitor { username nickname } } } }";
    let feed = feed.replace(
        "\"\"",
        &json!(ashiato::paging::cursor(b'n', &0_i64)).to_string(),
    );
    socket.subscribe("1", &feed).await;
    let visit =
        "mutation { visitProfile(input: { username: \"hanako\" }) { userErrors { code } } }";
    for paused in [false, true] {
        let visitor = scene.join(if paused { "jiro" } else { "saburo" }).await;
        if paused {
            scene.pause().await;
        }
        scene.rename(0, &visitor, "after").await;
        scene.tell(0, Some(&visitor), visit, json!({})).await;
        let event = socket.hear().await;
        let node = &event["payload"]["data"]["footprintLeft"]["node"];
        assert_eq!(node["visitor"]["nickname"], "after", "{event}");
    }
    scene.shows(1, Some(&taro), "jiro", "before").await;
}
