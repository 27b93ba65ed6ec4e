//! What people listen to, as players report it.

use ashiato::config::Rules;
use serde_json::{Value, json};

use super::{agrees, count, heard, listen, listened, song, songs};
use crate::support::world::World;

const REPORT: &str = "newCount listens { listenedAt song { title } }";

#[tokio::test]
async fn a_report_shows_on_the_profile_the_last_first() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let songs = songs(&me, 2).await;
    let [one, two] = [&*songs[0], &*songs[1]];
    let report = heard(&[
        (one, "2006-04-30T20:00:00Z"),
        (two, "2006-04-30T20:04:00.5Z"),
        (one, "2006-05-01T08:00:00+09:00"),
    ]);
    let reported = me.mutate("reportListens", report.clone(), REPORT).await;
    let in_order = json!([
        { "listenedAt": "2006-04-30T20:00:00.000Z", "song": { "title": "song0" } },
        { "listenedAt": "2006-04-30T20:04:00.500Z", "song": { "title": "song1" } },
        { "listenedAt": "2006-04-30T23:00:00.000Z", "song": { "title": "song0" } },
    ]);
    assert_eq!(
        reported,
        json!({ "newCount": 3, "listens": in_order, "userErrors": [] })
    );
    let shown = [
        ["song0", "2006-04-30T23:00:00.000Z"],
        ["song1", "2006-04-30T20:04:00.500Z"],
        ["song0", "2006-04-30T20:00:00.000Z"],
    ];
    assert_eq!(listened(&other, "me").await, shown);
    assert_eq!(listened(&me, "me").await, shown);
    assert!(listened(&me, "other").await.is_empty());
    agrees(&world).await;
}

#[tokio::test]
async fn the_same_listen_again_changes_nothing() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let songs = songs(&me, 2).await;
    let [one, two] = [&*songs[0], &*songs[1]];
    let (early, late) = ("2006-05-01T01:00:00Z", "2006-05-01T01:05:00Z");
    listen(&me, &[(one, early), (two, late)]).await;
    // In another order, twice in one report, and in other words; with one that is new.
    let again = heard(&[
        (two, late),
        (one, "2006-05-01T10:00:00+09:00"),
        (one, late),
        (one, late),
    ]);
    let reported = me.mutate("reportListens", again.clone(), REPORT).await;
    assert_eq!(reported["newCount"], 1);
    assert_eq!(reported["listens"].as_array().unwrap().len(), 4);
    assert_eq!(
        reported["listens"][3]["listenedAt"],
        "2006-05-01T01:05:00.000Z"
    );
    for _ in 0..2 {
        let reported = me.mutate("reportListens", again.clone(), REPORT).await;
        assert_eq!(reported["newCount"], 0);
    }
    assert_eq!(count(&world, "listens").await, 3);
    // What another listened to at the same moment is another's.
    listen(&other, &[(one, late)]).await;
    agrees(&world).await;
    assert_eq!(
        count(&world, "song_charts WHERE listens = 3 AND listeners = 2").await,
        1
    );
    assert_eq!(
        count(&world, "song_charts WHERE listens = 1 AND listeners = 1").await,
        1
    );
}

#[tokio::test]
async fn with_a_key_the_first_answer_comes_again() {
    let world = World::new().await;
    let me = world.person("me").await;
    let one = song(&me, "one").await;
    let mut report = heard(&[
        (&one, "2006-05-01T01:00:00Z"),
        (&one, "2007-05-01T01:00:00Z"),
    ]);
    report["idempotencyKey"] = json!("a player's");
    let fields = "newCount listens { listenedAt }";
    let first = me.attempt("reportListens", report.clone(), fields).await;
    assert_eq!(first["newCount"], 1);
    assert_eq!(first["userErrors"][0]["code"], "LISTEN_IN_FUTURE");
    assert_eq!(
        me.attempt("reportListens", report.clone(), fields).await,
        first
    );
    report["listens"][0]["listenedAt"] = json!("2006-05-01T02:00:00Z");
    let input = json!({ "input": report });
    let document =
        "mutation($input: ReportListensInput!) { reportListens(input: $input) { newCount } }";
    assert_eq!(me.error(document, input).await, "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn what_is_refused_says_so_by_itself_and_the_rest_is_kept() {
    let world = World::new().await;
    let me = world.person("me").await;
    let fine = song(&me, "fine").await;
    let input = json!({ "title": "a book", "kind": "BOOK" });
    let book = me.mutate("addCatalogueItem", input, "item { id }").await;
    let book = book["item"]["id"].as_str().unwrap();
    let nobodys = {
        use ashiato::ids::{GlobalId, Kind};
        GlobalId::encode(Kind::CatalogueItem, &[uuid::Uuid::from_u128(0xfeed)]).to_string()
    };
    // It is 2006-05-01T03:00:00Z.
    let report = heard(&[
        (&fine, "2006-05-01T03:05:00.001Z"),
        (&fine, "2006-05-01T03:05:00Z"),
        (book, "2006-05-01T01:00:00Z"),
        (&nobodys, "2006-05-01T01:00:00Z"),
        (&fine, "2006-04-17T02:59:59.999Z"),
        (&fine, "2006-04-17T03:00:00Z"),
        (&fine, "9999-12-31T23:59:59Z"),
        (&fine, "0001-01-01T00:00:00Z"),
    ]);
    let reported = me.attempt("reportListens", report, REPORT).await;
    let refused = |place: &str, field: &str, code: &str| json!({ "code": code, "field": ["listens", place, field] });
    assert_eq!(
        reported["userErrors"],
        json!([
            refused("0", "listenedAt", "LISTEN_IN_FUTURE"),
            refused("2", "itemId", "NOT_A_SONG"),
            refused("3", "itemId", "NOT_FOUND"),
            refused("4", "listenedAt", "LISTEN_TOO_OLD"),
            refused("6", "listenedAt", "LISTEN_IN_FUTURE"),
            refused("7", "listenedAt", "LISTEN_TOO_OLD"),
        ])
    );
    assert_eq!(reported["newCount"], 2);
    let kept: Vec<_> = reported["listens"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| !it.is_null())
        .collect();
    assert_eq!(kept, [false, true, false, false, false, true, false, false]);
    let times = listened(&me, "me").await;
    assert_eq!(
        times,
        [
            ["fine", "2006-05-01T03:05:00.000Z"],
            ["fine", "2006-04-17T03:00:00.000Z"]
        ]
    );
    // What was kept in time is no error later.
    world.clock.advance(chrono::TimeDelta::days(10));
    let again = heard(&[
        (&fine, "2006-04-17T03:00:00Z"),
        (&fine, "2006-04-17T03:00:01Z"),
    ]);
    let reported = me.attempt("reportListens", again, "newCount").await;
    assert_eq!(reported["newCount"], 0);
    assert_eq!(
        reported["userErrors"],
        json!([refused("1", "listenedAt", "LISTEN_TOO_OLD")])
    );
    agrees(&world).await;
}

#[tokio::test]
async fn a_report_has_1_to_50_listens() {
    let world = World::new().await;
    let me = world.person("me").await;
    let one = song(&me, "one").await;
    let times: Vec<_> = (0..51)
        .map(|n| format!("2006-05-01T02:00:{n:02}Z"))
        .collect();
    let report = |count: usize| {
        let listens: Vec<_> = times[..count].iter().map(|at| (&*one, &**at)).collect();
        heard(&listens)
    };
    for count in [0, 51] {
        let refused = me.attempt("reportListens", report(count), "newCount").await;
        let expected = json!([{ "code": "NUMBER_OUT_OF_RANGE", "field": ["listens"] }]);
        assert_eq!(refused["userErrors"], expected);
        assert_eq!(refused["newCount"], 0);
    }
    assert_eq!(count(&world, "listens").await, 0);
    let reported = me.mutate("reportListens", report(50), "newCount").await;
    assert_eq!(reported["newCount"], 50);
    agrees(&world).await;
}

#[tokio::test]
async fn of_a_day_in_japan_so_many_count_and_no_more() {
    let world = World::with(Rules {
        listens_per_day: 3,
        ..Rules::default()
    })
    .await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let one = song(&me, "one").await;
    let report = async |times: &[&str]| -> (Value, Vec<String>) {
        let listens: Vec<_> = times.iter().map(|at| (&*one, *at)).collect();
        let reported = me
            .attempt("reportListens", heard(&listens), "newCount")
            .await;
        let errors = reported["userErrors"].as_array().unwrap().iter();
        let errors = errors
            .map(|error| format!("{} {}", error["code"].as_str().unwrap(), error["field"][1]));
        (reported["newCount"].clone(), errors.collect())
    };
    // The day begins at 15:00 UTC.
    let (new, errors) = report(&[
        "2006-04-30T14:59:59.999Z",
        "2006-04-30T15:00:00Z",
        "2006-04-30T16:00:00Z",
    ])
    .await;
    assert_eq!((new, errors), (json!(3), vec![]));
    let (new, errors) = report(&[
        "2006-04-30T17:00:00Z",
        "2006-04-30T18:00:00Z",
        // One that counts already.
        "2006-04-30T16:00:00Z",
        "2006-04-30T14:00:00Z",
    ])
    .await;
    assert_eq!(
        (new, errors),
        (json!(2), vec!["LISTEN_LIMIT_REACHED \"1\"".to_owned()])
    );
    let (new, errors) = report(&[
        "2006-04-30T13:00:00Z",
        "2006-04-30T12:00:00Z",
        "2006-04-30T20:00:00Z",
    ])
    .await;
    assert_eq!(new, 1);
    assert_eq!(
        errors,
        ["LISTEN_LIMIT_REACHED \"1\"", "LISTEN_LIMIT_REACHED \"2\""]
    );
    // Another has a day of their own.
    listen(&other, &[(&one, "2006-04-30T17:00:00Z")]).await;
    agrees(&world).await;
}
