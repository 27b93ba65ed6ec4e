//! rules.md, Users 1, Diaries 1 and 6: photos on profiles and in diaries, and the space that they take.

mod absent;
mod attacks;
mod bucket;
mod crowds;
mod diaries;
mod drawing;
mod forms;
mod leaving;
mod links;
mod profiles;
mod space;
mod sweeping;
mod uploads;

use std::io::Cursor;

use ashiato::{
    app::App,
    bulk::recount::recount,
    ids::{GlobalId, Kind},
    photo::{
        service::{Purpose, upload},
        store::PhotoKey,
    },
    rejection::Rejection,
};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    server::{Running, read},
    sql,
    world::{Person, World},
};

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A picture of so many pixels, through which nothing shows.
fn drawn(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([(x % 251) as u8, (y % 241) as u8, ((x + y) % 239) as u8])
    })
    .into()
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(&drawn(width, height), ImageFormat::Jpeg)
}

fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&drawn(width, height), ImageFormat::Png)
}

/// A small picture that compresses badly, through which what is behind it shows: another for each number.
fn noise(number: u32) -> Vec<u8> {
    let mut state = number.wrapping_mul(2_654_435_761).max(1);
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as u8
    };
    let image = RgbaImage::from_fn(100, 100, |_, _| Rgba([byte(), byte(), byte(), byte()]));
    encoded(&image.into(), ImageFormat::Png)
}

/// Uploads a file as `who`, to `app`.
async fn put(app: &std::sync::Arc<App>, who: Uuid, file: Vec<u8>) -> Result<PhotoKey, Rejection> {
    upload(app, who, file.into(), Purpose::Later, None).await
}

fn id_of(key: PhotoKey) -> String {
    GlobalId::encode(Kind::Photo, &key).to_string()
}

impl Person<'_> {
    fn user_id(&self) -> Uuid {
        self.viewer.id().unwrap()
    }

    /// Uploads a photo. Gives its id.
    pub async fn photo(&self) -> String {
        let put = put(&self.world.app, self.user_id(), jpeg(64, 48)).await;
        id_of(put.unwrap())
    }

    /// Uploads a photo of one pixel. Gives its id.
    pub async fn pixel(&self) -> String {
        let put = put(&self.world.app, self.user_id(), jpeg(1, 1)).await;
        id_of(put.unwrap())
    }

    /// Puts one on the profile.
    pub async fn show_pixel(&self) {
        let file = jpeg(1, 1).into();
        let shown = upload(
            &self.world.app,
            self.user_id(),
            file,
            Purpose::Profile,
            None,
        );
        shown.await.unwrap();
    }

    /// Puts a picture on the profile.
    pub async fn show(&self) {
        let file = jpeg(40, 40).into();
        let shown = upload(
            &self.world.app,
            self.user_id(),
            file,
            Purpose::Profile,
            None,
        );
        shown.await.unwrap();
    }

    /// Writes a diary with photos. Gives its id.
    pub async fn write_with(&self, title: &str, audience: &str, photos: &[&str]) -> String {
        let input =
            json!({ "title": title, "body": "…", "audience": audience, "photoIds": photos });
        let payload = self.mutate("writeDiary", input, "diary { id }").await;
        payload["diary"]["id"].as_str().unwrap().to_owned()
    }

    /// The photos in a diary, as this person finds them.
    async fn photos_in(&self, diary: &str) -> Value {
        let document = "query($id: ID!) { node(id: $id) { ... on Diary { photos { id } } } }";
        let found = self.run(document, json!({ "id": diary })).await;
        found["node"]["photos"].clone()
    }

    /// The photo with `id`, as this person finds it.
    async fn finds(&self, id: &str) -> bool {
        let document = "query($id: ID!) { node(id: $id) { id } }";
        let found = self.run(document, json!({ "id": id })).await;
        found["node"] != Value::Null
    }

    /// What one's photos take, as it is told.
    async fn used(&self) -> i64 {
        let found = self.run("{ viewer { photoSpace { used } } }", json!({}));
        found.await["viewer"]["photoSpace"]["used"]
            .as_i64()
            .unwrap()
    }
}

/// The first column of the first row.
async fn one<T: sea_orm::TryGetable>(world: &World, text: &str) -> T {
    let db = world.app.database.reader();
    let row = db.query_one_raw(sql::own(db, text)).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

/// A form: each part's name, its headers beside that, and what it holds.
fn form(parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, headers, content) in parts {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{headers}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

const BOUNDARY: &str = "between-the-parts";
const UPLOAD: &str = "mutation($input: UploadPhotoInput!) { uploadPhoto(input: $input) {
    photo { id width height small: url(size: SMALL) medium: url large: url(size: LARGE) }
    userErrors { code field } } }";

/// The operation that uploads a file under an idempotency key, or none.
fn operation(key: Option<&str>) -> Value {
    let input = json!({ "file": null, "idempotencyKey": key });
    json!({ "query": UPLOAD, "variables": { "input": input } })
}

/// Posts a form that has these parts.
async fn post(server: &Running, token: &str, body: Vec<u8>) -> (u16, Value) {
    let sent = server
        .client
        .post(server.url("/graphql"))
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .header("graphql-require-preflight", "1")
        .bearer_auth(token)
        .body(body)
        .send();
    read(sent.await.unwrap()).await
}

/// Posts an operation with files, each in one place.
async fn send(
    server: &Running,
    token: &str,
    operation: &Value,
    files: &[(&str, &[u8])],
) -> (u16, Value) {
    let names: Vec<_> = (0..files.len()).map(|place| place.to_string()).collect();
    let map: serde_json::Map<_, _> = names
        .iter()
        .zip(files)
        .map(|(name, (path, _))| (name.clone(), json!([path])))
        .collect();
    let (operation, map) = (operation.to_string(), Value::Object(map).to_string());
    let headers = "; filename=\"a.jpg\"\r\nContent-Type: image/jpeg";
    let mut parts = vec![
        ("operations", "", operation.as_bytes()),
        ("map", "", map.as_bytes()),
    ];
    for (name, (_, file)) in names.iter().zip(files) {
        parts.push((name, headers, file));
    }
    post(server, token, form(&parts)).await
}

/// Uploads a file over the wire: the payload.
async fn send_photo(server: &Running, token: &str, file: &[u8]) -> Value {
    let (status, answer) = send(
        server,
        token,
        &operation(None),
        &[("variables.input.file", file)],
    )
    .await;
    assert_eq!(status, 200, "{answer}");
    answer["data"]["uploadPhoto"].clone()
}

/// What a link leads to.
async fn fetch(server: &Running, link: &Value) -> reqwest::Response {
    let url = server.url(link.as_str().unwrap());
    server.client.get(url).send().await.unwrap()
}
