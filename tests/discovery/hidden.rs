//! Nobody is on a chain whom the viewer does not see, and no chain leads to them.

use ashiato::ids::{GlobalId, Kind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PATH, block, leave, line, people, suspend};
use crate::support::world::{Person, World};

/// From the viewer to another: a short way through `between`, and a detour.
struct Scene<'w> {
    me: Person<'w>,
    between: Person<'w>,
    other: Person<'w>,
}

const SHORT: [&str; 4] = ["me", "friend", "between", "other"];
const DETOUR: [&str; 5] = ["me", "friend", "one", "two", "other"];

impl<'w> Scene<'w> {
    async fn new(world: &'w World) -> Self {
        let [me, friend, between, one, two, other] =
            ["me", "friend", "between", "one", "two", "other"].map(|name| world.person(name));
        let (me, friend, between) = (me.await, friend.await, between.await);
        let (one, two, other) = (one.await, two.await, other.await);
        line(world, &[&me, &friend, &between, &other]).await;
        line(world, &[&friend, &one, &two, &other]).await;
        Self { me, between, other }
    }

    /// How it is from the one to the other, and back.
    async fn both(&self) -> [Vec<String>; 2] {
        let mut back = people(&self.other, "me").await;
        back.reverse();
        [people(&self.me, "other").await, back]
    }
}

#[tokio::test]
async fn who_blocks_the_viewer_or_is_blocked_is_gone_around_and_others_are_not() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let (me, between) = (&scene.me, &scene.between);
    let short = SHORT.map(str::to_owned).to_vec();
    let detour = DETOUR.map(str::to_owned).to_vec();
    assert_eq!(scene.both().await, [short.clone(), short.clone()]);
    for (by, whom) in [(me, between), (between, me)] {
        block(by, whom, true).await;
        // Who has no block with them goes through them still.
        assert_eq!(scene.both().await, [detour.clone(), short.clone()]);
        assert_eq!(people(me, "between").await, Vec::<String>::new());
        block(by, whom, false).await;
        assert_eq!(scene.both().await, [short.clone(), short.clone()]);
        assert_eq!(people(me, "between").await, SHORT[..3]);
    }
}

#[tokio::test]
async fn who_is_absent_is_gone_around_but_by_moderators() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let moderator = world.moderator("moderator").await;
    line(&world, &[&moderator, &scene.me]).await;
    let short = SHORT.map(str::to_owned).to_vec();
    let detour = DETOUR.map(str::to_owned).to_vec();
    let theirs = async || people(&moderator, "other").await[1..].to_vec();
    suspend(&moderator, &scene.between, true).await;
    assert_eq!(scene.both().await, [detour.clone(), detour.clone()]);
    assert_eq!(people(&scene.me, "between").await, Vec::<String>::new());
    assert_eq!(theirs().await, short);
    suspend(&moderator, &scene.between, false).await;
    assert_eq!(scene.both().await, [short.clone(), short.clone()]);
    leave(&world, &scene.between).await;
    assert_eq!(scene.both().await, [detour.clone(), detour]);
    assert_eq!(theirs().await, short);
}

/// To the byte, after as many statements.
#[tokio::test]
async fn who_is_hidden_is_as_who_never_was() {
    let world = World::uncached().await;
    let scene = Scene::new(&world).await;
    let moderator = world.moderator("moderator").await;
    let suspended = world.person("suspended").await;
    line(&world, &[&scene.between, &suspended]).await;
    suspend(&moderator, &suspended, true).await;
    let (me, other) = (&scene.me, &scene.other);
    let ask = async |variables: Value| {
        world.forget_statements();
        let answer = me.answer(PATH, variables).await;
        (answer.to_string(), world.statements())
    };
    let nobody = GlobalId::encode(Kind::User, &[Uuid::from_u128(0xfeed)]);
    for (by, whom) in [(me, other), (other, me)] {
        block(by, whom, true).await;
        let by_id = ask(json!({ "userId": nobody })).await;
        let by_name = ask(json!({ "username": "nobody" })).await;
        assert!(by_id.0.contains("\"length\":null"), "{by_id:?}");
        for hidden in [other, &suspended] {
            assert_eq!(ask(json!({ "userId": hidden.id() })).await, by_id);
            assert_eq!(ask(json!({ "username": hidden.username })).await, by_name);
        }
        block(by, whom, false).await;
    }
    // And not so of who is there.
    let found = ask(json!({ "userId": other.id() })).await;
    assert!(found.0.contains("\"length\":3"), "{found:?}");
}
