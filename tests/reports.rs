//! Reports: of what one sees, kept as it was, for moderators alone.

mod bounds;
mod resolving;

use serde_json::{Value, json};

use crate::support::world::{Person, World};

/// All that a moderator sees of a report.
const QUEUE: &str = "query($state: ReportState, $first: Int, $after: String) {
    reports(state: $state, first: $first, after: $after) { totalCount
        pageInfo { endCursor hasNextPage } nodes {
            id subjectId title body reason details state createdAt resolvedAt note reportCount
            author { username } reporter { username } resolver { username }
            subject { __typename ... on User { bio } ... on Diary { title } ... on DiaryComment { body }
                ... on Review { rating } } } } }";

async fn queue(who: &Person<'_>, state: &str) -> Vec<Value> {
    let found = who.run(QUEUE, json!({ "state": state })).await;
    found["reports"]["nodes"].as_array().unwrap().clone()
}

async fn report(who: &Person<'_>, subject: &Value, reason: &str) {
    let input = json!({ "subjectId": subject, "reason": reason });
    let done = who.mutate("report", input, "reported").await;
    assert_eq!(done["reported"], true);
}

/// A diary of `author`'s with a comment by them, and a review.
struct Things {
    diary: Value,
    comment: Value,
    review: Value,
}

impl Things {
    async fn of(author: &Person<'_>) -> Self {
        let diary = json!({ "title": "a day", "body": "dear diary", "audience": "MEMBERS" });
        let diary = author.mutate("writeDiary", diary, "diary { id }").await;
        let diary = diary["diary"]["id"].clone();
        let input = json!({ "diaryId": diary, "body": "a comment" });
        let comment = author
            .mutate("commentOnDiary", input, "comment { id }")
            .await;
        let input = json!({ "kind": "CD", "title": "An album" });
        let item = author
            .attempt("addCatalogueItem", input, "item { id }")
            .await;
        let input = json!({ "itemId": item["item"]["id"], "rating": 2, "body": "a review" });
        let review = author.mutate("reviewItem", input, "review { id }").await;
        author
            .mutate("editProfile", json!({ "bio": "a bio" }), "")
            .await;
        Self {
            diary,
            comment: comment["comment"]["id"].clone(),
            review: review["review"]["id"].clone(),
        }
    }
}

#[tokio::test]
async fn what_is_reported_is_kept_as_it_was_whatever_becomes_of_it() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let things = Things::of(&author).await;
    let user = json!(author.id());
    let input = json!({ "subjectId": user, "reason": "MINOR_AT_RISK", "details": "see\nthere" });
    me.mutate("report", input, "").await;
    world.clock.advance(chrono::Duration::minutes(1));
    for (subject, reason) in [
        (&things.diary, "HATE"),
        (&things.comment, "SPAM"),
        (&things.review, "OTHER"),
    ] {
        report(&me, subject, reason).await;
    }
    let before = queue(&moderator, "OPEN").await;
    let part = |nodes: &[Value], name: &str| -> Vec<Value> {
        nodes.iter().map(|node| node[name].clone()).collect()
    };
    let titles = ["author (AUTHOR)", "a day", "", "An album: 2 of 5"];
    assert_eq!(part(&before, "title"), titles);
    let bodies = ["a bio", "dear diary", "a comment", "a review"];
    assert_eq!(part(&before, "body"), bodies);
    let reasons = ["MINOR_AT_RISK", "HATE", "SPAM", "OTHER"];
    assert_eq!(part(&before, "reason"), reasons);
    let subjects = before.iter().map(|node| node["subject"].clone());
    assert_eq!(
        subjects.collect::<Vec<_>>(),
        [
            json!({ "__typename": "User", "bio": "a bio" }),
            json!({ "__typename": "Diary", "title": "a day" }),
            json!({ "__typename": "DiaryComment", "body": "a comment" }),
            json!({ "__typename": "Review", "rating": 2 }),
        ]
    );
    let first = &before[0];
    assert_eq!(first["details"], "see\nthere");
    assert_eq!(first["subjectId"], user);
    assert_eq!(first["createdAt"], "2006-05-01T03:00:00.000Z");
    assert_eq!(first["author"]["username"], "author");
    assert_eq!(first["reporter"]["username"], "me");
    for name in ["resolver", "resolvedAt"] {
        assert_eq!(first[name], Value::Null);
    }
    // What its author changes, hides or removes stays before the moderators.
    author.mutate("editProfile", json!({ "bio": "" }), "").await;
    let edit = json!({ "diaryId": things.diary, "title": "t", "body": "b", "audience": "ONLY_ME" });
    author.mutate("editDiary", edit, "").await;
    author
        .mutate("deleteReview", json!({ "reviewId": things.review }), "")
        .await;
    let after = queue(&moderator, "OPEN").await;
    assert_eq!(part(&after, "title"), titles);
    assert_eq!(part(&after, "body"), bodies);
    for place in [1, 2, 3] {
        assert_eq!(after[place]["subject"], Value::Null, "{}", after[place]);
    }
}

#[tokio::test]
async fn the_same_again_while_it_waits_changes_nothing() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let author = world.person("author").await;
    let user = json!(author.id());
    let input = json!({ "subjectId": user, "reason": "SPAM", "idempotencyKey": "one" });
    for _ in 0..2 {
        me.mutate("report", input.clone(), "").await;
    }
    report(&me, &user, "HATE").await;
    report(&other, &user, "HATE").await;
    let waiting = queue(&moderator, "OPEN").await;
    assert_eq!(waiting.len(), 2);
    assert_eq!(waiting[0]["reason"], "SPAM");
    assert_eq!(
        [&waiting[0]["reportCount"], &waiting[1]["reportCount"]],
        [2, 2]
    );
    let input = json!({ "reportId": waiting[0]["id"], "decision": "DISMISS" });
    moderator.mutate("resolveReport", input, "").await;
    assert!(queue(&moderator, "OPEN").await.is_empty());
    // It is settled: another time is another report.
    report(&me, &user, "HATE").await;
    let waiting = queue(&moderator, "OPEN").await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["reportCount"], 3);
}

#[tokio::test]
async fn the_queue_is_read_oldest_first_in_pages_and_by_state() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let me = world.person("me").await;
    for person in world.people("person", 5).await {
        world.clock.advance(chrono::Duration::minutes(1));
        report(&me, &json!(person.id()), "SPAM").await;
    }
    let (mut names, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = json!({ "first": 2, "after": after });
        let found = moderator.run(QUEUE, page).await["reports"].clone();
        let nodes = found["nodes"].as_array().unwrap();
        names.extend(nodes.iter().map(|node| node["author"]["username"].clone()));
        after = found["pageInfo"]["endCursor"].clone();
        assert_eq!(found["totalCount"], Value::Null);
        if found["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let all = ["person0", "person1", "person2", "person3", "person4"];
    assert_eq!(names, all);
    let oldest = queue(&moderator, "OPEN").await[0]["id"].clone();
    let input = json!({ "reportId": oldest, "decision": "DISMISS", "note": "nothing" });
    let fields = "report { state note resolver { username } }";
    let done = moderator.mutate("resolveReport", input, fields).await;
    assert_eq!(
        done["report"],
        json!({ "state": "DISMISSED", "note": "nothing",
            "resolver": { "username": "moderator" } })
    );
    assert_eq!(queue(&moderator, "OPEN").await.len(), 4);
    let settled = queue(&moderator, "DISMISSED").await;
    assert_eq!(settled.len(), 1);
    assert_eq!(settled[0]["resolvedAt"], "2006-05-01T03:05:00.000Z");
    assert!(queue(&moderator, "USER_SUSPENDED").await.is_empty());
}

/// A page is as many statements as one report takes: of each kind of subject one, or two.
#[tokio::test]
async fn a_page_of_reports_takes_as_many_statements_for_two_as_for_twelve() {
    let world = World::uncached().await;
    let moderator = world.moderator("moderator").await;
    let mut costs = Vec::new();
    for (turn, author) in world.people("author", 6).await.iter().enumerate() {
        let me = world.person(&format!("me{turn}")).await;
        let things = Things::of(author).await;
        for subject in [&things.diary, &things.comment, &things.review] {
            report(&me, subject, "SPAM").await;
        }
        report(&me, &json!(author.id()), "SPAM").await;
        if ![1, 5].contains(&turn) {
            continue;
        }
        world.forget_statements();
        let found = moderator.run(QUEUE, json!({ "first": 100 })).await;
        let nodes = found["reports"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 4 * (turn + 1));
        costs.push((world.statements(), world.statement_texts()));
    }
    assert_eq!(costs[0].0, costs[1].0, "{costs:#?}");
    println!("{} statements", costs[0].0);
}
