//! Introductions before moderators: reported by whom they are of, or by anybody who sees them, and removed.

use serde_json::{Value, json};

use super::{agrees, by_id, count, introduce};
use crate::support::world::{Person, World};

const QUEUE: &str = "{ reports { nodes { id subjectId title body author { username }
    subject { __typename ... on Introduction { body author { username } } } } } }";

async fn queue(who: &Person<'_>) -> Vec<Value> {
    let found = who.run(QUEUE, json!({})).await;
    found["reports"]["nodes"].as_array().unwrap().clone()
}

async fn report(who: &Person<'_>, subject: &Value) {
    let input = json!({ "subjectId": subject, "reason": "HARASSMENT" });
    who.mutate("report", input, "reported").await;
}

#[tokio::test]
async fn what_is_reported_is_kept_as_it_was_and_removed_with_what_counts_it() {
    let world = World::cached().await;
    let moderator = world.moderator("moderator").await;
    let (subject, author) = (world.person("subject").await, world.person("author").await);
    let third = world.person("third").await;
    subject.befriend(&author).await;
    let id = introduce(&author, &subject, "not to be said of a friend").await;
    let own = json!({ "subjectId": id, "reason": "SPAM" });
    let refused = author.refusal("report", own).await;
    assert_eq!(refused, "CANNOT_REPORT_YOURSELF");
    report(&subject, &id).await;
    report(&third, &id).await;
    introduce(&author, &subject, "in other words").await;
    let waiting = queue(&moderator).await;
    assert_eq!(waiting.len(), 2);
    for node in &waiting {
        assert_eq!(node["subjectId"], id);
        assert_eq!(node["title"], "subject (SUBJECT)");
        assert_eq!(node["body"], "not to be said of a friend");
        assert_eq!(node["author"]["username"], "author");
        assert_eq!(
            node["subject"],
            json!({ "__typename": "Introduction", "body": "in other words",
                "author": { "username": "author" } })
        );
    }
    let input = json!({ "reportId": waiting[0]["id"], "decision": "REMOVE_CONTENT" });
    let fields = "report { state subject { __typename } }";
    let done = moderator.mutate("resolveReport", input, fields).await;
    assert_eq!(
        done["report"],
        json!({ "state": "CONTENT_REMOVED", "subject": null })
    );
    assert!(queue(&moderator).await.is_empty());
    assert_eq!(by_id(&subject, &id).await, Value::Null);
    assert_eq!(count(&third, &subject).await, 0);
    // They are friends as before.
    let again = introduce(&author, &subject, "a good friend").await;
    assert_eq!(again, id);
    agrees(&world).await;
}

#[tokio::test]
async fn what_has_gone_meanwhile_is_settled_all_the_same() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (subject, author) = (world.person("subject").await, world.person("author").await);
    subject.befriend(&author).await;
    let id = introduce(&author, &subject, "hello").await;
    report(&subject, &id).await;
    let input = json!({ "userId": author.id() });
    subject.mutate("endFriendship", input, "").await;
    let waiting = queue(&moderator).await;
    assert_eq!(waiting[0]["subject"], Value::Null);
    assert_eq!(waiting[0]["body"], "hello");
    let input = json!({ "reportId": waiting[0]["id"], "decision": "REMOVE_CONTENT" });
    moderator.mutate("resolveReport", input, "").await;
    assert!(queue(&moderator).await.is_empty());
    agrees(&world).await;
}

/// One, or two, for all introductions of a page.
#[tokio::test]
async fn a_page_of_reports_takes_as_many_statements_for_two_introductions_as_for_six() {
    let world = World::uncached().await;
    let moderator = world.moderator("moderator").await;
    let mut costs = Vec::new();
    for turn in 0..6 {
        let subject = world.person(&format!("subject{turn}")).await;
        let author = world.person(&format!("author{turn}")).await;
        subject.befriend(&author).await;
        let id = introduce(&author, &subject, "hello").await;
        report(&subject, &id).await;
        if ![1, 5].contains(&turn) {
            continue;
        }
        world.forget_statements();
        let waiting = queue(&moderator).await;
        assert_eq!(waiting.len(), turn + 1);
        assert!(
            waiting
                .iter()
                .all(|node| node["subject"]["body"] == "hello")
        );
        costs.push((world.statements(), world.statement_texts()));
    }
    assert_eq!(costs[0].0, costs[1].0, "{costs:#?}");
}
