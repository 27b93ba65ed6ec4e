//! Several servers, each of which keeps what it read.

use std::sync::Arc;

use ashiato::{
    app::App,
    cache::{Cache, Key},
    server::Server,
};
use entity::user;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{
    linked::{linked, server, until},
    nats::Nats,
    server::read,
    way::Way,
    world::{Person, World, kept},
};

async fn ask(server: &Server, who: &Person<'_>, query: &str) -> Value {
    let request = reqwest::Client::new()
        .post(format!("http://{}/graphql", server.local_addr()))
        .header("content-type", "application/json");
    let request = match &*who.token {
        "" => request,
        token => request.bearer_auth(token),
    };
    let body = json!({ "query": query }).to_string();
    let (_, answer) = read(request.body(body).send().await.unwrap()).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].clone()
}

async fn bio(server: &Server, who: &Person<'_>) -> String {
    let answer = ask(server, who, "{ user(username: \"me\") { bio } }").await;
    answer["user"]["bio"].as_str().unwrap().to_owned()
}

async fn write(server: &Server, me: &Person<'_>, bio: &str) {
    let edit =
        format!("mutation {{ editProfile(input: {{ bio: \"{bio}\" }}) {{ user {{ bio }} }} }}");
    ask(server, me, &edit).await;
}

/// Two servers that keep what they read for longer than a test takes: the first reaches NATS over a way
/// that can be cut.
struct Scene {
    apps: [Arc<App>; 2],
    servers: [Server; 2],
    nats: Nats,
    way: Way,
    stop: CancellationToken,
}

impl Scene {
    async fn new(world: &World) -> Self {
        let (nats, stop) = (Nats::start(), CancellationToken::new());
        let way = Way::to(nats.url().trim_start_matches("nats://")).await;
        let over = format!("nats://127.0.0.1:{}", way.port());
        let (a, at_a) = server(world, &over, kept(), &stop).await;
        let (b, at_b) = server(world, &nats.url(), kept(), &stop).await;
        for app in [&a, &b] {
            linked(app).await;
        }
        Self {
            apps: [a, b],
            servers: [at_a, at_b],
            nats,
            way,
            stop,
        }
    }

    /// Has a server keep `of`, whose bio it gives: it does so once it hears of what others change.
    async fn keeps(&self, at: usize, of: &Person<'_>, nobody: &Person<'_>) -> String {
        let key = Key::User(of.viewer.id().unwrap());
        let cache: &Cache = &self.apps[at].cache;
        until(async || {
            bio(&self.servers[at], nobody).await;
            cache.get::<user::Model>(&key).is_some()
        })
        .await;
        cache.get::<user::Model>(&key).unwrap().bio.clone()
    }

    async fn end(self) {
        self.stop.cancel();
        for server in self.servers {
            server.shutdown().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_change_is_seen_at_once_by_who_made_it_and_soon_by_all() {
    let world = World::new().await;
    let (me, nobody) = (world.person("me").await, world.anonymous());
    let scene = Scene::new(&world).await;
    for turn in 0..20 {
        let (one, other) = (turn % 2, 1 - turn % 2);
        scene.keeps(one, &me, &nobody).await;
        scene.keeps(other, &me, &nobody).await;
        let new = format!("turn {turn}");
        let [at_one, at_other] = [one, other].map(|at| &scene.servers[at]);
        write(at_one, &me, &new).await;
        // Whoever wrote, through whichever server.
        assert_eq!(bio(at_other, &me).await, new);
        assert_eq!(bio(at_one, &me).await, new);
        assert_eq!(bio(at_one, &nobody).await, new);
        until(async || bio(at_other, &nobody).await == new).await;
    }
    scene.end().await;
}

/// What the first changes meanwhile the second is not told, and has kept; once NATS is reached again,
/// it forgets. Who wrote is shown nothing old all the while, through either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_what_a_server_changes_that_is_cut_off_is_told_when_it_is_back() {
    let world = World::new().await;
    let (me, nobody) = (world.person("me").await, world.anonymous());
    let scene = Scene::new(&world).await;
    let [at_a, at_b] = &scene.servers;
    assert_eq!(scene.keeps(1, &me, &nobody).await, "");
    scene.way.cut();
    until(async || !scene.apps[0].events.is_linked()).await;
    write(at_a, &me, "new").await;
    assert_eq!(bio(at_a, &nobody).await, "new");
    assert_eq!(bio(at_b, &nobody).await, "", "nobody told");
    assert_eq!(bio(at_b, &me).await, "new");
    // A change through the one does not hide that of the other.
    let diary = "mutation { writeDiary(input: { title: \"t\", body: \"b\" }) { diary { id } } }";
    ask(at_b, &me, diary).await;
    assert_eq!(bio(at_b, &me).await, "new");
    assert_eq!(bio(at_a, &me).await, "new");
    scene.way.mend();
    until(async || bio(at_b, &nobody).await == "new").await;
    // And hears again of what the other changes.
    assert_eq!(scene.keeps(0, &me, &nobody).await, "new");
    write(at_b, &me, "newer").await;
    until(async || bio(at_a, &nobody).await == "newer").await;
    scene.end().await;
}

/// Who hears nothing of others keeps nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_while_nats_is_away_nothing_old_is_shown_to_anybody() {
    let world = World::new().await;
    let (me, nobody) = (world.person("me").await, world.anonymous());
    let mut scene = Scene::new(&world).await;
    scene.keeps(1, &me, &nobody).await;
    scene.nats.stop();
    for app in &scene.apps {
        until(async || !app.events.is_linked()).await;
    }
    let [at_a, at_b] = &scene.servers;
    for turn in 0..3 {
        let new = format!("turn {turn}");
        write(at_a, &me, &new).await;
        assert_eq!(bio(at_b, &nobody).await, new);
    }
    scene.end().await;
}
