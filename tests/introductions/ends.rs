//! Introductions end with the friendship, however that ends, and with the account.

use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{agrees, by_id, count, introduce, of, rows};
use crate::support::{
    spoilt,
    world::{Person, World},
};

/// Two friends who introduced each other, and a friend of both, who introduced both and was introduced.
struct Scene<'w> {
    me: Person<'w>,
    friend: Person<'w>,
    third: Person<'w>,
    ids: [Value; 2],
}

impl<'w> Scene<'w> {
    async fn new(world: &'w World) -> Self {
        let (me, friend) = (world.person("me").await, world.person("friend").await);
        let third = world.person("third").await;
        me.befriend(&friend).await;
        for person in [&me, &friend] {
            third.befriend(person).await;
            introduce(&third, person, "by a third one").await;
            introduce(person, &third, "of a third one").await;
        }
        let ids = [
            introduce(&me, &friend, "of my friend").await,
            introduce(&friend, &me, "of me").await,
        ];
        Self {
            me,
            friend,
            third,
            ids,
        }
    }

    /// What the two wrote of each other is nowhere, and everything else is where it was.
    async fn has_ended(&self, world: &World) {
        for person in [&self.me, &self.friend] {
            assert_eq!(count(&self.third, person).await, 1);
            let written = "{ viewer { writtenIntroductions { nodes { subject { username } } } } }";
            let written = person.run(written, json!({})).await;
            let nodes = &written["viewer"]["writtenIntroductions"]["nodes"];
            assert_eq!(*nodes, json!([{ "subject": { "username": "third" } }]));
        }
        assert_eq!(count(&self.third, &self.third).await, 2);
        for viewer in [&self.me, &self.friend, &self.third] {
            for id in &self.ids {
                assert_eq!(by_id(viewer, id).await, Value::Null);
            }
        }
        agrees(world).await;
    }

    async fn are_there(&self) {
        for person in [&self.me, &self.friend] {
            assert_eq!(count(&self.third, person).await, 2);
        }
    }
}

#[tokio::test]
async fn with_the_friendship_whoever_ends_it() {
    let world = World::cached().await;
    let scene = Scene::new(&world).await;
    let Scene { me, friend, .. } = &scene;
    for (by, whom) in [(me, friend), (friend, me)] {
        scene.are_there().await;
        let input = json!({ "userId": whom.id() });
        let fields = "user { introductions { totalCount } viewerIntroduction { id } }";
        let ended = by.mutate("endFriendship", input, fields).await;
        assert_eq!(
            ended["user"],
            json!({ "introductions": { "totalCount": 1 }, "viewerIntroduction": null })
        );
        scene.has_ended(&world).await;
        // Friends again, they begin anew.
        me.befriend(friend).await;
        scene.has_ended(&world).await;
        introduce(me, friend, "once more").await;
        introduce(friend, me, "once more").await;
    }
}

#[tokio::test]
async fn with_a_block_of_either_side() {
    let world = World::cached().await;
    let scene = Scene::new(&world).await;
    let Scene { me, friend, .. } = &scene;
    for (by, whom) in [(me, friend), (friend, me)] {
        scene.are_there().await;
        let user = json!({ "userId": whom.id() });
        by.mutate("blockUser", user.clone(), "").await;
        scene.has_ended(&world).await;
        for (one, other) in [(me, friend), (friend, me)] {
            let input = json!({ "userId": other.id(), "body": "hello" });
            assert_eq!(one.refusal("writeIntroduction", input).await, "NOT_FOUND");
        }
        // Taken back, it brings nothing back.
        by.mutate("unblockUser", user, "").await;
        scene.has_ended(&world).await;
        me.befriend(friend).await;
        introduce(me, friend, "once more").await;
        introduce(friend, me, "once more").await;
    }
}

/// An older program that is rolled over by this one knows nothing of introductions.
#[tokio::test]
async fn with_a_friendship_that_an_older_program_ends() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let both = async || {
        let tables = ["introductions", "written_introductions"];
        [rows(&world, tables[0]).await, rows(&world, tables[1]).await]
    };
    assert_eq!(both().await, [6, 6]);
    let pair = [&scene.me, &scene.friend].map(|person| person.viewer.id().unwrap());
    let ended = world.app.database.write(move |tx| {
        Box::pin(async move {
            for (user, friend) in [(pair[0], pair[1]), (pair[1], pair[0])] {
                entity::friendship::Entity::delete_by_id((user, friend))
                    .exec(&tx.sql)
                    .await?;
            }
            Ok(())
        })
    });
    ended.await.unwrap();
    assert_eq!(both().await, [4, 4]);
    for id in &scene.ids {
        assert_eq!(by_id(&scene.third, id).await, Value::Null);
    }
}

#[tokio::test]
async fn a_recount_tells_what_is_wrong_with_introductions() {
    let world = World::new().await;
    Scene::new(&world).await;
    agrees(&world).await;
    for (spoil, check) in [
        (
            "UPDATE users SET introduction_count = introduction_count + 1",
            "users.introduction_count",
        ),
        ("DELETE FROM introductions", "users.introduction_count"),
        (
            "DELETE FROM written_introductions",
            "introductions: the author's row, with the same id",
        ),
        (
            "UPDATE introductions SET id = author_id",
            "introductions: the author's row, with the same id",
        ),
        (
            "DELETE FROM introductions",
            "written_introductions: the introduction, with the same id",
        ),
        (
            "UPDATE written_introductions SET id = subject_id",
            "written_introductions: the introduction, with the same id",
        ),
    ] {
        let found = spoilt::checks(&world.url, spoil).await;
        assert!(found.iter().any(|it| it == check), "{spoil}: {found:?}");
    }
}

/// Who is suspended, or has wished the account away, is absent with what they wrote, and with what was
/// written of them, until they are back.
#[tokio::test]
async fn who_is_absent_for_a_while_comes_back_with_all_of_it() {
    let world = World::cached().await;
    let moderator = world.moderator("moderator").await;
    let scene = Scene::new(&world).await;
    let Scene {
        me, friend, third, ..
    } = &scene;
    let user = json!({ "userId": friend.id() });
    let mut input = user.clone();
    input["reason"] = json!("spam");
    let written = "{ viewer { writtenIntroductions { nodes { body } } } }";
    let before = me.run(written, json!({})).await;
    moderator.mutate("suspendUser", input, "").await;
    // The one by the third alone; and of the third mine alone.
    assert_eq!(count(me, me).await, 1);
    assert_eq!(count(me, third).await, 1);
    for id in &scene.ids {
        for viewer in [me, third] {
            assert_eq!(by_id(viewer, id).await, Value::Null);
            let input = json!({ "introductionId": id });
            let refused = viewer.refusal("deleteIntroduction", input).await;
            assert_eq!(refused, "NOT_FOUND");
        }
        assert_ne!(by_id(&moderator, id).await, Value::Null);
    }
    let input = json!({ "userId": friend.id(), "body": "hello" });
    assert_eq!(me.refusal("writeIntroduction", input).await, "NOT_FOUND");
    let now = me.run(written, json!({})).await;
    let nodes = |of: &Value| of["viewer"]["writtenIntroductions"]["nodes"].clone();
    assert_eq!(nodes(&now), json!([{ "body": "of a third one" }]));
    // Moderators see them.
    assert_eq!(count(&moderator, friend).await, 2);
    assert_eq!(count(&moderator, me).await, 2);
    moderator.mutate("liftSuspension", user, "").await;
    scene.are_there().await;
    assert_eq!(me.run(written, json!({})).await, before);
    assert_eq!(
        of(me, friend).await["viewerIntroduction"]["body"],
        "of my friend"
    );
    agrees(&world).await;
}
