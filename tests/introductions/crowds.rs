//! What happens at once, through two servers: there is one introduction an author and friend, none outlives
//! the friendship, and the counts are exact.

use ashiato::ids::{GlobalId, Kind};
use futures_util::future::join_all;
use serde_json::json;

use super::{agrees, rows};
use crate::support::{
    crowd,
    pair::{Member, Pair, sign_in},
    world::World,
};

fn introduction_of(subject: &Member, author: &Member) -> String {
    GlobalId::encode(Kind::Introduction, &[subject.id, author.id]).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_first_ones_at_once_one_is_written() {
    let world = World::new().await;
    let app = &world.app;
    let pair = Pair::new(&world).await;
    let ids = crowd::people(app, "friend", 2).await;
    crowd::befriend(app, [[ids[0], ids[1]]]).await;
    let [author, subject] = <[Member; 2]>::try_from(sign_in(app, &ids).await).unwrap();
    let writes = (0..12).map(async |turn: usize| {
        let input = json!({ "userId": subject.user(), "body": format!("{turn}") });
        pair.mutate(turn % 2, &author, "writeIntroduction", input)
            .await
    });
    for written in join_all(writes).await {
        written.unwrap();
    }
    assert_eq!(rows(&world, "introductions").await, 1);
    let changed = "introductions WHERE edited_at IS NOT NULL";
    assert_eq!(rows(&world, changed).await, 1, "the others changed it");
    agrees(&world).await;
    pair.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_at_once_none_outlives_the_friendship_and_counts_are_exact() {
    const ROUNDS: usize = 8;
    const FRIENDS: usize = 4;
    let world = World::new().await;
    let app = &world.app;
    let pair = Pair::new(&world).await;
    let people = crowd::people(app, "person", FRIENDS).await;
    let members = sign_in(app, &people).await;
    // Each with each.
    let all: Vec<_> = (0..FRIENDS)
        .flat_map(|one| (one + 1..FRIENDS).map(move |other| [one, other]))
        .collect();
    let (mut written, mut removed, mut ended) = (0, 0, 0);
    for round in 0..ROUNDS {
        let mut missing = Vec::new();
        for [one, other] in &all {
            let input = json!({ "userId": members[*other].user() });
            // Those who are friends still begin anew, too.
            let allowed = ["NOT_FRIENDS"];
            pair.settles(round % 2, &members[*one], "endFriendship", input, &allowed)
                .await;
            missing.push([people[*one], people[*other]]);
        }
        crowd::befriend(app, missing).await;
        let acts = (0..36).map(async |turn: usize| {
            let [one, other] = all[(turn + round) % all.len()];
            let (me, friend) = match turn / all.len() % 2 {
                0 => (&members[one], &members[other]),
                _ => (&members[other], &members[one]),
            };
            let user = json!({ "userId": friend.user() });
            let (name, input, allowed) = match turn % 9 {
                0..=4 => (
                    "writeIntroduction",
                    json!({ "userId": friend.user(), "body": format!("{round} {turn}") }),
                    vec!["NOT_FRIENDS", "NOT_FOUND"],
                ),
                5 => (
                    "deleteIntroduction",
                    json!({ "introductionId": introduction_of(friend, me) }),
                    vec!["NOT_FOUND"],
                ),
                6 => (
                    "deleteIntroduction",
                    json!({ "introductionId": introduction_of(me, friend) }),
                    vec!["NOT_FOUND"],
                ),
                7 => ("endFriendship", user, vec!["NOT_FRIENDS", "NOT_FOUND"]),
                _ => ("blockUser", user.clone(), vec!["NOT_FOUND"]),
            };
            let done = pair.settles(turn % 2, me, name, input, &allowed).await;
            if name == "blockUser" && done {
                let user = json!({ "userId": friend.user() });
                let allowed = ["NOT_BLOCKED"];
                pair.settles(turn % 2, me, "unblockUser", user, &allowed)
                    .await;
            }
            (name, done)
        });
        for (name, was_done) in join_all(acts).await {
            match name {
                "writeIntroduction" => written += usize::from(was_done),
                "deleteIntroduction" => removed += usize::from(was_done),
                _ => ended += usize::from(was_done),
            }
        }
        agrees(&world).await;
    }
    assert!(
        written > 20 && removed > 3 && ended > 5,
        "no empty exercise: {written} written, {removed} removed, {ended} ended"
    );
    // Who has no friend left has nothing written of them, nor has written anything.
    for [one, other] in &all {
        let user = json!({ "userId": members[*other].user() });
        let allowed = ["NOT_FRIENDS", "NOT_FOUND"];
        pair.settles(0, &members[*one], "endFriendship", user, &allowed)
            .await;
    }
    agrees(&world).await;
    for table in ["introductions", "written_introductions"] {
        assert_eq!(rows(&world, table).await, 0, "{table}");
    }
    pair.shutdown().await;
}
