//! What happens while an account is being deleted: servers that die, others who act, two at once.

use ashiato::{
    account::leaving::{
        deletion::{
            carry::{Progress, carry_out, claim, step},
            service::order,
            steps,
        },
        work::see_to_deletions,
    },
    diary::store::{CommentKey, insert_comment},
    ids::{GlobalId, Kind},
    rejection::Rejection,
};
use chrono::TimeDelta;
use entity::diary_comment;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{agrees, circle, id, look_again, named_in, wish_away};
use crate::support::{
    server::{Running, code, read},
    socket::Socket,
    soon, sql,
    world::World,
};

#[tokio::test]
async fn cut_off_after_each_batch_another_server_goes_on() {
    let world = World::new().await;
    let goes = circle(&world).await.goes;
    let user = id(&goes);
    wish_away(&world, &goes).await;
    let mut servers = 0;
    loop {
        // A new one each time: the one before has died without a word.
        let server = world.beside().await;
        assert!(claim(&server.app, user).await.unwrap());
        let progress = step(&server.app, user).await.unwrap();
        // Nobody else has it before that one has been silent for a minute.
        assert!(progress == Progress::Gone || !claim(&world.app, user).await.unwrap());
        server.app.database.close().await;
        agrees(&world).await;
        servers += 1;
        if progress == Progress::Gone {
            break;
        }
        world.clock.advance(TimeDelta::seconds(60));
    }
    assert!(servers >= 8, "{servers}");
    look_again(&world, user).await;
    assert_eq!(
        named_in(&world, user, &["goes_away"]).await.len(),
        1,
        "the bare name"
    );
}

#[tokio::test]
async fn who_has_lost_it_to_another_removes_nothing() {
    let world = World::new().await;
    let goes = circle(&world).await.goes;
    let user = id(&goes);
    wish_away(&world, &goes).await;
    assert!(claim(&world.app, user).await.unwrap());
    step(&world.app, user).await.unwrap();
    let other = world.beside().await;
    world.clock.advance(TimeDelta::seconds(60));
    assert!(claim(&other.app, user).await.unwrap());
    assert_eq!(step(&world.app, user).await.unwrap(), Progress::NotOurs);
    assert!(matches!(
        step(&other.app, user).await.unwrap(),
        Progress::Removed(_)
    ));
    agrees(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_at_once_delete_it_once() {
    let world = World::new().await;
    let goes = circle(&world).await.goes;
    let user = id(&goes);
    wish_away(&world, &goes).await;
    let other = world.beside().await;
    let (one, two) = futures_util::join!(
        carry_out(&world.app, user, |_| {}),
        carry_out(&other.app, user, |_| {})
    );
    let mut ends = [one.unwrap(), two.unwrap()];
    ends.sort_by_key(|end| *end == Progress::Gone);
    assert_eq!(ends, [Progress::NotOurs, Progress::Gone]);
    agrees(&world).await;
    look_again(&world, user).await;
}

/// What came at the last moment is removed by its own step, which says how many rows that were.
#[tokio::test]
async fn the_end_waits_for_an_invitation_and_leaves_it_to_its_step() {
    let world = World::new().await;
    let goes = world.person("goes").await;
    let user = id(&goes);
    let input = json!({ "places": 1 });
    goes.mutate("createInvitation", input, "code").await;
    let ended = world
        .app
        .database
        .write(move |tx| Box::pin(steps::finish(tx, user)));
    let ended: Result<bool, Rejection> = ended.await;
    assert!(!ended.unwrap());
    let db = world.app.database.reader();
    let left = sql::own(db, "SELECT count(*) FROM invitations");
    let left = db.query_one_raw(left).await.unwrap().unwrap();
    assert_eq!(left.try_get_by_index::<i64>(0).unwrap(), 1);
}

/// Others go on acting, where they can, until there is nobody any more: nothing of it stays behind.
#[tokio::test]
async fn what_others_do_meanwhile_goes_too_and_then_there_is_nobody() {
    let world = World::new().await;
    let circle = circle(&world).await;
    let (goes, user) = (circle.goes.clone(), id(&circle.goes));
    let read = "{ user(username: \"goes_away\") { diaries { nodes { id } } } }";
    let diaries = circle.friend.run(read, json!({})).await;
    let diary = diaries["user"]["diaries"]["nodes"][1]["id"].clone();
    // A server that has not heard of the wish: others find nobody from then on.
    let unaware = world.beside().await;
    wish_away(&world, &goes).await;
    assert!(claim(&world.app, user).await.unwrap());
    let (mut turn, mut done) = (0, 0);
    loop {
        let progress = step(&world.app, user).await.unwrap();
        // At most a while, or it would never end.
        if turn < 12 {
            let newcomer = unaware.person(&format!("newcomer{turn}")).await;
            for (name, input) in [
                ("requestFriendship", json!({ "userId": goes.id() })),
                ("visitProfile", json!({ "userId": goes.id() })),
                (
                    "commentOnDiary",
                    json!({ "diaryId": diary, "body": "still there?" }),
                ),
                ("blockUser", json!({ "userId": goes.id() })),
            ] {
                let answer = newcomer.attempt(name, input, "").await;
                let errors = answer["userErrors"].as_array().unwrap();
                let is_gone = errors.iter().all(|error| error["code"] == "NOT_FOUND");
                assert!(is_gone, "{name}: {answer}");
                done += usize::from(errors.is_empty());
            }
            turn += 1;
        }
        if progress == Progress::Gone {
            break;
        }
    }
    assert!(done > 8, "{done}");
    let late = world.person("late").await;
    let asked = late
        .refusal("requestFriendship", json!({ "userId": goes.id() }))
        .await;
    assert_eq!(asked, "NOT_FOUND");
    agrees(&world).await;
    look_again(&world, user).await;
    assert_eq!(
        named_in(&world, user, &["goes_away"]).await.len(),
        1,
        "the bare name"
    );
}

/// A request of the user's that was under way as the sessions ended, and comes to its end when the user
/// is gone.
#[tokio::test]
async fn what_comes_on_its_way_is_found_by_the_last_look() {
    let world = World::new().await;
    let circle = circle(&world).await;
    let user = id(&circle.goes);
    wish_away(&world, &circle.goes).await;
    see_to_deletions(&world.app).await.unwrap();
    let key: [Uuid; 2] = GlobalId::expect(&circle.friends_diary, Kind::Diary).unwrap();
    let late: CommentKey = [key[0], key[1], world.app.ids.at(world.app.clock.now())];
    let now = world.app.clock.now();
    let written = world.app.database.write(move |tx| {
        let row = diary_comment::Model {
            diary_author_id: late[0],
            diary_id: late[1],
            id: late[2],
            author_id: user,
            number: 0,
            body: "said too late by goes_away".to_owned(),
            created_at: now,
        };
        Box::pin(async move { Ok(insert_comment(&tx.sql, row).await?) })
    });
    written.await.unwrap();
    let found = named_in(&world, user, &["goes_away"]).await;
    assert!(found.contains("diary_comments.author_id"), "{found:?}");
    // Not before the time.
    see_to_deletions(&world.app).await.unwrap();
    assert_eq!(named_in(&world, user, &["goes_away"]).await, found);
    world.clock.advance(TimeDelta::seconds(60));
    see_to_deletions(&world.app).await.unwrap();
    assert_eq!(
        named_in(&world, user, &["goes_away"]).await.len(),
        1,
        "the bare name"
    );
    agrees(&world).await;
}

/// Whoever has many of everything goes in batches, none of which is long.
#[tokio::test]
async fn a_tarento_goes_in_batches() {
    let world = World::new().await;
    let (tarento, _) = world.joined("tarento").await;
    world.make_tarento(&tarento).await;
    let diary = tarento.write("for all", "PUBLIC").await;
    for fan in world.people("fan", 130).await {
        fan.mutate("requestFriendship", json!({ "userId": tarento.id() }), "")
            .await;
        fan.mutate("visitProfile", json!({ "userId": tarento.id() }), "")
            .await;
        let input = json!({ "diaryId": diary, "body": "!" });
        fan.mutate("commentOnDiary", input, "").await;
        tarento
            .mutate("visitProfile", json!({ "userId": fan.id() }), "")
            .await;
    }
    let user = id(&tarento);
    wish_away(&world, &tarento).await;
    assert!(claim(&world.app, user).await.unwrap());
    let (mut most, mut of_batch) = (0, Vec::new());
    loop {
        world.forget_statements();
        let progress = step(&world.app, user).await.unwrap();
        most = most.max(world.statements());
        match progress {
            Progress::Removed(rows) => of_batch.push(rows),
            Progress::Gone => break,
            other => panic!("{other:?}"),
        }
    }
    assert!(of_batch.iter().all(|rows| *rows <= 500), "{of_batch:?}");
    assert!(of_batch.len() >= 5, "{of_batch:?}");
    assert!(most < 500, "{most}");
    agrees(&world).await;
}

#[tokio::test]
async fn open_sockets_end_at_once() {
    let running = Running::own().await;
    let (token, member) = running.member().await;
    let payload = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&running, payload).await;
    order(&running.app, member.id, true).await.unwrap();
    soon(socket.closed()).await;
    let gone = carry_out(&running.app, member.id, |_| {}).await.unwrap();
    assert_eq!(gone, Progress::Gone);
    let body = json!({ "query": "{ viewer { user { id } } }" }).to_string();
    let asked = running.post().bearer_auth(&token).body(body).send();
    let (_, body) = read(asked.await.unwrap()).await;
    assert_eq!(code(&body), "UNAUTHENTICATED");
}
