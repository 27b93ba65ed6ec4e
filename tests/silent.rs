//! A PostgreSQL that takes what it is sent and says nothing: nobody waits for it for long.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use procfs::process::all_processes;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use crate::support::{backend::Cluster, process::Process, server::code, socket::Socket, soon};

const WHO: &str = "{ viewer { visitCount } }";
/// More than there are connections.
const ASKERS: usize = 40;

/// All processes of a server, stopped until this goes.
struct Silence(Vec<Pid>);

impl Silence {
    /// Begins for the server at `url`.
    async fn of(url: &str) -> Self {
        let db = sea_orm::Database::connect(url).await.unwrap();
        let read = "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int";
        let read = Statement::from_string(db.get_database_backend(), read);
        let row = db.query_one_raw(read).await.unwrap().unwrap();
        let postmaster: i32 = row.try_get_by_index(0).unwrap();
        // First it, so that it starts no other.
        let mut silence = Self(vec![Pid::from_raw(postmaster)]);
        silence.tell(Signal::SIGSTOP);
        let stats = all_processes()
            .unwrap()
            .filter_map(|it| it.ok()?.stat().ok());
        let children = stats.filter(|stat| stat.ppid == postmaster);
        silence
            .0
            .extend(children.map(|stat| Pid::from_raw(stat.pid)));
        silence.tell(Signal::SIGSTOP);
        silence
    }

    fn tell(&self, signal: Signal) {
        for process in &self.0 {
            // One may have gone by itself.
            let _ = kill(*process, signal);
        }
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        self.tell(Signal::SIGCONT);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_database_that_falls_silent_keeps_nobody_waiting() {
    let cluster = Cluster::start(&[]);
    let url = cluster.create("ashiato").await;
    let replica = cluster.replica();
    let at = replica.database("ashiato");
    let flags = ["--execution-timeout", "3s", "--read-database-url", &at];
    let server = Process::serve_with(&url, &flags);
    let token = server.sign_up("hanako").await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_at(server.socket_address(), authorization.clone()).await;
    let silence = Silence::of(&url).await;
    let began = Instant::now();
    let ask = async |asker: usize| {
        let (began, key) = (Instant::now(), format!("{asker}"));
        let asked = async {
            if asker.is_multiple_of(2) {
                server.ask(Some(&token), WHO, json!({})).await
            } else {
                server.write_diary(&token, "t", "…", Some(&key)).await
            }
        };
        let answer = soon(asked).await;
        let answer = answer.expect("an answer");
        assert_eq!(code(&answer), "UNAVAILABLE", "{answer}");
        began.elapsed()
    };
    let slowest = join_all((0..ASKERS).map(ask)).await.into_iter().max();
    // Of a second, on a machine that may be busy.
    assert!(slowest.unwrap() < Duration::from_secs(5), "{slowest:?}");
    for document in [WHO, "mutation { signOut { signedOut } }"] {
        socket.subscribe("1", document).await;
        let answer = soon(socket.hear()).await;
        assert_eq!(
            answer["payload"][0]["extensions"]["code"], "UNAVAILABLE",
            "{answer}"
        );
    }
    // Who is nobody's is given as long as any operation.
    let nobody = "{ user(username: \"hanako\") { diaries { totalCount } } }";
    let answer = soon(server.ask(None, nobody, json!({}))).await.unwrap();
    assert!(
        ["TIMEOUT", "UNAVAILABLE"].contains(&code(&answer)),
        "{answer}"
    );
    println!(
        "silent for {:?}, the slowest of {ASKERS} took {slowest:?}",
        began.elapsed()
    );
    drop(silence);
    soon(async {
        loop {
            let answer = server.ask(Some(&token), WHO, json!({})).await.unwrap();
            if answer["data"]["viewer"]["visitCount"] == 0 {
                break;
            }
            assert_eq!(code(&answer), "UNAVAILABLE", "{answer}");
        }
    })
    .await;
    socket.subscribe("2", WHO).await;
    let answer = soon(socket.hear()).await;
    assert_eq!(
        answer["payload"]["data"]["viewer"]["visitCount"], 0,
        "{answer}"
    );
}
