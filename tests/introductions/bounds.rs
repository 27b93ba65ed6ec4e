//! What cannot be written, or by whom not.

use ashiato::ids::{GlobalId, Kind};
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{agrees, count, introduce};
use crate::support::world::World;

#[rstest]
#[case(String::new(), "TEXT_REQUIRED")]
#[case(" \n\u{3000}\u{200b}".to_owned(), "TEXT_REQUIRED")]
#[case("\u{1b}[31m".to_owned(), "TEXT_NOT_ALLOWED")]
#[case("字".repeat(1001), "TEXT_TOO_LONG")]
#[tokio::test]
async fn a_text_against_the_rules_is_refused_and_changes_nothing(
    #[case] body: String,
    #[case] code: &str,
) {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let input = json!({ "userId": friend.id(), "body": body });
    for length in [0, 1000] {
        if length > 0 {
            introduce(&me, &friend, &"字".repeat(length)).await;
        }
        let refused = me.attempt("writeIntroduction", input.clone(), "").await;
        let expected = json!([{ "code": code, "field": ["body"] }]);
        assert_eq!(refused["userErrors"], expected);
        assert_eq!(count(&me, &friend).await, length / 1000);
    }
    agrees(&world).await;
}

#[tokio::test]
async fn only_a_friend_introduces_a_user() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let between = world.person("between").await;
    me.befriend(&between).await;
    other.befriend(&between).await;
    let tarento = world.person("tarento").await;
    world.make_tarento(&tarento).await;
    let write = async |user: &str| {
        let input = json!({ "userId": user, "body": "hello" });
        let refused = me.attempt("writeIntroduction", input, "").await;
        refused["userErrors"].clone()
    };
    let yourself = json!([{ "code": "CANNOT_INTRODUCE_YOURSELF", "field": ["userId"] }]);
    assert_eq!(write(&me.id()).await, yourself);
    // Neither a friend of a friend, nor a public figure, nor who was asked and has not answered.
    let not_friends = json!([{ "code": "NOT_FRIENDS", "field": null }]);
    assert_eq!(write(&other.id()).await, not_friends);
    assert_eq!(write(&tarento.id()).await, not_friends);
    me.mutate("requestFriendship", json!({ "userId": other.id() }), "")
        .await;
    assert_eq!(write(&other.id()).await, not_friends);
    let nobody = GlobalId::encode(Kind::User, &[Uuid::from_u128(0xfeed)]).to_string();
    let absent = json!([{ "code": "NOT_FOUND", "field": null }]);
    assert_eq!(write(&nobody).await, absent);
    other
        .mutate("requestFriendship", json!({ "userId": me.id() }), "")
        .await;
    assert_eq!(write(&other.id()).await, json!([]));
    assert_eq!(count(&between, &other).await, 1);
    agrees(&world).await;
}

#[tokio::test]
async fn ids_of_something_else_are_errors_of_the_client() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let id = introduce(&me, &friend, "hello").await;
    let write = "mutation($id: ID!) { writeIntroduction(input: { userId: $id, body: \"b\" }) {
        userErrors { code } } }";
    let delete = "mutation($id: ID!) { deleteIntroduction(input: { introductionId: $id }) {
        userErrors { code } } }";
    for (document, id) in [
        (write, id.clone()),
        (write, json!("nonsense")),
        (delete, json!(friend.id())),
        (delete, json!("")),
    ] {
        assert_eq!(me.error(document, json!({ "id": id })).await, "INVALID_ID");
    }
    // One that could be, and is of oneself by oneself.
    let own = me.viewer.id().unwrap();
    let own = GlobalId::encode(Kind::Introduction, &[own, own]).to_string();
    let input = json!({ "introductionId": own });
    assert_eq!(me.refusal("deleteIntroduction", input).await, "NOT_FOUND");
    let page = "{ viewer { writtenIntroductions(first: 101) { nodes { id } } } }";
    assert_eq!(me.error(page, json!({})).await, "INVALID_PAGE");
    // A cursor is of its own list.
    let document = "{ viewer { writtenIntroductions { pageInfo { endCursor } } } }";
    let found = me.run(document, json!({})).await;
    let cursor = &found["viewer"]["writtenIntroductions"]["pageInfo"]["endCursor"];
    let page = "query($after: String) { user(username: \"friend\") {
        introductions(after: $after) { nodes { id } } } }";
    let code = me.error(page, json!({ "after": cursor })).await;
    assert_eq!(code, "INVALID_CURSOR");
}

#[tokio::test]
async fn somebody_under_18_and_a_friend_who_is_not_introduce_each_other() {
    let world = World::new().await;
    let adult = world.person("adult").await;
    let minor = world.person_born("minor", "1990-04-01").await;
    let form = json!({ "places": 1 });
    let made = minor.mutate("createInvitation", form, "code").await;
    let form = json!({ "username": "parent", "nickname": "…", "password": "three blind mice",
        "birthDate": "1960-04-01", "invitationCode": made["code"] });
    world.anonymous().mutate("signUp", form, "").await;
    let parent = world.known("parent").await;
    let of_parent = introduce(&minor, &parent, "my mother").await;
    let of_minor = introduce(&parent, &minor, "my child").await;
    // Who is out of reach sees what stands on a third one's profile, and nothing of the minor's own.
    assert_eq!(count(&adult, &parent).await, 1);
    assert_eq!(super::by_id(&adult, &of_parent).await["body"], "my mother");
    assert_eq!(count(&adult, &minor).await, 0);
    assert_eq!(super::by_id(&adult, &of_minor).await, Value::Null);
    let input = json!({ "introductionId": of_minor });
    let refused = adult.refusal("deleteIntroduction", input).await;
    assert_eq!(refused, "NOT_FOUND");
    let input = json!({ "introductionId": of_parent });
    let refused = adult.refusal("deleteIntroduction", input).await;
    assert_eq!(refused, "NOT_YOURS");
    // A friend in common is a tie.
    adult.befriend(&parent).await;
    assert_eq!(count(&adult, &minor).await, 1);
    assert_eq!(super::by_id(&adult, &of_minor).await["body"], "my child");
    agrees(&world).await;
}
