//! `--ephemeral` keeps nothing, however its process ends.

use std::{fs, path::Path, process::Command};

use nix::sys::signal::Signal;
use rstest::rstest;
use serde_json::json;

use crate::support::process::Process;

/// How many files and folders there are.
fn count(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn what_is_written_is_there_until_the_end_and_then_gone() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::serve_ephemeral(folder.path(), &[]);
    let token = server.sign_up("hanako").await;
    let written = server
        .write_diary(&token, "a title", "…", None)
        .await
        .unwrap();
    assert_eq!(written["data"]["writeDiary"]["diary"]["title"], "a title");
    assert_eq!(count(folder.path()), 1);
    // Another one beside it has nothing of it.
    let other = Process::serve_ephemeral(folder.path(), &[]);
    let query = "{ user(username: \"hanako\") { id } }";
    let found = other.ask(None, query, json!({})).await.unwrap();
    assert_eq!(found["data"], json!({ "user": null }));
    assert_eq!(count(folder.path()), 2);
    assert_eq!(other.end(Signal::SIGINT), Some(0));
    let found = server.ask(None, query, json!({})).await.unwrap();
    assert!(found["data"]["user"]["id"].is_string(), "{found}");
    assert_eq!(server.end(Signal::SIGTERM), Some(0));
    assert_eq!(count(folder.path()), 0);
}

#[tokio::test]
async fn what_a_killed_process_left_goes_with_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let killed = Process::serve_ephemeral(folder.path(), &[]);
    killed.sign_up("hanako").await;
    assert_eq!(killed.end(Signal::SIGKILL), None);
    assert_eq!(count(folder.path()), 1);
    let next = Process::serve_ephemeral(folder.path(), &[]);
    assert_eq!(count(folder.path()), 1, "the next one's own");
    assert_eq!(next.end(Signal::SIGTERM), Some(0));
    assert_eq!(count(folder.path()), 0);
}

#[rstest]
#[case::a_database(&["serve", "--ephemeral", "--database-url", "sqlite://a.db"], 2, "--database-url")]
#[case::photos(&["serve", "--ephemeral", "--photos", "photos"], 2, "--photos")]
#[case::without_a_subcommand(&["--ephemeral", "--database-url", "sqlite://a.db"], 2, "--database-url")]
#[case::no_steps(&["serve", "--ephemeral", "--no-migrate"], 2, "--no-migrate")]
#[case::production(&["serve", "--ephemeral", "--profile", "production"], 1, "--ephemeral is for development")]
#[case::late_in_production(&["serve", "--latency", "1s", "--profile", "production"], 1, "--latency and --fail-rate are for development")]
#[case::faulty_in_production(&["serve", "--fail-rate", "1%", "--profile", "production"], 1, "--latency and --fail-rate are for development")]
#[case::no_rate(&["serve", "--fail-rate", "often"], 2, "0% to 100%")]
#[case::no_time(&["serve", "--latency", "2s-1s"], 2, "the shorter time first")]
fn what_does_not_go_together_is_refused(
    #[case] args: &[&str],
    #[case] status: i32,
    #[case] said: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    // What production needs beside.
    let key = format!("{}=", "A".repeat(43));
    let output = Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .current_dir(&folder)
        .env("TMPDIR", folder.path())
        .env("ASHIATO_SECRET_KEYS", key)
        .args(args)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{stderr}");
    assert!(stderr.contains(said), "{stderr}");
    assert_eq!(count(folder.path()), 0, "nothing was made");
}

#[test]
fn a_database_of_the_environment_goes_not_with_it_either() {
    let output = Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .env("ASHIATO_DATABASE_URL", "sqlite:///no/such/folder/a.db")
        .args(["serve", "--ephemeral"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--database-url"));
}
