//! What becomes of reports: in one transaction with what is done, for all that wait of a subject.

use ashiato::{
    bulk::recount::recount,
    cli::admin::{Change, change},
};
use entity::values::Role;
use serde_json::{Value, json};

use super::{Things, queue, report};
use crate::support::world::{Person, World};

async fn resolve(who: &Person<'_>, report: &Value, more: Value) -> Value {
    let mut input = json!({ "reportId": report });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    let fields = "report { state note resolvedAt resolver { username } }";
    who.mutate("resolveReport", input, fields).await["report"].clone()
}

async fn recounted(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn what_is_removed_is_gone_with_all_that_counts_it() {
    let world = World::cached().await;
    let moderator = world.moderator("moderator").await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let author = world.person("author").await;
    let things = Things::of(&author).await;
    let page = "query($diary: ID!, $review: ID!) {
        user(username: \"author\") { nickname bio diaries { totalCount } reviews { totalCount } }
        diary: node(id: $diary) { ... on Diary { commentCount comments { totalCount } } }
        review: node(id: $review) { id } }";
    let ids = json!({ "diary": things.diary, "review": things.review });
    let seen = async || me.run(page, ids.clone()).await;
    let whole = seen().await;
    assert_eq!(whole["diary"]["commentCount"], 1);
    let subjects = [
        json!(author.id()),
        things.comment.clone(),
        things.review.clone(),
        things.diary.clone(),
    ];
    for subject in &subjects {
        report(&me, subject, "SPAM").await;
        report(&other, subject, "HATE").await;
    }
    assert_eq!(queue(&moderator, "OPEN").await.len(), 8);
    for left in [6, 4, 2, 0] {
        let oldest = queue(&moderator, "OPEN").await[0]["id"].clone();
        let more = json!({ "decision": "REMOVE_CONTENT", "note": "against the rules" });
        let settled = resolve(&moderator, &oldest, more).await;
        assert_eq!(settled["state"], "CONTENT_REMOVED");
        assert_eq!(settled["note"], "against the rules");
        // Both reports of the subject, and no other.
        assert_eq!(queue(&moderator, "OPEN").await.len(), left);
        recounted(&world).await;
        let now = seen().await;
        match left {
            6 => {
                assert_eq!(now["user"]["bio"], "");
                assert_eq!(now["user"]["nickname"], "author");
                assert_eq!(now["diary"], whole["diary"]);
            }
            4 => {
                let none = json!({ "commentCount": 0, "comments": { "totalCount": 0 } });
                assert_eq!(now["diary"], none);
            }
            2 => {
                assert_eq!(now["review"], Value::Null);
                assert_eq!(now["user"]["reviews"]["totalCount"], 0);
            }
            _ => {
                assert_eq!(now["diary"], Value::Null);
                assert_eq!(now["user"]["diaries"]["totalCount"], 0);
            }
        }
    }
    assert_eq!(queue(&moderator, "CONTENT_REMOVED").await.len(), 8);
}

#[tokio::test]
async fn what_its_author_has_removed_is_settled_all_the_same() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let things = Things::of(&author).await;
    for subject in [&things.comment, &things.diary, &things.review] {
        report(&me, subject, "SPAM").await;
    }
    author
        .mutate("deleteDiary", json!({ "diaryId": things.diary }), "")
        .await;
    author
        .mutate("deleteReview", json!({ "reviewId": things.review }), "")
        .await;
    for waiting in queue(&moderator, "OPEN").await {
        let more = json!({ "decision": "REMOVE_CONTENT" });
        let settled = resolve(&moderator, &waiting["id"], more).await;
        assert_eq!(settled["state"], "CONTENT_REMOVED");
    }
    recounted(&world).await;
}

#[tokio::test]
async fn whose_it_is_can_be_suspended_with_it() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let colleague = world.moderator("colleague").await;
    let diary = json!(author.write("d", "PUBLIC").await);
    report(&me, &diary, "SPAM").await;
    report(&me, &json!(colleague.id()), "SPAM").await;
    let waiting = queue(&moderator, "OPEN").await;
    let [of_author, of_colleague] = [&waiting[0]["id"], &waiting[1]["id"]];
    // Nothing is settled where that is refused.
    for (report, more, code) in [
        (of_author, json!({}), "TEXT_REQUIRED"),
        (
            of_author,
            json!({ "suspensionReason": "r", "suspendUntil": "2006-05-01T03:00:00Z" }),
            "TIME_NOT_AHEAD",
        ),
        (
            of_colleague,
            json!({ "suspensionReason": "r" }),
            "CANNOT_SUSPEND",
        ),
        (
            of_author,
            json!({ "suspensionReason": "r", "note": "字".repeat(1001) }),
            "TEXT_TOO_LONG",
        ),
    ] {
        let mut input = json!({ "reportId": report, "decision": "SUSPEND_USER" });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        assert_eq!(moderator.refusal("resolveReport", input).await, code);
    }
    assert_eq!(queue(&moderator, "OPEN").await.len(), 2);
    let more = json!({ "decision": "SUSPEND_USER", "suspensionReason": "spam",
        "suspendUntil": "2006-06-01T00:00:00Z" });
    let settled = resolve(&moderator, of_author, more).await;
    assert_eq!(settled["state"], "USER_SUSPENDED");
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let id = json!({ "id": diary });
    assert_eq!(me.run(node, id.clone()).await["node"], Value::Null);
    let document =
        "query($id: ID!) { node(id: $id) { ... on User { suspension { until reason } } } }";
    let seen = moderator.run(document, json!({ "id": author.id() })).await;
    let suspension = json!({ "until": "2006-06-01T00:00:00.000Z", "reason": "spam" });
    assert_eq!(seen["node"]["suspension"], suspension);
    let input = json!({ "reportId": of_author, "decision": "DISMISS" });
    assert_eq!(
        moderator.refusal("resolveReport", input).await,
        "ALREADY_RESOLVED"
    );
}

#[tokio::test]
async fn every_decision_stands_in_the_audit_log_once() {
    let world = World::new().await;
    let administrator = world.person("administrator").await;
    world.give_role(&administrator, Role::Administrator).await;
    let moderator = world.moderator("moderator").await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let things = Things::of(&author).await;
    report(&me, &things.comment, "SPAM").await;
    report(&me, &things.review, "SPAM").await;
    report(&me, &json!(author.id()), "SPAM").await;
    let said = change(&world.app, Change::Reports { first: 2 }, std::io::empty());
    assert_eq!(
        said.await.unwrap(),
        "2006-05-01 03:00 SPAM comment of author, by me: \"\" \"\"\n\
         2006-05-01 03:00 SPAM review of author, by me: \"An album: 2 of 5\" \"\""
    );
    let waiting = queue(&moderator, "OPEN").await;
    for (place, more) in [
        json!({ "decision": "DISMISS", "note": "fine", "idempotencyKey": "k" }),
        json!({ "decision": "REMOVE_CONTENT", "note": "字".repeat(1000) }),
        json!({ "decision": "SUSPEND_USER", "suspensionReason": "spam" }),
    ]
    .into_iter()
    .enumerate()
    {
        resolve(&moderator, &waiting[place]["id"], more.clone()).await;
        if place == 0 {
            resolve(&moderator, &waiting[place]["id"], more).await;
        }
    }
    let log = "query($user: ID) { auditLog(userId: $user) { nodes { act detail
        actor { username } } } }";
    let log = administrator.run(log, json!({ "user": author.id() })).await;
    let entries = log["auditLog"]["nodes"].as_array().unwrap();
    let acts: Vec<_> = entries.iter().map(|entry| entry["act"].clone()).collect();
    assert_eq!(
        acts,
        ["USER_SUSPENDED", "CONTENT_REMOVED", "REPORT_DISMISSED"]
    );
    for entry in entries {
        assert_eq!(entry["actor"]["username"], "moderator");
    }
    let comment = things.comment.as_str().unwrap();
    assert_eq!(entries[2]["detail"], format!("comment {comment}: fine"));
    let said = change(&world.app, Change::Reports { first: 2 }, std::io::empty());
    assert_eq!(said.await.unwrap(), "no report waits");
}
