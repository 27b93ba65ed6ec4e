//! The example client (`examples/web`), in a real browser, against the real server.

use std::{process::Command, sync::Arc};

use ashiato::{
    app::{App, Parts},
    config::{Rules, Transport, TrustMode},
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

/// A service with an empty database, but for what is `set`.
async fn serve(app: &Arc<App>, set: impl FnOnce(&mut Transport)) -> (Server, String) {
    let mut transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    unlimited(&mut transport.limits);
    set(&mut transport);
    let server = Server::start(app.clone(), transport).await.unwrap();
    let address = format!("http://{}", server.local_addr());
    (server, address)
}

/// Runs the site's own tests: those that `only` names, or all.
async fn test(only: &'static [&'static str], environment: Vec<(&'static str, String)>) {
    let tests = tokio::task::spawn_blocking(move || {
        let mut tests = npm("test");
        tests.arg("--").args(only);
        tests.envs(environment);
        run(tests);
    });
    tests.await.unwrap();
}

/// Its documents fit `schema.graphql`, its types fit its documents; then its own tests
/// (`examples/web/tests`) drive headless Chromium: from sign-up to a live footprint between two
/// browsers, the network away and back, by keyboard alone, in both languages, light and dark.
///
/// Then some of them once more, of the site that names its documents, in front of a service that takes no others.
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
    let (server, address) = serve(&app, |_| {}).await;
    test(&[], vec![("ASHIATO_URL", address.clone())]).await;
    let (only_its_own, site) = serve(&app, |transport| {
        let manifest = format!("{HERE}/examples/web/src/gql/persisted-documents.json");
        transport.documents.trusted_documents = vec![manifest.into()];
        transport.documents.trusted_documents_mode = TrustMode::Only;
    })
    .await;
    let environment = vec![
        ("VITE_TRUSTED_DOCUMENTS", "true".to_owned()),
        ("ASHIATO_URL", site),
        // The tests themselves ask what the site does not.
        ("ASHIATO_TESTS_URL", address),
    ];
    test(&["footprints", "diaries"], environment).await;
    only_its_own.shutdown().await;
    server.shutdown().await;
}
