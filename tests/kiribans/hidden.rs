//! Whose names stand beside the numbers: of who is named, to whom they are, and of nobody who is hidden.

use serde_json::{Value, json};

use super::{agrees, by, name, of, shown, visit};
use crate::support::{
    sql,
    world::{Person, World},
};
use sea_orm::ConnectionTrait;

async fn choose(who: &Person<'_>, policy: &str) {
    let input = json!({ "policy": policy });
    who.mutate("setFootprintPolicy", input, "").await;
}

/// How many rows name somebody.
async fn kept(world: &World) -> i64 {
    let db = world.app.database.reader();
    let count = sql::own(
        db,
        "SELECT count(*) FROM kiribans WHERE visitor_id IS NOT NULL",
    );
    let row = db.query_one_raw(count).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn who_is_not_named_reaches_it_as_somebody() {
    let world = World::new().await;
    let (owner, third) = (world.person("owner").await, world.person("third").await);
    let visitor = world.person("visitor").await;
    choose(&visitor, "ANONYMOUS").await;
    name(&owner, 1).await;
    // The visitor is told, and the owner that somebody did.
    let told = visit(&visitor, &owner).await;
    assert_eq!(
        (&told["number"], &told["visitor"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(kept(&world).await, 0, "it stands nowhere who it was");
    choose(&visitor, "NAMED").await;
    for viewer in [&owner, &third, &visitor] {
        assert_eq!(shown(viewer, &owner).await, [(1, None)]);
        let reached = of(viewer, &owner).await["kiribans"]["nodes"][0]["reachedAt"].clone();
        assert!(reached.is_string());
    }
    agrees(&world).await;
}

#[tokio::test]
async fn who_is_named_to_friends_is_named_to_the_owner_who_is_one_and_to_nobody_else() {
    let world = World::new().await;
    let (owner, third) = (world.person("owner").await, world.person("third").await);
    let (friend, stranger) = (world.person("friend").await, world.person("stranger").await);
    owner.befriend(&friend).await;
    third.befriend(&friend).await;
    for visitor in [&friend, &stranger] {
        choose(visitor, "CONNECTIONS").await;
    }
    for number in [1, 2] {
        name(&owner, number).await;
    }
    assert_eq!(
        visit(&friend, &owner).await["visitor"]["username"],
        "friend"
    );
    assert_eq!(visit(&stranger, &owner).await["visitor"], Value::Null);
    for viewer in [&owner, &friend] {
        assert_eq!(shown(viewer, &owner).await, [(2, None), by(1, "friend")]);
    }
    // A friend of the visitor's, too: it was the owner to whom they were named.
    for viewer in [&third, &stranger] {
        assert_eq!(shown(viewer, &owner).await, [(2, None), (1, None)]);
    }
    agrees(&world).await;
}

#[tokio::test]
async fn who_is_not_named_sees_no_names() {
    let world = World::new().await;
    let (owner, third) = (world.person("owner").await, world.person("third").await);
    let visitor = world.person("visitor").await;
    name(&owner, 1).await;
    visit(&visitor, &owner).await;
    for viewer in [&owner, &third] {
        for (policy, expected) in [
            ("CONNECTIONS", (1, None)),
            ("ANONYMOUS", (1, None)),
            ("NAMED", by(1, "visitor")),
        ] {
            choose(viewer, policy).await;
            assert_eq!(shown(viewer, &owner).await, [expected], "{policy}");
        }
    }
    // Who made the visit knows that.
    choose(&visitor, "ANONYMOUS").await;
    assert_eq!(shown(&visitor, &owner).await, [by(1, "visitor")]);
}

#[tokio::test]
async fn who_is_hidden_is_nobody_and_their_own_numbers_are_not_there() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (owner, third) = (world.person("owner").await, world.person("third").await);
    let visitor = world.person("visitor").await;
    name(&owner, 1).await;
    name(&visitor, 5).await;
    visit(&visitor, &owner).await;
    for viewer in [&owner, &third] {
        for (blocker, blocked) in [(viewer, &visitor), (&visitor, viewer)] {
            let input = json!({ "userId": blocked.id() });
            blocker.mutate("blockUser", input.clone(), "").await;
            assert_eq!(shown(viewer, &owner).await, [(1, None)]);
            assert_eq!(of(viewer, &visitor).await, Value::Null);
            blocker.mutate("unblockUser", input, "").await;
            assert_eq!(shown(viewer, &owner).await, [by(1, "visitor")]);
        }
    }
    let input = json!({ "userId": visitor.id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    assert_eq!(shown(&third, &owner).await, [(1, None)]);
    assert_eq!(shown(&moderator, &owner).await, [by(1, "visitor")]);
}

#[tokio::test]
async fn who_is_out_of_reach_is_counted_and_not_named_and_finds_no_numbers() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let minor = world.person_born("minor", "1990-04-01").await;
    name(&owner, 1).await;
    assert_eq!(of(&minor, &owner).await["nextKiriban"], Value::Null);
    assert_eq!(shown(&minor, &owner).await, []);
    let told = visit(&minor, &owner).await;
    assert_eq!(
        (&told["number"], &told["visitor"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(kept(&world).await, 0);
    assert_eq!(shown(&owner, &owner).await, [(1, None)]);
    agrees(&world).await;
}

#[tokio::test]
async fn who_takes_the_footprint_back_has_made_the_visit_as_somebody() {
    let world = World::new().await;
    let (owner, third) = (world.person("owner").await, world.person("third").await);
    let visitor = world.person("visitor").await;
    for number in [1, 2, 3] {
        name(&owner, number).await;
    }
    visit(&visitor, &owner).await;
    world.clock.advance(chrono::Duration::minutes(6));
    visit(&visitor, &owner).await;
    world.clock.advance(chrono::Duration::days(1));
    visit(&visitor, &owner).await;
    let told = "{ viewer { unreadNotificationCount
        notifications { nodes { kind actor { username } subject { ... on Kiriban { number } } } } } }";
    let actors = async |viewer: &Person<'_>| -> Vec<Value> {
        let found = viewer.run(told, json!({})).await["viewer"].take();
        assert_eq!(found["unreadNotificationCount"], 3);
        let nodes = found["notifications"]["nodes"].as_array().unwrap();
        let actors = nodes.iter().map(|node| node["actor"]["username"].clone());
        actors.collect()
    };
    assert_eq!(actors(&owner).await, ["visitor", "visitor", "visitor"]);
    // The first day's: its two visits are nobody's, and that of the second day is still theirs.
    let input = json!({ "userId": owner.id(), "day": "2006-05-01" });
    visitor.mutate("takeBackFootprint", input, "").await;
    for viewer in [&owner, &third, &visitor] {
        assert_eq!(
            shown(viewer, &owner).await,
            [by(3, "visitor"), (2, None), (1, None)]
        );
    }
    assert_eq!(kept(&world).await, 1);
    assert_eq!(
        actors(&owner).await,
        [json!("visitor"), Value::Null, Value::Null]
    );
    // The visitor remembers.
    assert_eq!(actors(&visitor).await, ["owner", "owner", "owner"]);
    agrees(&world).await;
}
