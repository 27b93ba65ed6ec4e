//! Photos in a bucket: of a server that speaks S3, with signatures, on this machine; and in a folder.

use std::{path::Path, process::Command, time::Duration};

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{BOUNDARY, form, jpeg, operation};
use crate::support::{backend::Fresh, process::Process};

const NAME: &str = "AKIA-OF-TESTS";
const SECRET: &str = "a secret of tests";
/// A key of the service's own.
const KEY: &str = "ASHIATO_SECRET_KEYS=QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";

/// Speaks S3, with what is under `root`: a folder a bucket. Gives where.
async fn speak_s3(root: &Path) -> String {
    let mut service = S3ServiceBuilder::new(FileSystem::new(root).unwrap());
    service.set_auth(SimpleAuth::from_single(NAME, SECRET));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            let service = service.clone();
            tokio::spawn(async move {
                let connection = TokioIo::new(connection);
                let server = Builder::new(TokioExecutor::new());
                let _ = server.serve_connection(connection, service).await;
            });
        }
    });
    format!("http://{address}")
}

/// All files under `folder` that hold something, but for what the stand-in keeps beside them.
fn files(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            all.extend(files(&path));
        } else if ["small", "medium", "large"].contains(&&*name) {
            all.push(name);
        }
    }
    all.sort_unstable();
    all
}

async fn upload(server: &Process, token: &str, file: &[u8]) -> Value {
    let operation = operation(None).to_string();
    let body = form(&[
        ("operations", "", operation.as_bytes()),
        ("map", "", b"{\"0\": [\"variables.input.file\"]}"),
        ("0", "", file),
    ]);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let sent = reqwest::Client::new()
        .post(&server.address)
        .header("content-type", kind)
        .header("graphql-require-preflight", "1")
        .bearer_auth(token)
        .body(body)
        .send();
    sent.await.unwrap().json().await.unwrap()
}

/// Uploads, fetches and removes a photo, whose files lie under `folder`.
async fn uploads_fetches_and_removes(server: &Process, folder: &Path) {
    let token = server.sign_up("hanako").await;
    let answer = upload(server, &token, &jpeg(2000, 1000)).await;
    let photo = &answer["data"]["uploadPhoto"]["photo"];
    assert!(photo["id"].is_string(), "{answer}");
    assert_eq!(files(folder), ["large", "medium", "small"]);
    let at = server.address.trim_end_matches("/graphql");
    let url = format!("{at}{}", photo["large"].as_str().unwrap());
    let fetched = reqwest::get(&url).await.unwrap();
    assert_eq!(fetched.headers()["content-type"], "image/jpeg");
    let image = image::load_from_memory(&fetched.bytes().await.unwrap()).unwrap();
    assert_eq!((image.width(), image.height()), (1600, 800));
    let delete = "mutation($id: ID!) { deletePhoto(input: { photoId: $id }) { deletedPhotoId } }";
    let variables = json!({ "id": photo["id"] });
    let gone = server.ask(Some(&token), delete, variables).await.unwrap();
    assert_eq!(
        gone["data"]["deletePhoto"]["deletedPhotoId"], photo["id"],
        "{gone}"
    );
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 404);
    // The files go a moment later.
    for _ in 0..100 {
        if files(folder).is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("files are left: {:?}", files(folder));
}

fn env(settings: &[&str]) -> Command {
    let mut command = Command::new("env");
    command.args(settings).arg(KEY);
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_are_kept_in_a_bucket() {
    let bucket = tempfile::tempdir().unwrap();
    std::fs::create_dir(bucket.path().join("pictures")).unwrap();
    let endpoint = speak_s3(bucket.path()).await;
    let database = Fresh::new().await;
    let photos = format!("ASHIATO_PHOTOS=s3://pictures/of/ours?endpoint={endpoint}");
    let name = format!("AWS_ACCESS_KEY_ID={NAME}");
    let secret = format!("AWS_SECRET_ACCESS_KEY={SECRET}");
    let server = Process::serve_under(&mut env(&[&photos, &name, &secret]), &database.url);
    uploads_fetches_and_removes(&server, &bucket.path().join("pictures/of/ours")).await;
    drop(server);
    // With another secret nothing is kept, nor is space taken for it.
    let wrong = "AWS_SECRET_ACCESS_KEY=another";
    let server = Process::serve_under(&mut env(&[&photos, &name, wrong]), &database.url);
    let token = server.sign_up("taro").await;
    let answer = upload(&server, &token, &jpeg(20, 10)).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "UNAVAILABLE",
        "{answer}"
    );
    assert!(!answer.to_string().contains("pictures"), "{answer}");
    let space = "{ viewer { photoSpace { used } } }";
    let space = server.ask(Some(&token), space, json!({})).await.unwrap();
    assert_eq!(space["data"]["viewer"]["photoSpace"]["used"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_are_kept_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let database = Fresh::new().await;
    let place = folder.path().join("new/photos");
    let photos = format!("ASHIATO_PHOTOS={}", place.display());
    let server = Process::serve_under(&mut env(&[&photos]), &database.url);
    uploads_fetches_and_removes(&server, &place).await;
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(&place).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "others cannot read them");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_photos_lie_beside_the_database() {
    let database = Fresh::new().await;
    let server = Process::serve(&database.url);
    let file = database.place().file().unwrap().to_owned();
    let folder = format!("{}-photos", file.display());
    uploads_fetches_and_removes(&server, Path::new(&folder)).await;
}
