//! Between a minor and adults chains lead through whom they reach alone: friends, and who has a friend in
//! common with them who is no tarento.

use rstest::rstest;

use super::{ends, line, people};
use crate::support::{
    crowd,
    world::{Person, World},
};

const ADULT: &str = "1986-04-01";
/// 16 years old on the day on which the tests begin.
const MINOR: &str = "1990-04-01";

/// Gives `person` friends who lead nowhere, so that a search rather goes on from elsewhere.
async fn crowd_around(world: &World, person: &Person<'_>) {
    let leaves = world.people(&format!("{}_leaf", person.username), 12).await;
    let pairs = leaves.iter().map(|leaf| ends(person, leaf));
    crowd::befriend(&world.app, pairs).await;
}

/// Where the crowd is that has a search begin at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Crowd {
    Nowhere,
    AtMine,
    AtTheirs,
}

#[rstest]
#[tokio::test]
async fn of_the_other_side_of_18_a_chain_has_friends_and_friends_of_friends(
    #[values([ADULT, MINOR], [MINOR, ADULT])] births: [&str; 2],
    #[values(Crowd::Nowhere, Crowd::AtMine, Crowd::AtTheirs)] crowd: Crowd,
) {
    let world = World::new().await;
    let [own, apart] = births;
    let [me, friend, second, beyond] =
        ["me", "friend", "second", "beyond"].map(|name| world.person_born(name, own));
    let (me, friend, second, beyond) = (me.await, friend.await, second.await, beyond.await);
    let apart = world.person_born("apart", apart).await;
    match crowd {
        Crowd::Nowhere => {}
        Crowd::AtMine => crowd_around(&world, &friend).await,
        Crowd::AtTheirs => {
            crowd_around(&world, &apart).await;
            crowd_around(&world, &beyond).await;
        }
    }
    let none = Vec::<String>::new();
    // Three ties away, and with somebody behind them.
    line(&world, &[&me, &friend, &second, &apart, &beyond]).await;
    assert_eq!(people(&me, "second").await, ["me", "friend", "second"]);
    assert_eq!(people(&me, "apart").await, none);
    assert_eq!(people(&me, "beyond").await, none);
    // Nor from the other side; and each reaches up to where they are in reach.
    assert_eq!(people(&apart, "me").await, none);
    assert_eq!(people(&second, "apart").await, ["second", "apart"]);
    assert_eq!(
        people(&friend, "apart").await,
        ["friend", "second", "apart"]
    );
    let through = ["friend", "second", "apart", "beyond"];
    assert_eq!(people(&friend, "beyond").await, through);

    // A friend in common ties them.
    line(&world, &[&friend, &apart]).await;
    assert_eq!(people(&me, "apart").await, ["me", "friend", "apart"]);
    let through = ["me", "friend", "apart", "beyond"];
    assert_eq!(people(&me, "beyond").await, through);
    assert_eq!(people(&apart, "me").await, ["apart", "friend", "me"]);
    // Unless it is a tarento.
    world.make_tarento(&friend).await;
    assert_eq!(people(&me, "apart").await, none);
    assert_eq!(people(&me, "beyond").await, none);
    assert_eq!(people(&apart, "me").await, none);
    assert_eq!(people(&friend, "apart").await, ["friend", "apart"]);
    // Beside whom there is another.
    let also = world.person_born("also", births[0]).await;
    line(&world, &[&me, &also, &apart]).await;
    assert_eq!(people(&me, "apart").await, ["me", "also", "apart"]);
    let through = ["me", "also", "apart", "beyond"];
    assert_eq!(people(&me, "beyond").await, through);
    // Friends are friends.
    line(&world, &[&me, &apart]).await;
    assert_eq!(people(&me, "apart").await, ["me", "apart"]);
    assert_eq!(people(&me, "beyond").await, ["me", "apart", "beyond"]);
}

/// Of one side of 18 a tarento leads on like anybody.
#[tokio::test]
async fn a_tarento_leads_on_to_who_is_in_reach() {
    let world = World::new().await;
    let (me, tarento) = (world.person("me").await, world.person("tarento").await);
    let (fan, minor) = (
        world.person("fan").await,
        world.person_born("minor", MINOR).await,
    );
    world.make_tarento(&tarento).await;
    line(&world, &[&me, &tarento, &fan]).await;
    line(&world, &[&tarento, &minor, &fan]).await;
    assert_eq!(people(&me, "fan").await, ["me", "tarento", "fan"]);
    assert_eq!(people(&me, "minor").await, Vec::<String>::new());
    assert_eq!(people(&me, "tarento").await, ["me", "tarento"]);
}
