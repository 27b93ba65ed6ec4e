//! GraphiQL from inside the server, in a real browser, on the demo community.

use std::process::Command;

use ashiato::{
    app::{App, Parts},
    config::{Rules, Transport},
    demo,
    server::Server,
};

use crate::support::{backend::Fresh, keys, server::unlimited};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// The page's own test (`explorer/tests`) drives headless Chromium: no request to another host, a
/// query, the sign-in panel, a footprint that another client leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn graphiql_works_in_a_browser_without_the_internet() {
    run(Command::new(format!("{HERE}/scripts/explorer")));
    let database = Fresh::new().await;
    let mut parts = Parts::new(database.place(), Rules::default());
    // A second factor takes one.
    parts.keys = keys();
    let app = App::open(parts).await.unwrap();
    demo::load_if_empty(&app).await.unwrap();
    let mut transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    unlimited(&mut transport.limits);
    let server = Server::start(app, transport).await.unwrap();
    let address = format!("http://{}", server.local_addr());
    let tests = tokio::task::spawn_blocking(move || {
        let mut npm = Command::new("npm");
        npm.args(["test"])
            .current_dir(format!("{HERE}/explorer"))
            .env("ASHIATO_URL", address);
        run(npm);
    });
    tests.await.unwrap();
    server.shutdown().await;
}

/// Runs a command to its end; what it said stands in the failure.
pub fn run(mut command: Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?} (`make test` installs it): {error}"));
    assert!(
        output.status.success(),
        "{command:?}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
