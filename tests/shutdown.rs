//! Stopping: nothing that is under way is lost, and what was told is true. Starting, too: what
//! cannot start says why.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Duration,
};

use ashiato::{config::Transport, error::Error, rejection::Rejection, server::Server};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use rstest::rstest;
use serde_json::json;
use tokio::net::TcpStream;

use crate::support::{
    server::{Running, app},
    socket::Socket,
    soon,
};

#[tokio::test]
async fn what_is_under_way_is_finished_and_sockets_are_closed_with_1012() {
    let mut server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription { waits }").await;
    let body = json!({ "query": "{ waits }" }).to_string();
    let under_way = tokio::spawn(server.post().body(body).send());
    server.probe.until(2).await;

    let stopping = tokio::spawn(server.take().shutdown());
    assert_eq!(socket.closed().await.0, 1012);
    server.probe.until(1).await;
    // No new connection is taken; the request under way is still waited for.
    soon(async {
        while TcpStream::connect(server.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(!stopping.is_finished());
    server.probe.release.notify_waiters();
    let answer = soon(under_way).await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.json::<serde_json::Value>().await.unwrap(),
        json!({ "data": { "waits": 1 } })
    );
    drop(socket);
    soon(stopping).await.unwrap();
    // The database is closed after that.
    let refused = server
        .app
        .database
        .write(|_| Box::pin(async { Ok(()) }))
        .await;
    assert!(matches!(
        refused,
        Err(Rejection::Failed(Error::Unavailable(_)))
    ));
}

#[tokio::test]
async fn what_does_not_end_is_not_waited_for_longer_than_the_drain() {
    let mut server = Running::with(|transport| {
        transport.deadlines.drain_timeout = Duration::from_millis(100);
    })
    .await;
    let body = json!({ "query": "{ waits }" }).to_string();
    let under_way = tokio::spawn(server.post().body(body).send());
    server.probe.until(1).await;
    soon(server.take().shutdown()).await;
    under_way.abort();
}

#[rstest]
#[case::no_port("127.0.0.1", "give an address and a port with --listen")]
#[case::nonsense("nonsense", "give an address and a port with --listen")]
#[case::not_ours("192.0.2.1:8000", "this machine has no such address")]
#[tokio::test]
async fn a_bad_address_is_refused_with_what_to_change(#[case] listen: &str, #[case] says: &str) {
    let transport = Transport {
        listen: listen.to_owned(),
        ..Transport::default()
    };
    let error = Server::start(app().await.0, transport)
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains(says) && error.contains(listen), "{error}");
}

#[tokio::test]
async fn a_port_in_use_is_refused_with_what_to_change() {
    let server = Running::start().await;
    let transport = Transport {
        listen: server.address.to_string(),
        ..Transport::default()
    };
    let error = Server::start(app().await.0, transport)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("another program listens there") && error.contains("--listen"),
        "{error}"
    );
}

fn ashiato(folder: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ashiato"));
    command
        .current_dir(folder)
        .env("ASHIATO_LISTEN", "127.0.0.1:0")
        .env("ASHIATO_LOG_FORMAT", "json")
        .env_remove("ASHIATO_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// `ashiato` alone serves, and stops at either signal with success.
#[rstest]
#[case(Signal::SIGTERM)]
#[case(Signal::SIGINT)]
fn the_binary_serves_until_it_is_asked_to_stop(#[case] signal: Signal) {
    let folder = tempfile::tempdir().unwrap();
    let mut child = ashiato(folder.path()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let line = log
        .find(|line| line.contains("\"message\":\"listening\""))
        .unwrap();
    let listening: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert!(
        listening["api"].as_str().unwrap().ends_with("/graphql"),
        "{listening}"
    );
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
    let rest: Vec<String> = log.collect();
    assert!(
        rest.last().unwrap().contains("\"message\":\"stopped\""),
        "{rest:?}"
    );
    assert!(child.wait().unwrap().success());
}

#[rstest]
#[case::address(&["serve", "--listen", "nonsense"], "give an address and a port with --listen")]
#[case::database(&["--database-url", "mysql://x"], "must begin with `sqlite:`")]
#[case::folder(&["--database-url", "sqlite:///nowhere/at/all.db"], "Check that the folder exists")]
#[case::pings(&["--socket-ping-interval", "40s"], "must be longer than --socket-ping-interval")]
#[case::manifest(&["--trusted-documents", "/nowhere.json"], "cannot read --trusted-documents /nowhere.json")]
#[case::nothing_to_trust(&["--trusted-documents-mode", "only"], "needs --trusted-documents")]
fn a_bad_start_is_one_plain_sentence_and_exit_code_1(#[case] args: &[&str], #[case] says: &str) {
    let folder = tempfile::tempdir().unwrap();
    let output = ashiato(folder.path()).args(args).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let sentence: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("ashiato: "))
        .collect();
    assert!(sentence.len() == 1 && sentence[0].contains(says), "{said}");
    assert!(!said.to_lowercase().contains("backtrace"), "{said}");
}

#[rstest]
#[case(&["--max-tokens", "0"])]
#[case(&["--body-timeout", "10"])]
#[case(&["--allowed-origins", "*"])]
#[case(&["--nonsense"])]
fn a_bad_flag_is_refused(#[case] args: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let output = ashiato(folder.path()).args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains(args[0]));
}

#[test]
fn the_schema_is_printed_or_written_and_the_database_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = ashiato(folder.path()).args(args).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let printed = run(&["schema"]);
    assert!(printed.contains("type Query"));
    run(&["schema", "--output", "it.graphql"]);
    let written = std::fs::read_to_string(folder.path().join("it.graphql")).unwrap();
    assert_eq!(printed, written);
    run(&["migrate"]);
    assert!(folder.path().join("ashiato.db").exists());
}
