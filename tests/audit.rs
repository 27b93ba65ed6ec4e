//! Other people's judges: graphql-http's audits of a server, and the clients of graphql-ws and graphql-sse. They
//! need Node.js and npm; without them these tests fail, they don't pass over it.

use std::{
    path::Path,
    process::{Command, Output},
    sync::OnceLock,
};

use crate::support::server::Running;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audit");

fn run(program: &str, args: &[&str]) -> Output {
    let output = Command::new(program)
        .args(args)
        .current_dir(FOLDER)
        .output();
    let output = output.unwrap_or_else(|error| panic!("{program} is needed here: {error}"));
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {args:?}:\n{said}{complained}"
    );
    output
}

/// Runs a script of the folder against a server; what it prints.
async fn judge(script: &'static str, server: &Running) -> String {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    let url = server.url("/graphql");
    tokio::task::spawn_blocking(move || {
        INSTALLED.get_or_init(|| {
            if !Path::new(FOLDER)
                .join("node_modules/.package-lock.json")
                .exists()
            {
                run("npm", &["ci", "--no-audit", "--no-fund"]);
            }
        });
        String::from_utf8(run("node", &[script, &url]).stdout).unwrap()
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn every_audit_of_graphql_http_passes() {
    let said = judge("audit.mjs", &Running::own().await).await;
    assert!(said.contains("61 of 61 audits passed"), "{said}");
}

#[tokio::test]
async fn graphql_ws_s_own_client_understands_the_socket() {
    let server = Running::start().await;
    let said = judge("client.mjs", &server).await;
    assert!(said.contains("graphql-ws is content"), "{said}");
}

#[tokio::test]
async fn graphql_sse_s_own_client_understands_the_streams() {
    let server = Running::start().await;
    let said = judge("streams.mjs", &server).await;
    assert!(said.contains("graphql-sse is content"), "{said}");
}
