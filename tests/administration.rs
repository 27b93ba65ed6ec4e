//! Roles, and the audit log of what is done with them.

use ashiato::cli::admin::{Change, change};
use entity::values::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

const LOG: &str = "query($user: ID) { auditLog(userId: $user) {
    nodes { act detail at actor { username } subject { username } } pageInfo { hasNextPage } } }";

async fn log(who: &Person<'_>, of: Option<&Person<'_>>) -> Vec<Value> {
    let user = of.map(Person::id);
    let found = who.run(LOG, json!({ "user": user })).await;
    found["auditLog"]["nodes"].as_array().unwrap().clone()
}

fn acts(log: &[Value]) -> Vec<String> {
    let act = |entry: &Value| {
        let part = |name: &str| entry[name]["username"].as_str().unwrap_or("-").to_owned();
        let (act, detail) = (
            entry["act"].as_str().unwrap(),
            entry["detail"].as_str().unwrap(),
        );
        format!("{} {act} {} {detail}", part("actor"), part("subject"))
    };
    log.iter().map(act).collect()
}

#[tokio::test]
async fn administrators_give_roles_and_everything_stands_in_the_log() {
    let world = World::new().await;
    let (first, other) = (world.person("first").await, world.person("other").await);
    let operator = async |asked| change(&world.app, asked, std::io::empty()).await.unwrap();
    operator(Change::Role {
        username: "first".into(),
        role: Role::Administrator,
    })
    .await;
    let input = |role: &str| json!({ "userId": other.id(), "role": role });
    first
        .mutate("setRole", input("MODERATOR"), "user { id }")
        .await;
    let role = "{ viewer { role } }";
    assert_eq!(
        other.run(role, json!({})).await["viewer"]["role"],
        "MODERATOR"
    );
    let tarento = json!({ "userId": other.id(), "tarento": true });
    first.mutate("setTarento", tarento, "").await;
    operator(Change::Tarento {
        username: "other".into(),
        off: true,
    })
    .await;
    operator(Change::Invite {
        by: Some("other".into()),
        places: 3,
        days: 1,
    })
    .await;
    let all = log(&first, None).await;
    assert_eq!(
        acts(&all),
        [
            "- INVITATION_MADE other 3 places",
            "- TARENTO_ENDED other ",
            "first TARENTO_RECOGNISED other ",
            "first ROLE_GIVEN other MODERATOR",
            "- ROLE_GIVEN first ADMINISTRATOR",
        ]
    );
    assert_eq!(log(&first, Some(&first)).await, all[4..]);
    let page = "query($after: String) { auditLog(first: 2, after: $after) {
        nodes { act } pageInfo { endCursor hasNextPage } } }";
    let found = first.run(page, json!({})).await["auditLog"].clone();
    let after = found["pageInfo"]["endCursor"].clone();
    let found = first.run(page, json!({ "after": after })).await["auditLog"].clone();
    assert_eq!(found["nodes"][0]["act"], "TARENTO_RECOGNISED");
    assert_eq!(found["pageInfo"]["hasNextPage"], true);
    // What was refused, or undone, stands nowhere.
    let own = json!({ "userId": first.id(), "role": "MEMBER" });
    assert_eq!(
        first.refusal("setRole", own).await,
        "CANNOT_CHANGE_OWN_ROLE"
    );
    assert_eq!(log(&first, None).await.len(), 5);
}

#[tokio::test]
async fn nobody_else_gives_roles_or_reads_the_log() {
    let world = World::new().await;
    let (admin, other) = (world.person("admin").await, world.person("other").await);
    world.make_administrator(&admin).await;
    let give = "mutation($user: ID!) { setRole(input: { userId: $user, role: ADMINISTRATOR }) {
        userErrors { code } } }";
    let reads = "{ auditLog { nodes { act } } }";
    for role in ["MEMBER", "MODERATOR"] {
        let input = json!({ "userId": other.id(), "role": role });
        admin.mutate("setRole", input, "").await;
        let user = json!({ "user": other.id() });
        assert_eq!(other.error(give, user).await, "FORBIDDEN");
        assert_eq!(other.error(reads, json!({})).await, "FORBIDDEN");
    }
    assert_eq!(
        world.anonymous().error(reads, json!({})).await,
        "UNAUTHENTICATED"
    );
    // Who loses the role has lost it.
    let input = json!({ "userId": other.id(), "role": "ADMINISTRATOR" });
    admin.mutate("setRole", input, "").await;
    other.run(reads, json!({})).await;
    let input = json!({ "userId": admin.id(), "role": "MEMBER" });
    other.mutate("setRole", input, "").await;
    assert_eq!(admin.error(reads, json!({})).await, "FORBIDDEN");
}

/// Two who take the role from each other at the same time: one of them keeps it.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_is_always_left() {
    let world = World::new().await;
    for turn in 0..10 {
        let (a, b) = (
            world.person(&format!("a{turn}")).await,
            world.person(&format!("b{turn}")).await,
        );
        world.make_administrator(&a).await;
        world.make_administrator(&b).await;
        let take = "mutation($user: ID!) { setRole(input: { userId: $user, role: MEMBER }) {
            userErrors { code } } }";
        let (one, other) = tokio::join!(
            a.answer(take, json!({ "user": b.id() })),
            b.answer(take, json!({ "user": a.id() })),
        );
        let done = [one, other]
            .iter()
            .filter(|it| it.get("errors").is_none())
            .count();
        assert_eq!(done, 1, "turn {turn}");
    }
}

/// Whoever holds the database by this program's account cannot make it forget.
#[tokio::test]
async fn the_database_refuses_to_change_the_log() {
    let world = World::new().await;
    let person = world.person("person").await;
    world.make_tarento(&person).await;
    let other = sea_orm::Database::connect(&world.url).await.unwrap();
    for change in [
        "UPDATE audit_log SET detail = 'nothing'",
        "DELETE FROM audit_log",
    ] {
        let refused = other
            .execute_unprepared(change)
            .await
            .unwrap_err()
            .to_string();
        assert!(refused.contains("audit log"), "{change}: {refused}");
    }
    let kept = other
        .query_all_raw(sea_orm::Statement::from_string(
            other.get_database_backend(),
            "SELECT act FROM audit_log",
        ))
        .await
        .unwrap();
    assert_eq!(kept.len(), 1);
}
