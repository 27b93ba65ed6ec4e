//! Fetching a copy by its link: once, in time, and by nobody who has none.

use std::time::Duration;

use ashiato::{
    account::leaving::{export::fetch, work::see_to_exports},
    server::Server,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use futures_util::{StreamExt, future::join_all};
use reqwest::{Client, Response};
use sea_orm::ConnectionTrait;
use serde_json::Value;

use super::exports::{ask, bytes, files, last};
use crate::support::{
    server::serve,
    sql,
    world::{Person, World},
};

/// A server, and a copy that is ready.
struct Ready<'w> {
    me: Person<'w>,
    server: Server,
    client: Client,
    whole: Vec<u8>,
}

impl<'w> Ready<'w> {
    async fn new(world: &'w World) -> Self {
        let (me, _) = world.joined("goes_away").await;
        let key = ask(&me).await;
        see_to_exports(&world.app).await.unwrap();
        Self {
            whole: bytes(world, key).await,
            server: serve(world.app.clone()).await,
            client: Client::new(),
            me,
        }
    }

    /// A link as of now.
    async fn link(&self) -> String {
        last(&self.me).await["url"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> Response {
        let address = self.server.local_addr();
        let request = self.client.get(format!("http://{address}{path}"));
        request.send().await.unwrap()
    }

    /// Waits until the copy is as `state` says.
    async fn until(&self, state: &str) -> Value {
        for _ in 0..500 {
            let now = last(&self.me).await;
            if now["state"] == state {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it does not become {state}: {}", last(&self.me).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_ten_who_come_at_once_one_gets_it_whole_and_then_nobody() {
    let world = World::new().await;
    let ready = Ready::new(&world).await;
    let link = ready.link().await;
    let answers = join_all((0..10).map(|_| ready.get(&link))).await;
    let mut whole = 0;
    for answer in answers {
        match answer.status().as_u16() {
            200 => {
                let of = |name| answer.headers()[name].to_str().unwrap().to_owned();
                assert_eq!(of("content-type"), "application/zip");
                assert_eq!(of("cache-control"), "no-store");
                assert_eq!(of("x-content-type-options"), "nosniff");
                assert_eq!(of("content-length"), ready.whole.len().to_string());
                let name = "attachment; filename=\"ashiato-2006-05-01.zip\"";
                assert_eq!(of("content-disposition"), name);
                let bytes = answer.bytes().await.unwrap().to_vec();
                assert_eq!(bytes, ready.whole);
                assert!(files(bytes)["profile.jsonl"].contains("goes_away"));
                whole += 1;
            }
            404 => {}
            other => panic!("{other}"),
        }
    }
    assert_eq!(whole, 1);
    let state = ready.until("FETCHED").await;
    assert_eq!(state["url"], Value::Null);
    assert_eq!(ready.get(&link).await.status(), 404);
    // Nothing of it is left.
    for _ in 0..100 {
        if bytes_left(&world).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("its parts are still there");
}

async fn bytes_left(world: &World) -> i64 {
    let db = world.app.database.reader();
    let count = sql::own(db, "SELECT count(*) FROM data_export_parts");
    let rows = db.query_all_raw(count).await.unwrap();
    rows[0].try_get_by_index(0).unwrap()
}

/// Whatever is no link answers as what was never there, without a word more.
#[tokio::test]
async fn forged_expired_and_used_links_are_all_the_same() {
    let world = World::new().await;
    let ready = Ready::new(&world).await;
    let link = ready.link().await;
    let token = link.strip_prefix("/exports/").unwrap();
    let bits = URL_SAFE_NO_PAD.decode(token).unwrap();
    let absent = ready.get("/nothing/at/all").await;
    let as_absent = async |path: &str| {
        let answer = ready.get(path).await;
        assert_eq!(answer.status(), absent.status(), "{path}");
        assert_eq!(answer.headers().len(), absent.headers().len(), "{path}");
        assert_eq!(answer.text().await.unwrap(), "", "{path}");
    };
    for place in 0..bits.len() {
        let mut forged = bits.clone();
        forged[place] ^= 1;
        as_absent(&format!("/exports/{}", URL_SAFE_NO_PAD.encode(forged))).await;
    }
    for forged in [
        "x",
        "%00",
        &token[1..],
        &format!("{token}A"),
        &token.to_lowercase(),
    ] {
        as_absent(&format!("/exports/{forged}")).await;
    }
    // A session's token is none, nor is another service's link.
    as_absent(&format!("/exports/{}", ready.me.token)).await;
    world.clock.advance(TimeDelta::hours(1));
    as_absent(&link).await;
    // Asked for again there is another, which is good.
    let link = ready.link().await;
    let fetched = ready.get(&link).await;
    assert_eq!(fetched.status(), 200);
    fetched.bytes().await.unwrap();
    ready.until("FETCHED").await;
    as_absent(&link).await;
}

/// What was cut off counts for nothing; while it goes on, nobody else has it.
#[tokio::test]
async fn a_download_that_is_cut_off_can_be_repeated() {
    let world = World::new().await;
    let ready = Ready::new(&world).await;
    let link = ready.link().await;
    let token = link.strip_prefix("/exports/").unwrap();
    let begin = async || fetch::begin(&world.app, token).await.unwrap();
    let cut_off = begin().await.unwrap();
    assert!(begin().await.is_none());
    assert_eq!(ready.get(&link).await.status(), 404);
    drop(cut_off);
    let mut again = None;
    for _ in 0..500 {
        again = begin().await;
        if again.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // One whose server dies has it for a minute, and no longer.
    std::mem::forget(again.unwrap());
    assert!(begin().await.is_none());
    world.clock.advance(TimeDelta::seconds(60));
    let last = begin().await.unwrap();
    let mut all = Vec::new();
    let mut parts = Box::pin(last.bytes());
    while let Some(part) = parts.next().await {
        all.extend(part.unwrap());
    }
    drop(parts);
    assert_eq!(all, ready.whole);
    ready.until("FETCHED").await;
    assert!(begin().await.is_none());
}

/// The link is the secret: it works without a token beside it, and nothing in the database makes one.
#[tokio::test]
async fn nothing_in_the_database_makes_a_link() {
    let world = World::new().await;
    let ready = Ready::new(&world).await;
    let link = ready.link().await;
    let bits = URL_SAFE_NO_PAD.decode(&link["/exports/".len()..]).unwrap();
    let signature = &bits[bits.len() - 32..];
    let folder = std::fs::read_dir(world.database.folder.path()).unwrap();
    for entry in folder {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(32).any(|part| part == signature));
    }
    let fetched = ready.get(&link).await;
    assert_eq!(fetched.status(), 200);
    assert_eq!(fetched.bytes().await.unwrap(), ready.whole);
}

#[tokio::test]
async fn a_head_fetches_nothing() {
    let world = World::new().await;
    let ready = Ready::new(&world).await;
    let link = ready.link().await;
    let address = ready.server.local_addr();
    let head = ready.client.head(format!("http://{address}{link}"));
    let head = head.send().await.unwrap();
    assert_eq!(head.status(), 200);
    drop(head);
    for _ in 0..500 {
        let got = ready.get(&link).await;
        if got.status() == 200 {
            assert_eq!(got.bytes().await.unwrap(), ready.whole);
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it is gone");
}
