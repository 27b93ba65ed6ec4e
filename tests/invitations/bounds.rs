//! For how many people a member can make invitations, and what is no number of places.

use ashiato::{
    cli::admin::{Change, change},
    config::Rules,
};
use rstest::rstest;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{MINE, invite, join};
use crate::support::{sql, world::World};

#[tokio::test]
async fn a_member_invites_so_many_and_an_administrator_any_number() {
    let world = World::with(Rules {
        invitations_per_member: 3,
        ..Rules::default()
    })
    .await;
    let inviter = world.person("inviter").await;
    let refused = |places: i32| inviter.refusal("createInvitation", json!({ "places": places }));
    assert_eq!(refused(4).await, "INVITATION_LIMIT_REACHED");
    let code = invite(&inviter, 2).await;
    assert_eq!(refused(2).await, "INVITATION_LIMIT_REACHED");
    invite(&inviter, 1).await;
    assert_eq!(refused(1).await, "INVITATION_LIMIT_REACHED");
    // Who came stays counted when the invitation ends, the open place does not.
    join(&world, "newcomer", &code).await;
    let mine = inviter.run(MINE, json!({})).await["viewer"].clone();
    let first = mine["invitations"]["nodes"][1]["id"].clone();
    for _ in 0..2 {
        let input = json!({ "invitationId": first });
        inviter.mutate("revokeInvitation", input, "").await;
    }
    assert_eq!(refused(2).await, "INVITATION_LIMIT_REACHED");
    invite(&inviter, 1).await;

    world.make_administrator(&inviter).await;
    invite(&inviter, 100).await;
    let left = inviter.run(MINE, json!({})).await["viewer"]["invitationPlacesLeft"].clone();
    assert_eq!(left, Value::Null);
}

#[rstest]
#[case(json!({ "places": 0 }), "places")]
#[case(json!({ "places": 101 }), "places")]
#[case(json!({ "expiresInDays": 0 }), "expiresInDays")]
#[case(json!({ "expiresInDays": 91 }), "expiresInDays")]
#[tokio::test]
async fn figures_out_of_range_are_said(#[case] input: Value, #[case] field: &str) {
    let world = World::new().await;
    let inviter = world.person("inviter").await;
    let refused = inviter.attempt("createInvitation", input, "code").await;
    let why = json!([{ "code": "NUMBER_OUT_OF_RANGE", "field": [field] }]);
    assert_eq!(
        (&refused["userErrors"], &refused["code"]),
        (&why, &Value::Null)
    );
}

/// Who invites may have as many friends as a user can have.
#[tokio::test]
async fn a_full_inviter_brings_in_all_the_same() {
    let world = World::with(Rules {
        friend_limit: 1,
        ..Rules::default()
    })
    .await;
    let (inviter, friend) = (world.person("inviter").await, world.person("friend").await);
    let code = invite(&inviter, 1).await;
    inviter.befriend(&friend).await;
    join(&world, "newcomer", &code).await;
    let newcomer = world.known("newcomer").await;
    let mine = newcomer.run(MINE, json!({})).await["viewer"].clone();
    assert_eq!(mine["inviter"]["username"], "inviter");
    assert_eq!(mine["user"]["friendCount"], 0);
    // Nothing of the attempt is left: the newcomer has room.
    newcomer.befriend(&world.person("other").await).await;
}

/// Somebody must be the first.
#[tokio::test]
async fn the_operator_invites_too() {
    let world = super::by_invitation().await;
    let invite = async |by: Option<&str>, places| {
        let by = by.map(str::to_owned);
        let asked = Change::Invite {
            by,
            places,
            days: 1,
        };
        change(&world.app, asked, std::io::empty()).await
    };
    let code = invite(None, 1).await.unwrap();
    let offer = "query($code: String!) { invitationOffer(code: $code) { inviter { id } } }";
    let offered = world.anonymous().run(offer, json!({ "code": code })).await;
    assert_eq!(offered["invitationOffer"], json!({ "inviter": null }));
    join(&world, "first", &code).await;
    let first = world.known("first").await;
    let mine = first.run(MINE, json!({})).await["viewer"].clone();
    assert_eq!(
        (&mine["inviter"], &mine["user"]["friendCount"]),
        (&Value::Null, &json!(0))
    );
    let code = invite(Some("first"), 2).await.unwrap();
    join(&world, "second", &code).await;
    let second = world.known("second").await.run(MINE, json!({})).await;
    assert_eq!(second["viewer"]["inviter"]["username"], "first");
    assert!(
        invite(None, 0)
            .await
            .unwrap_err()
            .to_string()
            .contains("1 to 100")
    );
    assert!(invite(Some("nobody"), 1).await.is_err());
}

/// A world in which nobody has more codes at once than these.
async fn with_codes(invitation_codes_per_member: i64) -> World {
    World::with(Rules {
        invitation_codes_per_member,
        ..Rules::default()
    })
    .await
}

async fn codes(world: &World) -> i64 {
    let db = world.app.database.reader();
    let count = sql::own(db, "SELECT count(*) FROM invitation_codes");
    let rows = db.query_all_raw(count).await.unwrap();
    rows[0].try_get_by_index(0).unwrap()
}

const LIMIT: &str = "INVITATION_CODE_LIMIT_REACHED";

#[tokio::test]
async fn a_call_that_is_repeated_gives_no_more_codes_than_may_be() {
    let world = with_codes(4).await;
    let inviter = world.person("inviter").await;
    let keyed = json!({ "idempotencyKey": "invite" });
    let mut given = Vec::new();
    for _ in 0..3 {
        let made = inviter
            .mutate("createInvitation", keyed.clone(), "code")
            .await;
        given.push(made["code"].as_str().unwrap().to_owned());
    }
    invite(&inviter, 1).await;
    for input in [keyed.clone(), json!({}), json!({ "idempotencyKey": "new" })] {
        assert_eq!(inviter.refusal("createInvitation", input).await, LIMIT);
    }
    // Others have their own, and an administrator has no more.
    let other = world.person("other").await;
    invite(&other, 1).await;
    world.make_administrator(&inviter).await;
    assert_eq!(inviter.refusal("createInvitation", json!({})).await, LIMIT);
    assert_eq!(codes(&world).await, 5);
    // All that were given are good; those of an invitation go with it.
    let mine = inviter.run(MINE, json!({})).await["viewer"].clone();
    let first = mine["invitations"]["nodes"][1]["id"].clone();
    join(&world, "newcomer", &given[2]).await;
    let input = json!({ "invitationId": first });
    inviter.mutate("revokeInvitation", input, "").await;
    assert_eq!(codes(&world).await, 2);
    for code in &given {
        assert_eq!(
            super::refusal(&world, "late", code).await,
            "INVITATION_INVALID"
        );
    }
    for _ in 0..3 {
        invite(&inviter, 1).await;
    }
    assert_eq!(inviter.refusal("createInvitation", json!({})).await, LIMIT);
    // Or with time.
    world.clock.advance(chrono::Duration::days(14));
    invite(&inviter, 1).await;
}

/// What lets nobody in any more keeps nobody from inviting.
#[tokio::test]
async fn codes_of_invitations_that_are_used_up_do_not_count() {
    let world = with_codes(2).await;
    let inviter = world.person("inviter").await;
    for place in 0..5 {
        let code = invite(&inviter, 1).await;
        join(&world, &format!("newcomer{place}"), &code).await;
    }
    assert_eq!(codes(&world).await, 5);
    for _ in 0..2 {
        invite(&inviter, 1).await;
    }
    assert_eq!(inviter.refusal("createInvitation", json!({})).await, LIMIT);
}

#[tokio::test]
async fn who_makes_invitations_and_ends_them_piles_up_nothing() {
    let world = with_codes(2).await;
    let inviter = world.person("inviter").await;
    for _ in 0..5 {
        invite(&inviter, 20).await;
        let mine = inviter.run(MINE, json!({})).await["viewer"].clone();
        let id = mine["invitations"]["nodes"][0]["id"].clone();
        let input = json!({ "invitationId": id });
        inviter.mutate("revokeInvitation", input, "").await;
        assert_eq!(codes(&world).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_calls_that_are_repeated_at_once_as_many_give_a_code_as_may_be() {
    let world = with_codes(5).await;
    let inviter = world.person("inviter").await;
    let keyed = json!({ "idempotencyKey": "invite" });
    inviter.mutate("createInvitation", keyed.clone(), "").await;
    let calls = (0..12).map(|_| inviter.attempt("createInvitation", keyed.clone(), "code"));
    let answers = futures_util::future::join_all(calls).await;
    let given = answers.iter().filter(|answer| answer["code"].is_string());
    assert_eq!(given.count(), 4, "{answers:?}");
    let refused = answers
        .iter()
        .filter(|answer| answer["userErrors"][0]["code"] == LIMIT);
    assert_eq!(refused.count(), 8);
    assert_eq!(codes(&world).await, 5);
}
