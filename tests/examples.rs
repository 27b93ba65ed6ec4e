//! The examples of GraphiQL run as they stand on the demo community.

use std::{fs, path::Path};

use ashiato::{
    account::{service::sign_in, session},
    app::{App, Parts},
    config::Rules,
    demo,
    graphql::schema,
    loaders::Loaders,
};
use async_graphql::{Request, Variables};
use futures_util::StreamExt;
use serde_json::Value;

use crate::support::backend::Fresh;

#[tokio::test]
async fn the_examples_run_as_they_stand() {
    let database = Fresh::new().await;
    let app = App::open(Parts::new(database.place(), Rules::default()))
        .await
        .unwrap();
    demo::load_if_empty(&app).await.unwrap();
    let password = demo::PASSWORD.to_owned();
    let signed_in = sign_in(&app, demo::USERNAME, password, None).await.unwrap();
    let caller = session::caller(&app, Some(&signed_in.token)).await.unwrap();
    let schema = schema::build();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("explorer/src/examples");
    let mut documents: Vec<_> = fs::read_dir(&examples)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "graphql")
        })
        .collect();
    documents.sort();
    assert_eq!(documents.len(), 16);
    for path in documents {
        let document = fs::read_to_string(&path).unwrap();
        assert!(document.starts_with("# "), "{path:?} begins with a comment");
        let variables = fs::read_to_string(path.with_extension("variables.json"))
            .map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
        let request = Request::new(&document)
            .variables(Variables::from_json(variables))
            .data(Loaders::new(app.clone(), caller));
        if document.contains("\nsubscription ") {
            let mut events = Box::pin(schema.execute_stream(request));
            // It waits for somebody to come: there is no error, and nothing yet.
            let first = futures_util::poll!(events.next());
            assert!(first.is_pending(), "{path:?}: {first:?}");
            continue;
        }
        let answer = schema.execute(request).await;
        assert_eq!(answer.errors, [], "{path:?}");
        let data = answer.data.into_json().unwrap();
        assert!(!empty(&data), "{path:?}: {data:#}");
        let refused = data.to_string().contains("\"code\":");
        assert!(!refused, "{path:?}: {data:#}");
    }
}

/// Whether there is nothing to see.
fn empty(data: &Value) -> bool {
    match data {
        Value::Object(fields) => fields
            .values()
            .any(|value| value.is_null() || value["nodes"].as_array().is_some_and(Vec::is_empty)),
        _ => true,
    }
}
