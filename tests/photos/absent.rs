//! What is hidden answers as what never was: the same bytes, after the same statements.

use ashiato::ids::{GlobalId, Kind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::id_of;
use crate::{
    block::absent::{asked, mutation},
    support::world::{Person, World},
};

/// Everything that can be asked about the photo with `id`.
fn questions(id: &str) -> Vec<(String, Value)> {
    let node = "query($id: ID!) { node(id: $id) { id __typename ... on Photo { url width } } }";
    let nodes = "query($id: ID!) { nodes(ids: [$id, $id]) { id } }";
    let mut all = [node, nodes]
        .map(|document| (document.to_owned(), json!({ "id": id })))
        .to_vec();
    let write = json!({ "title": "t", "body": "b", "photoIds": [id] });
    for (name, input) in [
        ("deletePhoto", json!({ "photoId": id })),
        ("writeDiary", write),
    ] {
        all.push((mutation(name), json!({ "input": input })));
    }
    all
}

/// How many of them differ.
async fn differ(me: &Person<'_>, there: &[(String, Value)], absent: &[(String, Value)]) -> usize {
    let mut differ = 0;
    for (there, absent) in there.iter().zip(absent) {
        let there = asked(me, there.clone()).await;
        differ += usize::from(there != asked(me, absent.clone()).await);
    }
    differ
}

fn never(owner: Option<Uuid>) -> Vec<(String, Value)> {
    let owner = owner.unwrap_or(Uuid::from_u128(0xfeed));
    questions(&id_of([owner, Uuid::from_u128(0xbeef)]))
}

async fn shown(person: &Person<'_>) -> String {
    let found = person.run("{ viewer { user { photo { id } } } }", json!({}));
    let found = found.await["viewer"]["user"]["photo"]["id"].clone();
    found.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn of_a_diary_that_is_for_others_or_of_none() {
    let world = World::uncached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let (in_diary, unused) = (other.photo().await, other.photo().await);
    let diary = other.write_with("t", "FRIENDS", &[&in_diary]).await;
    let removed = other.photo().await;
    other
        .mutate("deletePhoto", json!({ "photoId": removed }), "")
        .await;
    for id in [&in_diary, &unused, &removed] {
        let never = never(Some(other.user_id()));
        assert_eq!(differ(&me, &questions(id), &never).await, 0);
    }
    let input = json!({ "diaryId": diary, "audience": "MEMBERS" });
    other.mutate("editDiary", input, "").await;
    // It is found, and still nothing is done with it.
    let never = never(Some(other.user_id()));
    assert_eq!(differ(&me, &questions(&in_diary), &never).await, 2);
}

#[tokio::test]
async fn behind_a_block_or_of_who_is_suspended() {
    let world = World::uncached().await;
    let moderator = world.moderator("moderator").await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    other.show().await;
    let photo = other.photo().await;
    other.write_with("t", "PUBLIC", &[&photo]).await;
    let there = [questions(&shown(&other).await), questions(&photo)];
    for there in &there {
        assert_eq!(differ(&me, there, &never(None)).await, 2, "it is there");
    }
    for (blocker, blocked) in [(&me, &other), (&other, &me)] {
        let input = json!({ "userId": blocked.id() });
        blocker.mutate("blockUser", input.clone(), "").await;
        for there in &there {
            assert_eq!(differ(&me, there, &never(None)).await, 0);
        }
        blocker.mutate("unblockUser", input, "").await;
    }
    let input = json!({ "userId": other.id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    for there in &there {
        assert_eq!(differ(&me, there, &never(None)).await, 0);
    }
    // Who looks after them sees them, by a link of their own.
    let id = GlobalId::expect::<2>(&photo, Kind::Photo).unwrap();
    let link = "query($id: ID!) { node(id: $id) { ... on Photo { url } } }";
    let found = moderator.run(link, json!({ "id": photo })).await;
    let link = found["node"]["url"].as_str().unwrap();
    let token = link.strip_prefix("/photos/").unwrap();
    let read = ashiato::photo::link::read(&world.app, token).unwrap();
    assert_eq!(read.unwrap().key, id);
}

/// Whom nobody is out of reach of has photos as they have a bio.
#[tokio::test]
async fn of_who_is_out_of_reach_what_the_web_sees() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let minor = world.person_born("minor", "1990-04-01").await;
    minor.show().await;
    let (members, public) = (minor.photo().await, minor.photo().await);
    minor.write_with("t", "MEMBERS", &[&members]).await;
    minor.write_with("t", "PUBLIC", &[&public]).await;
    for (who, sees) in [
        (&me, false),
        (&world.person_born("other", "1990-04-02").await, true),
    ] {
        assert!(who.finds(&shown(&minor).await).await);
        assert!(who.finds(&public).await);
        assert_eq!(who.finds(&members).await, sees);
    }
}
