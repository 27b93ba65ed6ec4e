//! Who can report what, how often, and who learns of it.

use ashiato::{
    config::Rules,
    ids::{GlobalId, Kind},
    report::{
        service::{Telling, report as tell},
        subject::Subject,
    },
};
use entity::values::{ReportReason, Role};
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Things, queue, report};
use crate::{
    block::absent::mutation,
    support::{
        pair::{Pair, sign_in},
        world::{Person, World},
    },
};

/// The answer, and how many statements it took.
async fn reported(who: &Person<'_>, subject: &Value) -> (String, usize) {
    let input = json!({ "input": { "subjectId": subject, "reason": "SPAM" } });
    who.world.forget_statements();
    let answer = who.answer(&mutation("report"), input).await;
    (answer.to_string(), who.world.statements())
}

#[tokio::test]
async fn what_is_hidden_answers_as_what_never_was() {
    let world = World::uncached().await;
    let moderator = world.moderator("moderator").await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let things = Things::of(&author).await;
    let [id, item] = GlobalId::expect(things.review.as_str().unwrap(), Kind::Review).unwrap();
    let (nobody, thing) = (Uuid::from_u128(0xfeed), Uuid::from_u128(0xbeef));
    let id_of = |kind, parts: &[Uuid]| json!(GlobalId::encode(kind, parts).to_string());
    let absent = [
        id_of(Kind::User, &[nobody]),
        id_of(Kind::Diary, &[nobody, thing]),
        id_of(Kind::DiaryComment, &[nobody, thing, thing]),
        id_of(Kind::Review, &[nobody, item]),
    ];
    let subjects = [
        json!(author.id()),
        things.diary.clone(),
        things.comment.clone(),
        things.review.clone(),
    ];
    let compare = async |why: &str, passed: usize| {
        for (hidden, absent) in subjects.iter().zip(&absent).skip(passed) {
            let hidden = reported(&me, hidden).await;
            assert!(hidden.0.contains("NOT_FOUND"), "{why}: {}", hidden.0);
            assert_eq!(hidden, reported(&me, absent).await, "{why}");
        }
    };
    for (blocker, blocked) in [(&me, &author), (&author, &me)] {
        let input = json!({ "userId": blocked.id() });
        blocker.mutate("blockUser", input.clone(), "").await;
        compare("a block", 0).await;
        blocker.mutate("unblockUser", input, "").await;
    }
    let input = json!({ "userId": author.id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    compare("a suspension", 1).await;
    // The user can be reported all the same: they come back.
    let told = reported(&me, &subjects[0]).await;
    assert!(!told.0.contains("code"), "{}", told.0);
    let input = json!({ "userId": author.id() });
    moderator.mutate("liftSuspension", input, "").await;
    let edit = json!({ "diaryId": things.diary, "audience": "FRIENDS" });
    author.mutate("editDiary", edit, "").await;
    for (hidden, absent) in subjects[1..3].iter().zip(&absent[1..3]) {
        assert_eq!(reported(&me, hidden).await, reported(&me, absent).await);
    }
    assert_eq!(queue(&moderator, "OPEN").await.len(), 1);
    // What is seen is taken; what is one's own is not, nor what cannot be.
    report(&me, &subjects[0], "SPAM").await;
    let own = json!({ "subjectId": things.diary, "reason": "SPAM" });
    assert_eq!(
        author.refusal("report", own).await,
        "CANNOT_REPORT_YOURSELF"
    );
    let long = json!({ "subjectId": subjects[3], "reason": "SPAM", "details": "字".repeat(1001) });
    assert_eq!(me.refusal("report", long).await, "TEXT_TOO_LONG");
    let document = mutation("report");
    for wrong in [json!("nonsense"), id_of(Kind::CatalogueItem, &[id])] {
        let input = json!({ "input": { "subjectId": wrong, "reason": "SPAM" } });
        assert_eq!(me.error(&document, input).await, "INVALID_ID");
    }
}

#[tokio::test]
async fn nobody_but_moderators_learns_of_it_and_of_themselves_they_learn_nothing() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let administrator = world.person("administrator").await;
    world.give_role(&administrator, Role::Administrator).await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    report(&me, &json!(author.id()), "SPAM").await;
    let id = queue(&administrator, "OPEN").await[0]["id"].clone();
    assert_eq!(queue(&moderator, "OPEN").await.len(), 1);
    let reads = "{ reports { nodes { id } } }";
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let settles =
        "mutation($id: ID!) { resolveReport(input: { reportId: $id, decision: DISMISS }) {
        userErrors { code } } }";
    let one = json!({ "id": id });
    let never = GlobalId::encode(Kind::Report, &[Uuid::from_u128(1), Uuid::from_u128(2)]);
    let never = json!({ "id": never.to_string() });
    for who in [&me, &author] {
        assert_eq!(who.error(reads, json!({})).await, "FORBIDDEN");
        for report in [&one, &never] {
            assert_eq!(who.error(settles, report.clone()).await, "FORBIDDEN");
            assert_eq!(who.run(node, report.clone()).await["node"], Value::Null);
        }
    }
    let nobody = world.anonymous();
    assert_eq!(nobody.error(reads, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(nobody.run(node, one.clone()).await["node"], Value::Null);
    assert_eq!(moderator.run(node, one.clone()).await["node"]["id"], id);
    // Of what is theirs there is nothing for moderators either.
    report(&me, &json!(moderator.id()), "SPAM").await;
    let of_moderator = queue(&administrator, "OPEN").await[1]["id"].clone();
    assert_eq!(queue(&moderator, "OPEN").await.len(), 1);
    let found = moderator.run(node, json!({ "id": of_moderator })).await;
    assert_eq!(found["node"], Value::Null);
    let input = json!({ "reportId": of_moderator, "decision": "DISMISS" });
    assert_eq!(moderator.refusal("resolveReport", input).await, "NOT_FOUND");
    // Who loses the role reads no more.
    world.give_role(&moderator, Role::Member).await;
    assert_eq!(moderator.error(reads, json!({})).await, "FORBIDDEN");
    assert_eq!(moderator.run(node, one).await["node"], Value::Null);
}

#[tokio::test]
async fn a_day_has_so_many_reports_in_japan() {
    let rules = Rules {
        reports_per_day: 2,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let people = world.people("person", 5).await;
    let input = |place: usize| json!({ "subjectId": people[place].id(), "reason": "SPAM" });
    for place in [0, 1] {
        me.mutate("report", input(place), "").await;
    }
    assert_eq!(me.refusal("report", input(2)).await, "REPORT_LIMIT_REACHED");
    // The same again is no further one; others have their own; and midnight is Japan's.
    me.mutate("report", input(0), "").await;
    other.mutate("report", input(2), "").await;
    world.clock.set("2006-05-01T14:59:59Z");
    assert_eq!(me.refusal("report", input(2)).await, "REPORT_LIMIT_REACHED");
    world.clock.set("2006-05-01T15:00:00Z");
    me.mutate("report", input(2), "").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_number_of_reports_at_once_through_two_servers_passes_the_limit() {
    let rules = Rules {
        reports_per_day: 3,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let beside = world.beside().await;
    let moderator = world.moderator("moderator").await;
    let me = world.person("me").await.viewer.id().unwrap();
    let people = world.people("person", 6).await;
    let apps = [&world.app, &beside.app];
    // Each twice, which is one.
    let tellings = (0..12).map(|turn: usize| {
        let telling = Telling {
            subject: Subject::User(people[turn / 2].viewer.id().unwrap()),
            reason: ReportReason::Spam,
            details: String::new(),
        };
        tell(apps[turn % 2], me, telling, None)
    });
    join_all(tellings).await;
    assert_eq!(queue(&moderator, "OPEN").await.len(), 3);
}

/// The same, as clients reach servers: on PostgreSQL, where there can be several.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_of_two_moderators_at_two_servers_one_settles_it() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let (one, other) = (world.moderator("one").await, world.moderator("other").await);
    let ids = [&one, &other].map(|person| person.viewer.id().unwrap());
    let members = sign_in(&world.app, &ids).await;
    let me = world.person("me").await;
    for turn in 0..8 {
        let author = world.person(&format!("author{turn}")).await;
        let diary = author.write("d", "MEMBERS").await;
        report(&me, &json!(diary), "SPAM").await;
        let report = queue(&one, "OPEN").await[0]["id"].clone();
        let input = json!({ "reportId": report, "decision": "REMOVE_CONTENT" });
        let allowed = ["ALREADY_RESOLVED"];
        let settle =
            |at: usize| pair.settles(at, &members[at], "resolveReport", input.clone(), &allowed);
        let (a, b) = tokio::join!(settle(0), settle(1));
        assert_eq!(usize::from(a) + usize::from(b), 1, "turn {turn}");
    }
    let administrator = world.person("administrator").await;
    world.give_role(&administrator, Role::Administrator).await;
    let log = "{ auditLog(first: 100) { nodes { act } } }";
    let log = administrator.run(log, json!({})).await.to_string();
    assert_eq!(log.matches("CONTENT_REMOVED").count(), 8);
    pair.shutdown().await;
}
