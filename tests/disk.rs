//! A disk that is really full, under the real binary.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use crate::support::{backend::sqlite, process::Process};

const READ: &str = "query($after: String) { viewer { user { diaries(first: 100, after: $after) {
    totalCount nodes { title body } pageInfo { endCursor hasNextPage } } } } }";

/// The most bytes of a file at first: above the empty database, far below what is written.
const ROOM: u32 = 2_000_000;
/// More writes than there is room for.
const WRITES: usize = 1_000;

struct Writer {
    server: Process,
    token: String,
    body: String,
}

impl Writer {
    async fn writes(&self, title: &str) -> Result<(), Value> {
        let answer = self
            .server
            .write_diary(&self.token, title, &self.body, None);
        let answer = answer.await.expect("an answer");
        match answer["errors"][0]["extensions"]["code"].as_str() {
            None => {
                assert_eq!(answer["data"]["writeDiary"]["diary"]["title"], title);
                Ok(())
            }
            Some(_) => Err(answer["errors"][0]["extensions"]["code"].clone()),
        }
    }

    /// All titles, oldest first; every body is whole.
    async fn reads(&self) -> Vec<String> {
        let (mut titles, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "after": after });
            let answer = self.server.ask(Some(&self.token), READ, variables).await;
            let answer = answer.expect("an answer");
            assert!(answer.get("errors").is_none(), "{answer}");
            let page = &answer["data"]["viewer"]["user"]["diaries"];
            for node in page["nodes"].as_array().unwrap() {
                assert_eq!(node["body"], self.body);
                titles.push(node["title"].as_str().unwrap().to_owned());
            }
            if page["pageInfo"]["hasNextPage"] == false {
                assert_eq!(page["totalCount"], titles.len());
                titles.reverse();
                return titles;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
}

/// Writes until the disk is full and beyond, reads, makes room and writes again. Gives the titles
/// that were answered.
async fn fills(writer: &Writer, make_room: impl FnOnce()) -> Vec<String> {
    let mut answered = Vec::new();
    let refused = loop {
        let title = format!("before {}", answered.len());
        match writer.writes(&title).await {
            Ok(()) => answered.push(title),
            Err(code) => break code,
        }
        assert!(answered.len() < WRITES, "there is room without end");
    };
    assert!(!answered.is_empty());
    assert_eq!(refused, "UNAVAILABLE");
    for count in 0..5 {
        let again = writer.writes(&format!("refused {count}")).await;
        assert_eq!(again, Err(json!("UNAVAILABLE")));
    }
    assert_eq!(writer.reads().await, answered);
    make_room();
    for count in 0..5 {
        let title = format!("after {count}");
        writer.writes(&title).await.unwrap();
        answered.push(title);
    }
    assert_eq!(writer.reads().await, answered);
    answered
}

async fn writer(server: Process) -> Writer {
    Writer {
        token: server.sign_up("writer").await,
        server,
        body: "字".repeat(10_000),
    }
}

#[tokio::test]
async fn on_sqlite_a_file_that_may_not_grow_refuses_writes_keeps_the_answered_and_serves_again_with_room()
 {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("full.db");
    // The system refuses every byte of a file beyond the limit: SQLite's own I/O error.
    let mut limited = Command::new("env");
    limited
        .args(["--ignore-signal=XFSZ", "prlimit"])
        .arg(format!("--fsize={ROOM}:unlimited"));
    let writer = writer(Process::serve_under(&mut limited, &sqlite(&database))).await;
    let make_room = || {
        let pid = writer.server.id().to_string();
        let mut room = Command::new("prlimit");
        room.args(["--fsize=unlimited", "--pid", &pid]);
        assert!(room.status().unwrap().success());
    };
    let answered = fills(&writer, make_room).await;
    // What stands there outlives the process.
    let Writer {
        server,
        token,
        body,
    } = writer;
    server.kill();
    drop(server);
    let server = Process::serve(&sqlite(&database));
    let writer = Writer {
        server,
        token,
        body,
    };
    assert_eq!(writer.reads().await, answered);
}

/// A file system of a few megabytes that the process alone sees, with a ballast in it.
const SMALL_DISK: &str = "mount -t tmpfs -o size=10m tmpfs \"$0\" &&
    head -c 4m /dev/zero > \"$0/ballast\" && exec \"$@\"";

/// How root mounts it, and how anybody else does.
const WAYS: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];

fn on_small_disk(way: &[&str], folder: &Path) -> Command {
    let mut command = Command::new("unshare");
    command.args(way).args(["sh", "-c", SMALL_DISK]).arg(folder);
    command
}

/// As above where the whole disk is full: SQLite has a code of its own for it, and what it has
/// written cannot be carried over into the database file either.
#[tokio::test]
async fn on_sqlite_a_full_disk_refuses_writes_keeps_the_answered_and_serves_again_with_room() {
    let folder = tempfile::tempdir().unwrap();
    let way = WAYS.into_iter().find(|way| {
        let tried = on_small_disk(way, folder.path()).arg("true").output();
        tried.is_ok_and(|output| output.status.success())
    });
    let way = way.expect(
        "this test mounts a small disk, which takes `unshare` and `mount` and either root or user \
         namespaces: allow one of them to who runs it",
    );
    let database = folder.path().join("full.db");
    let server = Process::serve_under(&mut on_small_disk(way, folder.path()), &sqlite(&database));
    let writer = writer(server).await;
    let inside = format!("/proc/{}/root", writer.server.id());
    let ballast = Path::new(&inside).join(folder.path().strip_prefix("/").unwrap());
    let make_room = || std::fs::remove_file(ballast.join("ballast")).unwrap();
    fills(&writer, make_room).await;
}
