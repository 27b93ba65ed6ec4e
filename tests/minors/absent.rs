//! Who is absent ties nobody with others, nor those who see them: moderators and administrators.

use entity::values::Role;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    MINOR,
    figures::{ADULT, AUDIENCES, comment, diaries, look, tied},
    tie,
};
use crate::support::world::{Person, World};

async fn suspend(keeper: &Person<'_>, whom: &Person<'_>) {
    let input = json!({ "userId": whom.id(), "reason": "spam" });
    keeper.mutate("suspendUser", input, "").await;
}

async fn lift(keeper: &Person<'_>, whom: &Person<'_>) {
    let input = json!({ "userId": whom.id() });
    keeper.mutate("liftSuspension", input, "").await;
}

fn to(other: &Person<'_>) -> Value {
    json!({ "userId": other.id() })
}

/// What they see they see; what they do reaches nobody whom it would not reach from anybody else.
#[rstest]
#[tokio::test]
async fn nobody_reaches_across_18_through_the_absent_whom_they_see(
    #[values([MINOR, ADULT], [ADULT, MINOR])] births: [&str; 2],
    #[values(Role::Moderator, Role::Administrator)] role: Role,
) {
    let world = World::new().await;
    let keeper = world.moderator("keeper").await;
    let staff = world.person_born("staff", births[0]).await;
    let other = world.person_born("other", births[1]).await;
    let between = tie(&world, &staff, &other).await;
    world.give_role(&staff, role).await;
    let ids = diaries(&other).await;
    assert_eq!(look(&staff, &other).await, tied());
    suspend(&keeper, &between).await;
    let mut seen = tied();
    (seen["asks"], seen["comments"]) = (json!(false), json!(false));
    assert_eq!(look(&staff, &other).await, seen);
    let refused = staff.refusal("requestFriendship", to(&other)).await;
    assert_eq!(refused, "OTHER_CANNOT_ACCEPT");
    for id in &ids {
        let refused = staff.refusal("commentOnDiary", comment(id)).await;
        assert_eq!(refused, "NOT_FOUND");
    }
    let of_friends = json!({ "diaryId": ids[2] });
    let refused = staff.refusal("visitDiary", of_friends).await;
    assert_eq!(refused, "NOT_FOUND");
    // To report what one sees is no doing with whose it is.
    let report = json!({ "subjectId": ids[2], "reason": "SPAM" });
    staff.mutate("report", report, "reported").await;

    // A request from before is accepted when the tie is there again, and not earlier.
    lift(&keeper, &between).await;
    assert_eq!(look(&staff, &other).await, tied());
    let fields = "friendRequest { id }";
    let asked = other.mutate("requestFriendship", to(&staff), fields).await;
    let request = json!({ "requestId": asked["friendRequest"]["id"] });
    suspend(&keeper, &between).await;
    assert_eq!(look(&staff, &other).await["asks"], false);
    let refused = staff.refusal("acceptFriendRequest", request.clone()).await;
    assert_eq!(refused, "OTHER_CANNOT_ACCEPT");
    lift(&keeper, &between).await;
    staff.mutate("acceptFriendRequest", request, "").await;
}

/// The same among those of one age, for what is for friends of friends.
#[tokio::test]
async fn what_is_for_friends_of_friends_is_not_answered_through_the_absent() {
    let world = World::new().await;
    let keeper = world.moderator("keeper").await;
    let (me, staff, other) = (
        world.person("me").await,
        world.person("staff").await,
        world.person("other").await,
    );
    let between = tie(&world, &staff, &other).await;
    super::force_friends(&world, &between, &me).await;
    world.give_role(&staff, Role::Moderator).await;
    let ids = diaries(&other).await;
    for person in [&me, &staff] {
        assert_eq!(look(person, &other).await, tied());
    }
    suspend(&keeper, &between).await;
    // Who does not see them is not even shown it.
    let strangers =
        json!({ "relation": "NONE", "asks": true, "sees": AUDIENCES[..2], "comments": true });
    assert_eq!(look(&me, &other).await, strangers);
    let mut seen = tied();
    seen["comments"] = json!(false);
    assert_eq!(look(&staff, &other).await, seen);
    let document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Diary { viewerCanComment } } }";
    let found = staff.run(document, json!({ "ids": ids })).await;
    for (index, id) in ids.iter().enumerate() {
        let is_for_members = index < 2;
        assert_eq!(found["nodes"][index]["viewerCanComment"], is_for_members);
        let payload = staff.attempt("commentOnDiary", comment(id), "").await;
        let code = payload["userErrors"][0]["code"].as_str();
        assert_eq!(code, (!is_for_members).then_some("NOT_FOUND"), "{payload}");
    }
}
