//! What happens at once, through two servers: each is told once, in the order of the numbers, and what is
//! counted is exact.

use std::collections::BTreeSet;

use ashiato::ids::{GlobalId, Kind};
use entity::{diary_comment, notification};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::{agrees, list};
use crate::support::{
    crowd,
    pair::{Pair, sign_in},
    world::World,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_comments_at_once_each_is_told_once_without_a_gap() {
    const WRITERS: usize = 24;
    let world = World::new().await;
    let me = world.person("me").await;
    let diary = me.write("open", "MEMBERS").await;
    let pair = Pair::new(&world).await;
    let writers = crowd::people(&world.app, "writer", WRITERS).await;
    let members = sign_in(&world.app, &writers).await;
    let writes = members.iter().enumerate().map(async |(turn, writer)| {
        let input = json!({ "diaryId": diary, "body": format!("{turn}") });
        pair.mutate(turn % 2, writer, "commentOnDiary", input).await
    });
    for written in join_all(writes).await {
        written.unwrap();
    }
    let mut rows = notification::Entity::find()
        .filter(notification::Column::UserId.eq(me.viewer.id().unwrap()))
        .limit(1_000)
        .all(world.app.database.reader())
        .await
        .unwrap();
    rows.sort_by_key(|row| row.number);
    let numbers: Vec<_> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=24).collect::<Vec<_>>());
    let told: BTreeSet<_> = rows.iter().map(|row| (row.id, row.actor_id)).collect();
    let comments = diary_comment::Entity::find()
        .filter(diary_comment::Column::DiaryAuthorId.eq(me.viewer.id().unwrap()))
        .limit(1_000)
        .all(world.app.database.reader())
        .await
        .unwrap();
    let comments: BTreeSet<_> = comments.iter().map(|row| (row.id, row.author_id)).collect();
    assert_eq!(told, comments);
    assert_eq!(list(&me).await.len(), WRITERS);
    agrees(&world).await;
    pair.shutdown().await;
}

/// Everything at once between few: no two wait for each other, and nothing that is gone is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_at_once_what_is_told_is_there_and_counted() {
    const PEOPLE: usize = 4;
    const ROUNDS: usize = 6;
    let world = World::new().await;
    let app = &world.app;
    let pair = Pair::new(&world).await;
    let mut diaries = Vec::new();
    let mut ids = Vec::new();
    for person in world.people("person", PEOPLE).await {
        diaries.push(person.write("open", "MEMBERS").await);
        ids.push(person.viewer.id().unwrap());
    }
    let members = sign_in(app, &ids).await;
    let all: Vec<_> = (0..PEOPLE)
        .flat_map(|one| (0..PEOPLE).map(move |other| [one, other]))
        .filter(|[one, other]| one != other)
        .collect();
    let mut done = 0;
    for round in 0..ROUNDS {
        let acts = (0..40).map(async |turn: usize| {
            let [one, other] = all[(turn * 7 + round) % all.len()];
            let (me, them) = (&members[one], &members[other]);
            let user = json!({ "userId": them.user() });
            let request = json!({ "requestId": them.request_to(me) });
            let introduction = GlobalId::encode(Kind::Introduction, &[them.id, me.id]);
            let (name, input, allowed): (_, _, &[&str]) = match turn % 10 {
                0 | 1 => (
                    "requestFriendship",
                    user,
                    &["ALREADY_FRIENDS", "NOT_FOUND", "OTHER_CANNOT_ACCEPT"],
                ),
                2 => ("acceptFriendRequest", request, &["NO_SUCH_REQUEST"]),
                3 => ("declineFriendRequest", request, &["NO_SUCH_REQUEST"]),
                4 => (
                    "cancelFriendRequest",
                    json!({ "requestId": me.request_to(them) }),
                    &["NO_SUCH_REQUEST"],
                ),
                5 => (
                    "commentOnDiary",
                    json!({ "diaryId": diaries[other], "body": "hello" }),
                    &["NOT_FOUND"],
                ),
                6 => (
                    "writeIntroduction",
                    json!({ "userId": them.user(), "body": "a friend" }),
                    &["NOT_FRIENDS", "NOT_FOUND"],
                ),
                7 => (
                    "deleteIntroduction",
                    json!({ "introductionId": introduction.to_string() }),
                    &["NOT_FOUND"],
                ),
                8 if turn % 20 == 8 => ("endFriendship", user, &["NOT_FRIENDS", "NOT_FOUND"]),
                8 => ("markNotificationsRead", json!({}), &[]),
                _ => ("visitProfile", user, &["NOT_FOUND"]),
            };
            usize::from(pair.settles(turn % 2, me, name, input, allowed).await)
        });
        done += join_all(acts).await.into_iter().sum::<usize>();
        agrees(&world).await;
        // One block a round ends what is between two, while others go on.
        let (me, them) = (&members[round % PEOPLE], &members[(round + 1) % PEOPLE]);
        let user = json!({ "userId": them.user() });
        pair.mutate(0, me, "blockUser", user.clone()).await.unwrap();
        agrees(&world).await;
        pair.mutate(1, me, "unblockUser", user).await.unwrap();
        world.clock.advance(chrono::Duration::minutes(6));
    }
    assert!(done > 60, "no empty exercise: {done}");
    pair.shutdown().await;
}
