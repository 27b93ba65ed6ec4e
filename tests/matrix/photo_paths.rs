//! The paths to the target's photos: on the profile, and in a diary for each audience.

use serde_json::json;

use super::{
    cast::Who,
    paths::{Path, marks, this},
};
use crate::support::world::Person;

/// What is found where a photo is.
pub const MARK: &str = "Photo";

/// Puts a photo of one pixel into each of the diaries, and one on the profile. Gives their ids, in this order.
pub async fn write(target: &Person<'_>, diaries: &[String]) -> Vec<String> {
    let mut photos = Vec::new();
    for diary in diaries {
        let photo = target.pixel().await;
        let input = json!({ "diaryId": diary, "photoIds": [photo] });
        target.mutate("editDiary", input, "").await;
        photos.push(photo);
    }
    target.show_pixel().await;
    let shown = target.run("{ viewer { user { photo { id } } } }", json!({}));
    let shown = shown.await["viewer"]["user"]["photo"]["id"].clone();
    photos.push(shown.as_str().unwrap().to_owned());
    photos
}

fn in_diary(who: Who, place: usize) -> Vec<String> {
    marks(who.sees(place), &[MARK])
}

pub const PATHS: &[Path] = &[
    Path {
        covers: &["User.photo"],
        document: "query($name: String!) { user(username: $name) { photo { __typename count: width } } }",
        shows: |who, _| marks(!who.is_hidden(), &[MARK]),
        counts: Some(|who, _| (!who.is_hidden()).into()),
    },
    Path {
        covers: &[],
        document: "query($picture: ID!) { node(id: $picture) { __typename ... on Photo { count: width } } }",
        shows: |who, _| marks(!who.is_hidden(), &[MARK]),
        counts: Some(|who, _| (!who.is_hidden()).into()),
    },
    Path {
        covers: &["Diary.photos"],
        document: "query($diary: ID!) { node(id: $diary) { ... on Diary {
            title photos { __typename count: width } } } }",
        shows: |who, place| [this(who, place, "diary"), in_diary(who, place)].concat(),
        counts: Some(|who, place| who.sees(place).into()),
    },
    Path {
        covers: &[],
        document: "query($photo: ID!) { node(id: $photo) { __typename ... on Photo { count: width } } }",
        shows: in_diary,
        counts: Some(|who, place| who.sees(place).into()),
    },
];
