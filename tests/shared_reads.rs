//! Requests that ask the same of one PostgreSQL at the same time share its statements, and nothing
//! else.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::world::{Person, World};

const PEOPLE: usize = 12;
const PAGE: &str = "{
    viewer {
        user { ...profile }
        homeFeed(first: 5) { nodes { title author { username } } }
        blockedUsers { nodes { username } }
    }
    user(username: \"person5\") { ...profile }
}
fragment profile on User {
    username viewerRelation friendCount
    friends(first: 3) { nodes { username diaries { totalCount nodes { title audience } } } }
    diaries { totalCount nodes { title comments { nodes { body author { username } } } } }
}";

/// A ring of friends, who each have written for friends and for themselves, and of whom one blocks
/// another.
async fn ring(world: &World) -> Vec<Person<'_>> {
    let people = world.people("person", PEOPLE).await;
    for (place, person) in people.iter().enumerate() {
        person.befriend(&people[(place + 1) % PEOPLE]).await;
        person.write(&format!("mine {place}"), "ONLY_ME").await;
        let diary = person.write(&format!("ours {place}"), "FRIENDS").await;
        let input = json!({ "diaryId": diary, "body": format!("by {place}") });
        person.mutate("commentOnDiary", input, "").await;
    }
    let whom = json!({ "userId": people[5].id() });
    people[0].mutate("blockUser", whom, "").await;
    people
}

#[tokio::test]
async fn on_postgres_everybody_gets_their_own_by_fewer_statements() {
    let world = World::uncached().await;
    let people = ring(&world).await;
    world.forget_statements();
    let mut alone = Vec::new();
    for person in &people {
        alone.push(person.run(PAGE, json!({})).await);
    }
    let one_by_one = world.statements();
    world.forget_statements();
    let together = join_all(people.iter().map(|person| person.run(PAGE, json!({})))).await;
    let shared = world.statements();
    assert_eq!(together, alone);
    assert!(shared * 2 < one_by_one, "{shared} of {one_by_one}");
    // What differs between viewers is there at all.
    assert_eq!(alone[0]["user"], json!(null));
    let titles = |viewer: usize| {
        let diaries = alone[viewer]["user"]["diaries"]["nodes"]
            .as_array()
            .unwrap();
        diaries.len()
    };
    assert_eq!([titles(5), titles(4), titles(1)], [2, 1, 0]);
}

#[tokio::test]
async fn on_postgres_everybody_sees_what_they_have_just_written() {
    let world = World::uncached().await;
    let people = ring(&world).await;
    let write_and_look = async |place: usize| {
        for turn in 0..5 {
            let title = format!("new {place} {turn}");
            people[place].write(&title, "ONLY_ME").await;
            let page = people[place].run(PAGE, json!({})).await;
            assert_eq!(
                page["viewer"]["user"]["diaries"]["nodes"][0]["title"],
                title
            );
        }
    };
    join_all((0..PEOPLE).map(write_and_look)).await;
}
