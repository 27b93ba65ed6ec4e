//! The example client (`examples/web`), in a real browser, against the real server.

use std::process::Command;

use ashiato::{
    app::{App, Parts},
    config::{Rules, Transport},
    server::Server,
};

use crate::{
    explorer::run,
    support::{backend::Fresh, keys, server::unlimited},
};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn npm(script: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.args(["run", script])
        .current_dir(format!("{HERE}/examples/web"));
    npm
}

/// Its documents fit `schema.graphql`, its types fit its documents; then its own tests
/// (`examples/web/tests`) drive headless Chromium: from sign-up to a live footprint between two
/// browsers, the network away and back, by keyboard alone, in both languages, light and dark.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_client_works_in_two_browsers() {
    let mut install = Command::new(format!("{HERE}/scripts/example"));
    install.arg("install");
    run(install);
    run(npm("check"));
    let database = Fresh::new().await;
    let mut parts = Parts::new(database.place(), Rules::default());
    // A second factor takes one.
    parts.keys = keys();
    let app = App::open(parts).await.unwrap();
    let mut transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    unlimited(&mut transport.limits);
    let server = Server::start(app, transport).await.unwrap();
    let address = format!("http://{}", server.local_addr());
    let tests = tokio::task::spawn_blocking(move || {
        let mut tests = npm("test");
        tests.env("ASHIATO_URL", address);
        run(tests);
    });
    tests.await.unwrap();
    server.shutdown().await;
}
