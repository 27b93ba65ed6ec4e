//! What feeds read: nothing that has gone, and one read for all who stand at the same place.

use ashiato::{
    footprint::{service::visit, visit::Visited},
    paging::cursor,
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::support::{
    soon,
    world::{Person, World, next},
};

const COMMENTS: &str =
    "subscription($after: String) { diaryCommented(after: $after) { node { body } } }";
const REQUESTS: &str = "subscription($after: String) {
    friendRequestReceived(after: $after) { node { sender { username } } } }";
const FOOTPRINTS: &str = "subscription($after: String) {
    footprintLeft(after: $after) { node { number visitor { username } } } }";

async fn comment(person: &Person<'_>, diary: &str, body: &str) -> String {
    let input = json!({ "diaryId": diary, "body": body });
    let payload = person
        .mutate("commentOnDiary", input, "comment { id }")
        .await;
    payload["comment"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_comment_that_is_removed_before_its_turn_does_not_arrive() {
    let world = World::new().await;
    let (author, other) = (world.person("author").await, world.person("other").await);
    let kept = author.write("kept", "MEMBERS").await;
    let removed = author.write("removed", "MEMBERS").await;
    comment(&other, &kept, "first").await;
    let second = comment(&other, &kept, "second").await;
    comment(&other, &removed, "with its diary").await;
    comment(&other, &kept, "last").await;
    let all = json!({ "after": cursor(b'C', &0_i64) });
    let mut live = Box::pin(author.subscribe(COMMENTS, all));
    let mut body = async || next(&mut live).await["data"]["diaryCommented"]["node"]["body"].clone();
    // By now the others have been read, too.
    assert_eq!(body().await, "first");
    let input = json!({ "commentId": second });
    other.mutate("deleteDiaryComment", input, "").await;
    let input = json!({ "diaryId": removed });
    author.mutate("deleteDiary", input, "").await;
    assert_eq!(body().await, "last");
}

#[tokio::test]
async fn a_request_that_has_gone_before_its_turn_does_not_arrive() {
    let world = World::new().await;
    let hanako = world.person("hanako").await;
    let people = world.people("person", 5).await;
    let mut requests = Vec::new();
    for person in &people {
        let input = json!({ "userId": hanako.id(), "message": "" });
        let payload = person
            .mutate("requestFriendship", input, "friendRequest { id }")
            .await;
        requests.push(json!({ "requestId": payload["friendRequest"]["id"] }));
    }
    let all = json!({ "after": cursor(b'Q', &0_i64) });
    let mut live = Box::pin(hanako.subscribe(REQUESTS, all));
    let mut name = async || {
        let node = next(&mut live).await["data"]["friendRequestReceived"]["node"].clone();
        node["sender"]["username"].clone()
    };
    assert_eq!(name().await, "person0");
    for (person, what, request) in [
        (&people[1], "cancelFriendRequest", &requests[1]),
        (&hanako, "declineFriendRequest", &requests[2]),
        (&hanako, "acceptFriendRequest", &requests[3]),
    ] {
        person.mutate(what, request.clone(), "").await;
    }
    assert_eq!(name().await, "person4");
}

async fn visits(visitor: &Person<'_>, owner: &Person<'_>) {
    let me = visitor.viewer.id().unwrap();
    let visited = Visited::Profile(owner.viewer.id().unwrap());
    visit(&visitor.world.app, me, visited, None, None)
        .await
        .unwrap();
}

/// Reads of the feed's table among the statements.
fn reads(world: &World) -> usize {
    let texts = world.statement_texts();
    // `p.k0`, or `o.id` on Citus.
    let read = |text: &&String| text.contains("FROM footprints WHERE owner_id = ");
    texts.iter().filter(read).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_followers_at_one_place_cost_one_read_an_event() {
    const FOLLOWERS: usize = 100;
    const EVENTS: usize = 5;
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", EVENTS + 1).await;
    visits(&visitors[0], &owner).await;
    let (sender, mut events) = mpsc::unbounded_channel::<(usize, Value)>();
    let mut followers = tokio::task::JoinSet::new();
    for follower in 0..FOLLOWERS {
        let all = json!({ "after": cursor(b'n', &0_i64) });
        let mut feed = Box::pin(owner.subscribe(FOOTPRINTS, all));
        let sender = sender.clone();
        followers.spawn(async move {
            while let Some(event) = feed.next().await {
                let node = event["data"]["footprintLeft"]["node"].clone();
                let _ = sender.send((follower, node));
            }
        });
    }
    for (number, visitor) in visitors.iter().enumerate() {
        if number > 0 {
            // Everybody has the one before, and so has read all that there was.
            world.forget_statements();
            visits(visitor, &owner).await;
        }
        let mut got = [0; FOLLOWERS];
        for _ in 0..FOLLOWERS {
            let (follower, node) = soon(events.recv()).await.unwrap();
            assert_eq!(node["number"], number + 1);
            assert_eq!(node["visitor"]["username"], visitor.username);
            got[follower] += 1;
        }
        assert_eq!(got, [1; FOLLOWERS], "each once");
        if number > 0 {
            assert_eq!(reads(&world), 1, "event {number}");
        }
    }
    followers.shutdown().await;
}

/// At three speeds while more arrive, so that each goes from replay to live at another moment.
#[tokio::test]
async fn followers_at_different_places_each_see_every_row_once_in_order() {
    const VISITORS: usize = 60;
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", VISITORS).await;
    let follow = |from: i64| {
        let after = json!({ "after": cursor(b'n', &from) });
        (Box::pin(owner.subscribe(FOOTPRINTS, after)), from)
    };
    let mut followers = [(follow(0), 1), (follow(0), 2), (follow(7), 3)];
    for (count, visitor) in (1_i64..).zip(&visitors) {
        visits(visitor, &owner).await;
        for ((feed, last), speed) in &mut followers {
            for _ in 0..*speed {
                // The slowest falls behind where nobody waits for it.
                if *last < count && (*speed > 1 || count % 3 == 0 || *last < 9) {
                    assert_eq!(number(&next(feed).await), *last + 1);
                    *last += 1;
                }
            }
        }
    }
    for ((feed, last), _) in &mut followers {
        while *last < i64::try_from(VISITORS).unwrap() {
            assert_eq!(number(&next(feed).await), *last + 1);
            *last += 1;
        }
    }
}

fn number(event: &Value) -> i64 {
    event["data"]["footprintLeft"]["node"]["number"]
        .as_i64()
        .unwrap()
}
