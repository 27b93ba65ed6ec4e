//! Two processes on one database: what one writes the other knows.

use std::sync::Arc;

use ashiato::{
    account::session,
    app::{App, Parts},
    config::Rules,
    database::Place,
    diary::removing as diaries,
    events::Event,
    footprint::{service::visit, visit::Visited},
    friendship::service,
    paging::cursor,
};
use entity::diary_comment;
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::support::{
    soon,
    world::{Person, World, first, next},
};

async fn neighbour(world: &World, rules: Rules) -> Arc<App> {
    let mut parts = Parts::new(Place::new(&world.url), rules);
    parts.clock = world.clock.clone();
    App::open(parts).await.unwrap()
}

#[tokio::test]
async fn a_footprint_left_through_a_neighbour_arrives_live() {
    let world = World::new().await;
    let (owner, early) = (world.person("owner").await, world.person("early").await);
    let visitor = world.person("visitor").await;
    let neighbour = neighbour(&world, Rules::default()).await;
    let stop = tokio_util::sync::CancellationToken::new();
    let noticing = tokio::spawn(ashiato::neighbours::notice(world.app.clone(), stop.clone()));
    let document = "subscription { footprintLeft { node { visitor { username } } } }";
    let mut feed = Box::pin(owner.subscribe(document, json!({})));
    let visited = Visited::Profile(owner.viewer.id().unwrap());
    // The feed has begun when somebody who comes here arrives.
    first(&mut feed, async |turn| {
        let guest = world.person(&format!("guest{turn}")).await;
        guest
            .mutate("visitProfile", json!({ "username": "owner" }), "")
            .await;
    })
    .await;
    for person in [&early, &visitor] {
        let me = person.viewer.id().unwrap();
        visit(&neighbour, me, visited.clone(), None, None)
            .await
            .unwrap();
    }
    loop {
        let event = next(&mut feed).await;
        let name = &event["data"]["footprintLeft"]["node"]["visitor"]["username"];
        if name == "visitor" {
            break;
        }
    }
    stop.cancel();
    noticing.await.unwrap();
}

#[tokio::test]
async fn a_session_that_a_neighbour_ends_ends_the_socket() {
    use ashiato::{config::Transport, server::Server};
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};
    let world = World::new().await;
    let person = world.person("person").await;
    let transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    let server = Server::start(world.app.clone(), transport).await.unwrap();
    let url = format!("ws://{}/graphql", server.local_addr());
    let mut request = url.into_client_request().unwrap();
    let protocol = "graphql-transport-ws".parse().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let bearer = format!("Bearer {}", person.token);
    let init = json!({ "type": "connection_init", "payload": { "Authorization": bearer } });
    socket.send(Message::text(init.to_string())).await.unwrap();
    let ack = loop {
        // A ping may come before it.
        if let Message::Text(text) = next(&mut socket).await.unwrap() {
            break text;
        }
    };
    assert!(ack.contains("connection_ack"), "{ack}");

    let neighbour = neighbour(&world, Rules::default()).await;
    let ashiato::viewer::Viewer::Member(member) = person.viewer else {
        panic!("signed in");
    };
    session::end(&neighbour, member).await.unwrap();
    let close = loop {
        match next(&mut socket.by_ref()).await.unwrap() {
            Message::Close(close) => break close.unwrap(),
            _ => continue,
        }
    };
    assert_eq!(u16::from(close.code), 4403);
    server.shutdown().await;
}

/// What a feed has read ahead is read again where a neighbour removes some of it. (On SQLite the
/// file itself tells of every change.)
#[rstest]
#[case::a_comment(false)]
#[case::a_diary(true)]
#[tokio::test]
async fn on_postgres_a_comment_that_a_neighbour_removes_does_not_arrive(#[case] whole: bool) {
    let world = World::new().await;
    let (author, other) = (world.person("author").await, world.person("other").await);
    let comment = async |diary: &str, body: &str| {
        let input = json!({ "diaryId": diary, "body": body });
        other.mutate("commentOnDiary", input, "").await;
    };
    let kept = author.write("kept", "MEMBERS").await;
    let removed = author.write("removed", "MEMBERS").await;
    comment(&kept, "first").await;
    comment(&removed, "second").await;
    comment(&kept, "last").await;

    let neighbour = neighbour(&world, Rules::default()).await;
    let id = author.viewer.id().unwrap();
    let mut told = world.app.events.watch(Event::DiaryCommented(id));
    let stop = tokio_util::sync::CancellationToken::new();
    let noticing = tokio::spawn(ashiato::neighbours::notice(world.app.clone(), stop.clone()));
    // The first look tells of everything.
    soon(told.wait()).await;
    let document =
        "subscription($after: String) { diaryCommented(after: $after) { node { body } } }";
    let all = json!({ "after": cursor(b'C', &0_i64) });
    let mut live = Box::pin(author.subscribe(document, all));
    let mut body = async || next(&mut live).await["data"]["diaryCommented"]["node"]["body"].clone();
    // By now the others have been read, too.
    assert_eq!(body().await, "first");

    let row = diary_comment::Entity::find()
        .filter(diary_comment::Column::Body.eq("second"))
        .one(world.app.database.reader())
        .await
        .unwrap()
        .unwrap();
    let diary = [row.diary_author_id, row.diary_id];
    let gone = if whole {
        diaries::delete(&neighbour, id, diary, None).await
    } else {
        let key = [diary[0], diary[1], row.id];
        diaries::delete_comment(&neighbour, row.author_id, key, None).await
    };
    gone.unwrap();
    soon(told.wait()).await;
    assert_eq!(body().await, "last");
    stop.cancel();
    noticing.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_number_of_accepts_through_two_processes_from_either_end_passes_the_cap() {
    let rules = Rules {
        friend_limit: 3,
        ..Rules::default()
    };
    let world = World::with(rules.clone()).await;
    let neighbour = neighbour(&world, rules).await;
    let people = world.people("person", 8).await;
    // Everybody asks everybody after them.
    let mut accepts = Vec::new();
    for (index, asker) in people.iter().enumerate() {
        for asked in &people[index + 1..] {
            asker
                .mutate("requestFriendship", json!({ "userId": asked.id() }), "")
                .await;
            let app = if (accepts.len() % 2) == 0 {
                &world.app
            } else {
                &neighbour
            };
            let (me, sender) = (asked.viewer.id().unwrap(), asker.viewer.id().unwrap());
            accepts.push(service::accept(app, me, sender, None));
        }
    }
    let done = futures_util::future::join_all(accepts).await;
    let accepted = done.iter().filter(|done| done.is_ok()).count();
    assert!(accepted > 0);
    let counts = "{ viewer { user { friendCount friends { totalCount nodes { username } } } } }";
    // A service that keeps nothing, and so has nothing yet to hear of.
    let beside = world.beside().await;
    let mut friends = 0;
    for person in people {
        let person = Person {
            world: &beside,
            ..person
        };
        let user = person.run(counts, json!({})).await["viewer"]["user"].clone();
        let count = user["friendCount"].as_u64().unwrap();
        assert!(count <= 3, "{count}");
        assert_eq!(
            user["friends"]["nodes"].as_array().unwrap().len() as u64,
            count
        );
        friends += count;
    }
    assert_eq!(friends, 2 * accepted as u64, "both directions or neither");
    let reader = world.app.database.reader();
    let differences = ashiato::bulk::recount::recount(reader).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}
