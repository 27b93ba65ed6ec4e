//! Reports of pages and posts, and what becomes of those.

use serde_json::{Value, json};

use super::{add_editor, agrees, create, publish, told};
use crate::support::world::{Person, World};

const REPORTS: &str = "{ reports { nodes { id title body author { username }
    subject { __typename ... on Brand { handle } ... on BrandPost { brand { handle } } } } } }";

async fn report(who: &Person<'_>, subject: &str) {
    let input = json!({ "subjectId": subject, "reason": "IMPERSONATION" });
    who.mutate("report", input, "").await;
}

async fn reports(who: &Person<'_>) -> Vec<Value> {
    let data = who.run(REPORTS, json!({})).await;
    data["reports"]["nodes"].as_array().unwrap().clone()
}

#[tokio::test]
async fn pages_and_posts_are_reported_seen_and_removed() {
    let world = World::new().await;
    let (owner, editor) = (world.person("owner").await, world.person("editor").await);
    let (other, admin) = (world.person("other").await, world.person("admin").await);
    let moderator = world.moderator("moderator").await;
    world.make_administrator(&admin).await;
    owner.befriend(&editor).await;
    let page = create(&owner, "page").await;
    add_editor(&owner, &page, &editor).await;
    let post = publish(&editor, &page, "news").await;
    admin
        .mutate("verifyBrand", json!({ "brandId": page }), "")
        .await;
    for subject in [&page, &post] {
        for who in [&owner, &editor] {
            let input = json!({ "subjectId": subject, "reason": "SPAM" });
            assert_eq!(who.refusal("report", input).await, "CANNOT_REPORT_YOURSELF");
        }
        report(&other, subject).await;
    }
    let seen = reports(&moderator).await;
    let [of_page, of_post] = seen.as_slice() else {
        panic!("{seen:?}");
    };
    assert_eq!(
        *of_page,
        json!({ "id": of_page["id"], "title": "page (PAGE)", "body": "…", "author": { "username": "owner" },
            "subject": { "__typename": "Brand", "handle": "page" } })
    );
    assert_eq!(
        *of_post,
        json!({ "id": of_post["id"], "title": "page (PAGE)", "body": "news", "author": { "username": "editor" },
            "subject": { "__typename": "BrandPost", "brand": { "handle": "page" } } })
    );
    for report in [of_page, of_post] {
        let input = json!({ "reportId": report["id"], "decision": "REMOVE_CONTENT" });
        let settled = moderator.mutate("resolveReport", input, "report { state }");
        assert_eq!(settled.await["report"]["state"], "CONTENT_REMOVED");
    }
    let fields = "handle name description isVerified posts { totalCount }";
    assert_eq!(
        told(&other, &page, fields).await,
        json!({ "handle": "page", "name": "page", "description": "", "isVerified": false,
            "posts": { "totalCount": 0 } })
    );
    agrees(&world).await;
    let log = "{ auditLog(first: 2) { nodes { act subject { username } detail } } }";
    let log = admin.run(log, json!({})).await;
    let log = &log["auditLog"]["nodes"];
    assert_eq!(log[0]["subject"]["username"], "editor");
    assert_eq!(log[1]["subject"]["username"], "owner");
    assert!(
        log[1]["detail"]
            .as_str()
            .unwrap()
            .starts_with("brand's page ")
    );
}

#[tokio::test]
async fn whoever_runs_a_page_neither_sees_nor_settles_what_is_reported_of_it() {
    let world = World::new().await;
    let (owner, other) = (world.person("owner").await, world.person("other").await);
    let (moderator, second) = (
        world.moderator("moderator").await,
        world.moderator("second").await,
    );
    owner.befriend(&moderator).await;
    let page = create(&owner, "page").await;
    add_editor(&owner, &page, &moderator).await;
    let post = publish(&owner, &page, "news").await;
    for subject in [&page, &post] {
        report(&other, subject).await;
    }
    assert_eq!(reports(&moderator).await, Vec::<Value>::new());
    let all = reports(&second).await;
    assert_eq!(all.len(), 2);
    let by_id = "query($id: ID!) { node(id: $id) { id } }";
    let variables = json!({ "id": all[0]["id"] });
    let seen = moderator.run(by_id, variables.clone()).await;
    assert_eq!(seen["node"], Value::Null);
    let input = json!({ "reportId": all[0]["id"], "decision": "DISMISS" });
    let code = moderator.refusal("resolveReport", input.clone()).await;
    assert_eq!(code, "NOT_FOUND");
    assert_eq!(
        second.run(by_id, variables).await["node"]["id"],
        all[0]["id"]
    );
    second.mutate("resolveReport", input, "").await;
    // Suspending is of the owner.
    let input =
        json!({ "reportId": all[1]["id"], "decision": "SUSPEND_USER", "suspensionReason": "spam" });
    second.mutate("resolveReport", input, "").await;
    let gone = other
        .run("{ user(username: \"owner\") { id } }", json!({}))
        .await;
    assert_eq!(gone["user"], Value::Null);
    assert_eq!(told(&other, &page, "handle").await["handle"], "page");
}

#[tokio::test]
async fn what_is_not_there_is_not_reported() {
    let world = World::new().await;
    let (owner, other) = (world.person("owner").await, world.person("other").await);
    let page = create(&owner, "page").await;
    let post = publish(&owner, &page, "news").await;
    owner
        .mutate("deleteBrand", json!({ "brandId": page }), "")
        .await;
    for subject in [&page, &post] {
        let input = json!({ "subjectId": subject, "reason": "SPAM" });
        assert_eq!(other.refusal("report", input).await, "NOT_FOUND");
    }
}
