//! What is quiet while somebody rests: their visits, and what comes to them.

use serde_json::{Value, json};

use super::{agrees, begin, block, comment, end, is_resting, minutes, schedule, visit};
use crate::support::world::{Person, World};

/// The visits to `owner`, their footprints, and how many of these are new.
async fn footprints(owner: &Person<'_>) -> [i64; 3] {
    let document =
        "{ viewer { visitCount newFootprintCount footprints { totalCount nodes { id } } } }";
    let data = owner.run(document, json!({})).await;
    let viewer = &data["viewer"];
    let listed = viewer["footprints"]["nodes"].as_array().unwrap().len();
    assert_eq!(viewer["footprints"]["totalCount"], listed);
    [
        viewer["visitCount"].as_i64().unwrap(),
        i64::try_from(listed).unwrap(),
        viewer["newFootprintCount"].as_i64().unwrap(),
    ]
}

/// The notifications of `who`, and how many are counted as unread.
async fn notifications(who: &Person<'_>) -> [usize; 2] {
    let document = "{ viewer { unreadNotificationCount notifications { nodes { id } } } }";
    let data = who.run(document, json!({})).await;
    let viewer = &data["viewer"];
    let unread = viewer["unreadNotificationCount"].as_u64().unwrap();
    let listed = viewer["notifications"]["nodes"].as_array().unwrap().len();
    [listed, usize::try_from(unread).unwrap()]
}

#[tokio::test]
async fn visits_of_who_rests_leave_nothing() {
    let world = World::new().await;
    let (me, owner) = (world.person("me").await, world.person("owner").await);
    let diary = owner.write("open", "MEMBERS").await;
    owner
        .mutate("nameKiriban", json!({ "number": 2 }), "")
        .await;
    assert!(visit(&me, &owner).await);
    minutes(&world, 10);
    begin(&me).await;
    assert!(!visit(&me, &owner).await);
    let input = json!({ "diaryId": diary });
    let fields = "leftFootprint diary { title } kiriban { number }";
    let visited = me.mutate("visitDiary", input, fields).await;
    assert_eq!(visited["diary"]["title"], "open");
    assert_eq!(visited["leftFootprint"], false);
    assert_eq!(visited["kiriban"], Value::Null);
    // With a key, too, which is another way through.
    let input = json!({ "userId": owner.id(), "idempotencyKey": "1" });
    let visited = me.mutate("visitProfile", input, "leftFootprint").await;
    assert_eq!(visited["leftFootprint"], false);
    assert_eq!(footprints(&owner).await, [1, 1, 1]);
    let document =
        "query($id: ID!) { node(id: $id) { ... on User { viewerFootprint { visitedAt } } } }";
    let left = me.run(document, json!({ "id": owner.id() })).await;
    let left = &left["node"]["viewerFootprint"]["visitedAt"];
    assert_eq!(left, "2006-05-01T03:00:00.000Z", "that of before");
    // No pause follows what left nothing, and no other visitor is any quieter.
    end(&me).await;
    assert!(visit(&me, &owner).await);
    assert_eq!(footprints(&owner).await, [2, 1, 1]);
    let other = world.person("other").await;
    begin(&me).await;
    assert!(visit(&other, &owner).await);
    assert_eq!(footprints(&owner).await, [3, 2, 2]);
    agrees(&world).await;
}

#[tokio::test]
async fn visits_by_schedule_leave_nothing_in_its_hours_alone() {
    let world = World::new().await;
    let (me, owner) = (world.person("me").await, world.person("owner").await);
    schedule(&me, &["MONDAY 13:00 14:00"]).await;
    let mut counted = Vec::new();
    for time in ["03:59:59", "04:00:00", "04:59:59", "05:00:00"] {
        world.clock.set(&format!("2006-05-01T{time}Z"));
        counted.push(visit(&me, &owner).await);
    }
    assert_eq!(counted, [true, false, false, true]);
    assert_eq!(footprints(&owner).await, [2, 1, 1]);
}

/// Visits of who rests are not counted towards the most that one can make.
#[tokio::test]
async fn who_rests_is_refused_no_visit() {
    use ashiato::config::Rules;
    let world = World::with(Rules {
        visits_per_hour: 2,
        ..Rules::default()
    })
    .await;
    let (me, owner) = (world.person("me").await, world.person("owner").await);
    begin(&me).await;
    for _ in 0..3 {
        assert!(!visit(&me, &owner).await);
        minutes(&world, 6);
    }
    end(&me).await;
    for _ in 0..2 {
        assert!(visit(&me, &owner).await);
        minutes(&world, 6);
    }
    let input = json!({ "userId": owner.id() });
    let code = me.refusal("visitProfile", input).await;
    assert_eq!(code, "VISIT_LIMIT_REACHED");
}

#[tokio::test]
async fn what_comes_to_who_rests_is_in_the_lists_and_not_shown_as_new() {
    let world = World::new().await;
    let me = world.person("me").await;
    let (early, late) = (world.person("early").await, world.person("late").await);
    let other = world.person("other").await;
    let diary = me.write("open", "MEMBERS").await;
    visit(&early, &me).await;
    comment(&early, &diary, "before").await;
    minutes(&world, 10);
    begin(&me).await;
    minutes(&world, 10);
    for visitor in [&late, &other] {
        visit(visitor, &me).await;
        comment(visitor, &diary, "meanwhile").await;
    }
    assert_eq!(footprints(&me).await, [3, 3, 1]);
    assert_eq!(notifications(&me).await, [3, 1]);
    // Who is hidden is not taken off twice.
    block(&me, &other).await;
    assert_eq!(footprints(&me).await, [3, 2, 1]);
    assert_eq!(notifications(&me).await, [2, 1]);
    // Whoever looks at all of it has seen it.
    me.mutate("markNotificationsRead", json!({}), "").await;
    assert_eq!(notifications(&me).await, [2, 0]);
    minutes(&world, 10);
    visit(&late, &me).await;
    assert_eq!(footprints(&me).await, [4, 2, 1]);
    end(&me).await;
    assert_eq!(footprints(&me).await, [4, 2, 2], "now it is new");
    assert_eq!(notifications(&me).await, [3, 1], "the digest");
    agrees(&world).await;
}

/// What friends do with who rests is done as ever.
#[tokio::test]
async fn no_tie_is_cut() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    begin(&me).await;
    assert!(is_resting(&me).await);
    let other = world.person("other").await;
    other.befriend(&me).await;
    me.write("of who rests", "FRIENDS").await;
    let document = "{ viewer { homeFeed { nodes { title } } user { friendCount } } }";
    for who in [&friend, &other] {
        let data = who.run(document, json!({})).await;
        assert_eq!(
            data["viewer"]["homeFeed"]["nodes"][0]["title"],
            "of who rests"
        );
    }
    let data = me.run(document, json!({})).await;
    assert_eq!(data["viewer"]["user"]["friendCount"], 2);
}

/// When somebody was last there is told to nobody but themselves: no field of a user says so.
#[test]
fn nobody_is_shown_when_somebody_was_last_there() {
    let sdl = ashiato::graphql::schema::sdl();
    let (_, user) = sdl
        .split_once("\ntype User implements")
        .or_else(|| sdl.split_once("\ntype User "))
        .unwrap();
    let (user, _) = user.split_once("\n}\n").unwrap();
    for word in [
        "lastLogin",
        "lastUsed",
        "lastSeen",
        "lastActive",
        "isOnline",
    ] {
        assert!(!user.contains(word), "{word}");
    }
    assert!(user.contains("isResting"));
    // Nor of anything else but one's own session.
    let uses: Vec<_> = sdl
        .lines()
        .filter(|line| line.trim_start().starts_with("last") && line.contains("DateTime"))
        .collect();
    assert_eq!(uses, ["  lastUsedAt: DateTime!"]);
    let (_, session) = sdl.split_once("\ntype Session ").unwrap();
    let (session, _) = session.split_once("\n}\n").unwrap();
    assert!(session.contains("lastUsedAt"));
}
