//! Suspension: the sessions end, nobody comes in, and the user is absent for everybody but those who look
//! after them, until that is over.

mod absent;
mod doors;
mod kept;
mod lists;
mod servers;
mod staff;

use ashiato::cli::admin::{Change, change};
use chrono::Duration;
use entity::values::Role;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

/// Has `by` suspend `who` until that is lifted.
async fn suspend(by: &Person<'_>, who: &Person<'_>) {
    let input = json!({ "userId": who.id(), "reason": "spam" });
    by.mutate("suspendUser", input, "").await;
}

async fn lift(by: &Person<'_>, who: &Person<'_>) {
    by.mutate("liftSuspension", json!({ "userId": who.id() }), "")
        .await;
}

/// Whether `me` finds `other`, by name and by id.
async fn finds(me: &Person<'_>, other: &Person<'_>) -> bool {
    let document = "query($name: String!, $id: ID!) {
        user(username: $name) { username } node(id: $id) { id } }";
    let variables = json!({ "name": other.username, "id": other.id() });
    let found = me.run(document, variables).await;
    assert_eq!(found["user"].is_null(), found["node"].is_null(), "{found}");
    !found["user"].is_null()
}

#[tokio::test]
async fn who_is_suspended_is_absent_for_all_but_moderators_until_it_is_lifted_or_over() {
    let world = World::new().await;
    let (moderator, administrator) = (
        world.moderator("moderator").await,
        world.person("administrator").await,
    );
    world.give_role(&administrator, Role::Administrator).await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let nobody = world.anonymous();
    let everybody = [&me, &nobody, &moderator, &administrator];
    let sees = async || {
        let mut seen = Vec::new();
        for who in everybody {
            seen.push(finds(who, &other).await);
        }
        seen
    };
    assert_eq!(sees().await, [true; 4]);
    let input = json!({ "userId": other.id(), "reason": "spam" });
    let fields = "user { username suspension { since until reason } }";
    let done = moderator.mutate("suspendUser", input, fields).await;
    let suspension =
        json!({ "since": "2006-05-01T03:00:00.000Z", "until": null, "reason": "spam" });
    assert_eq!(done["user"]["suspension"], suspension);
    assert_eq!(sees().await, [false, false, true, true]);
    lift(&moderator, &other).await;
    assert_eq!(sees().await, [true; 4]);
    // By the clock alone.
    let input = json!({ "userId": other.id(), "reason": "spam again",
        "until": "2006-05-01T04:00:00Z" });
    moderator.mutate("suspendUser", input, "").await;
    world.clock.advance(Duration::minutes(59));
    assert_eq!(sees().await, [false, false, true, true]);
    world.clock.advance(Duration::minutes(1));
    assert_eq!(sees().await, [true; 4]);
    let document = "query($name: String!) { user(username: $name) { suspension { reason } } }";
    let seen = moderator.run(document, json!({ "name": "other" })).await;
    assert_eq!(seen["user"]["suspension"], Value::Null, "it is over");
    let input = json!({ "userId": other.id() });
    let refused = moderator.refusal("liftSuspension", input).await;
    assert_eq!(refused, "NOT_SUSPENDED");
    // What is over goes in time.
    let swept = ashiato::housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.suspensions, 0, "not before its end is past");
    world.clock.advance(Duration::seconds(1));
    let swept = ashiato::housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.suspensions, 2);
}

#[tokio::test]
async fn nobody_but_who_has_a_higher_role_suspends_or_lifts() {
    let world = World::new().await;
    let (moderator, colleague) = (
        world.moderator("moderator").await,
        world.moderator("colleague").await,
    );
    let (administrator, other_administrator) = (
        world.person("administrator").await,
        world.person("another").await,
    );
    for person in [&administrator, &other_administrator] {
        world.give_role(person, Role::Administrator).await;
    }
    let (member, other) = (world.person("member").await, world.person("other").await);
    let suspends = "mutation($id: ID!) { suspendUser(input: { userId: $id, reason: \"r\" }) {
        userErrors { code } } }";
    let lifts = "mutation($id: ID!) { liftSuspension(input: { userId: $id }) {
        userErrors { code } } }";
    let nobodys = World::new().await.person("elsewhere").await.id();
    for id in [other.id(), member.id(), nobodys.clone()] {
        for document in [suspends, lifts] {
            let id = json!({ "id": id });
            assert_eq!(member.error(document, id).await, "FORBIDDEN");
        }
    }
    for (by, whom) in [
        (&moderator, &moderator),
        (&moderator, &colleague),
        (&moderator, &administrator),
        (&administrator, &administrator),
        (&administrator, &other_administrator),
    ] {
        let input = json!({ "userId": whom.id(), "reason": "r" });
        assert_eq!(by.refusal("suspendUser", input).await, "CANNOT_SUSPEND");
    }
    suspend(&administrator, &moderator).await;
    let input = json!({ "userId": moderator.id() });
    assert_eq!(
        colleague.refusal("liftSuspension", input).await,
        "CANNOT_SUSPEND"
    );
    lift(&administrator, &moderator).await;
    let input = json!({ "userId": nobodys, "reason": "r" });
    assert_eq!(
        administrator.refusal("suspendUser", input).await,
        "NOT_FOUND"
    );
    for (wrong, code) in [
        (json!({ "reason": "" }), "TEXT_REQUIRED"),
        (json!({ "reason": "字".repeat(501) }), "TEXT_TOO_LONG"),
        (json!({ "until": "2006-05-01T03:00:00Z" }), "TIME_NOT_AHEAD"),
    ] {
        let mut input = json!({ "userId": other.id(), "reason": "字".repeat(500) });
        for (field, value) in wrong.as_object().unwrap() {
            input[field] = value.clone();
        }
        assert_eq!(administrator.refusal("suspendUser", input).await, code);
    }
    assert!(finds(&member, &other).await);
    // A block shields nobody from moderators.
    let input = json!({ "userId": administrator.id() });
    other.mutate("blockUser", input, "").await;
    let input = json!({ "userId": other.id(), "reason": "字".repeat(500) });
    administrator.mutate("suspendUser", input, "").await;
    assert!(!finds(&member, &other).await);
}

#[tokio::test]
async fn all_of_it_stands_in_the_audit_log_and_a_repeated_call_is_one() {
    let world = World::new().await;
    let administrator = world.person("administrator").await;
    world.give_role(&administrator, Role::Administrator).await;
    let other = world.person("other").await;
    let input = json!({ "userId": other.id(), "reason": "spam", "until": "2006-06-01T00:00:00Z",
        "idempotencyKey": "one" });
    for _ in 0..2 {
        administrator.mutate("suspendUser", input.clone(), "").await;
    }
    lift(&administrator, &other).await;
    // The call again is the same call.
    administrator.mutate("suspendUser", input, "").await;
    assert!(finds(&world.person("me").await, &other).await);
    let operator = async |asked| change(&world.app, asked, std::io::empty()).await;
    let username = || "other".to_owned();
    let asked = Change::Suspend {
        username: username(),
        reason: "again".to_owned(),
        days: Some(3),
    };
    let said = operator(asked).await.unwrap();
    assert_eq!(said, "other is suspended for 3 days");
    world.app.settle_absences().await;
    assert!(!finds(&world.anonymous(), &other).await);
    let said = operator(Change::Lift {
        username: username(),
    });
    assert_eq!(said.await.unwrap(), "other is there again");
    world.app.settle_absences().await;
    assert!(finds(&world.anonymous(), &other).await);
    let said = operator(Change::Lift {
        username: username(),
    });
    let said = said.await.unwrap_err().to_string();
    assert_eq!(said, "This user is not suspended.");
    let log = "query($user: ID) { auditLog(userId: $user) { nodes {
        act detail actor { username } } } }";
    let log = administrator.run(log, json!({ "user": other.id() })).await;
    let entries = log["auditLog"]["nodes"].as_array().unwrap().iter();
    let entries: Vec<_> = entries
        .map(|entry| {
            let actor = entry["actor"]["username"].as_str().unwrap_or("-");
            let (act, detail) = (entry["act"].as_str(), entry["detail"].as_str());
            format!("{actor} {} {}", act.unwrap(), detail.unwrap())
        })
        .collect();
    assert_eq!(
        entries,
        [
            "- SUSPENSION_LIFTED ",
            "- USER_SUSPENDED until 2006-05-04T03:00:00Z: again",
            "administrator SUSPENSION_LIFTED ",
            "administrator USER_SUSPENDED until 2006-06-01T00:00:00Z: spam",
        ]
    );
}

/// Who loses the role sees no more, and who gets it sees.
#[tokio::test]
async fn a_role_counts_from_when_it_is_given() {
    let world = World::new().await;
    let administrator = world.person("administrator").await;
    world.give_role(&administrator, Role::Administrator).await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    suspend(&administrator, &other).await;
    for (role, sees) in [("MODERATOR", true), ("MEMBER", false)] {
        let input = json!({ "userId": me.id(), "role": role });
        administrator.mutate("setRole", input, "").await;
        assert_eq!(finds(&me, &other).await, sees, "{role}");
    }
}
