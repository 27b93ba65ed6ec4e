//! Resting at once and by schedule, and ending it.

use serde_json::{Value, json};

use super::{agrees, begin, end, hours, is_resting, minutes, rest, schedule};
use crate::support::{spoilt, world::World};

const NIGHTS: [&str; 2] = ["MONDAY 22:00 06:30", "TUESDAY 22:00 06:30"];

#[tokio::test]
async fn at_once_until_a_time_or_until_one_says_so() {
    let world = World::new().await;
    let me = world.person("me").await;
    let nothing = json!({ "isResting": false, "since": null, "until": null, "nextAt": null,
        "isShownToFriends": false, "hours": [] });
    assert_eq!(rest(&me).await, nothing);
    let until = "2006-05-01T05:00:00.000Z";
    let input = json!({ "until": until, "isShownToFriends": true });
    let fields = "rest { isResting since until isShownToFriends }";
    let resting = me.mutate("rest", input, fields).await;
    let since = "2006-05-01T03:00:00.000Z";
    assert_eq!(
        resting["rest"],
        json!({ "isResting": true, "since": since, "until": until, "isShownToFriends": true })
    );
    // Longer, since when it began; what friends see stays.
    minutes(&world, 30);
    let longer = "2006-05-01T06:00:00.000Z";
    me.mutate("rest", json!({ "until": longer }), "").await;
    let now = rest(&me).await;
    assert_eq!([&now["since"], &now["until"]], [since, longer]);
    assert_eq!(now["isShownToFriends"], true);
    world.clock.set("2006-05-01T05:59:59.999Z");
    assert!(is_resting(&me).await);
    world.clock.set(longer);
    assert!(!is_resting(&me).await);
    assert_eq!(rest(&me).await["since"], Value::Null);
    // Until one says so.
    begin(&me).await;
    world.clock.set("2006-09-01T00:00:00Z");
    let now = rest(&me).await;
    assert_eq!(now["isResting"], true);
    assert_eq!(
        [&now["since"], &now["until"]],
        [&json!(longer), &Value::Null]
    );
    assert_eq!(end(&me).await, Value::Null, "nothing came");
    assert!(!is_resting(&me).await);
    // Ending what is no rest changes nothing, of who never rested neither.
    assert_eq!(end(&me).await, Value::Null);
    let other = world.person("other").await;
    assert_eq!(end(&other).await, Value::Null);
    agrees(&world).await;
}

#[tokio::test]
async fn by_schedule_in_japan_s_hours_over_midnight() {
    let world = World::new().await;
    let me = world.person("me").await;
    schedule(&me, &NIGHTS).await;
    let now = rest(&me).await;
    assert_eq!(now["hours"], hours(&NIGHTS));
    // It is noon on Monday in Japan.
    assert_eq!(now["isResting"], false);
    assert_eq!(now["nextAt"], "2006-05-01T13:00:00.000Z");
    for (time, is) in [
        ("2006-05-01T12:59:59.999Z", false),
        ("2006-05-01T13:00:00.000Z", true),
        ("2006-05-01T21:29:59.999Z", true),
        ("2006-05-01T21:30:00.000Z", false),
        ("2006-05-02T13:00:00.000Z", true),
        ("2006-05-03T13:00:00.000Z", false),
        ("2006-05-08T14:00:00.000Z", true),
    ] {
        world.clock.set(time);
        assert_eq!(is_resting(&me).await, is, "{time}");
    }
    let now = rest(&me).await;
    assert_eq!(now["since"], "2006-05-08T13:00:00.000Z");
    assert_eq!(now["until"], "2006-05-08T21:30:00.000Z");
    assert_eq!(now["nextAt"], "2006-05-09T13:00:00.000Z");
    // Others in their place, which overlap: in the midst of them one rests at once.
    schedule(&me, &["MONDAY 20:00 23:30", "MONDAY 23:00 00:15"]).await;
    let now = rest(&me).await;
    assert_eq!(now["since"], "2006-05-08T13:00:00.000Z", "it is one rest");
    assert_eq!(now["until"], "2006-05-08T15:15:00.000Z");
    schedule(&me, &[]).await;
    let now = rest(&me).await;
    assert_eq!(
        [&now["isResting"], &now["nextAt"]],
        [&json!(false), &Value::Null]
    );
    assert_eq!(now["hours"], json!([]));
    agrees(&world).await;
}

#[tokio::test]
async fn hours_that_are_ended_early_begin_again_the_next_time() {
    let world = World::new().await;
    let me = world.person("me").await;
    schedule(&me, &NIGHTS).await;
    world.clock.set("2006-05-01T18:00:00Z");
    assert!(is_resting(&me).await);
    end(&me).await;
    assert!(!is_resting(&me).await);
    assert_eq!(rest(&me).await["nextAt"], "2006-05-02T13:00:00.000Z");
    world.clock.set("2006-05-01T21:00:00Z");
    assert!(!is_resting(&me).await, "still the same night");
    world.clock.set("2006-05-02T14:00:00Z");
    assert!(is_resting(&me).await);
    // Beside the schedule: from the evening on until the afternoon, over the night.
    world.clock.set("2006-05-08T11:00:00Z");
    let input = json!({ "until": "2006-05-08T13:30:00Z" });
    me.mutate("rest", input, "").await;
    let now = rest(&me).await;
    assert_eq!(now["since"], "2006-05-08T11:00:00.000Z");
    assert_eq!(
        now["until"], "2006-05-08T21:30:00.000Z",
        "the night goes on"
    );
    world.clock.set("2006-05-08T15:00:00Z");
    end(&me).await;
    assert!(!is_resting(&me).await, "both are ended");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let me = world.person("me").await;
    for (until, code) in [
        ("2006-05-01T03:00:00Z", "TIME_NOT_AHEAD"),
        ("1999-01-01T00:00:00Z", "TIME_NOT_AHEAD"),
        ("2007-05-02T03:00:00.001Z", "REST_TOO_LONG"),
        ("+262000-01-01T00:00:00Z", "REST_TOO_LONG"),
    ] {
        let input = json!({ "until": until });
        assert_eq!(me.refusal("rest", input).await, code, "{until}");
    }
    for entry in [
        "MONDAY 24:00 06:00",
        "MONDAY 22:00 6:00",
        "MONDAY noon 06:00",
        "MONDAY 22:00 22:60",
    ] {
        let input = json!({ "hours": hours(&["SUNDAY 01:00 02:00", entry]) });
        let refused = me
            .attempt("setRestSchedule", input, "rest { isResting }")
            .await;
        assert_eq!(refused["rest"], Value::Null);
        let error = &refused["userErrors"][0];
        assert_eq!(error["code"], "REST_HOURS_INVALID", "{entry}");
        let field = match entry.starts_with("MONDAY 22:00") {
            true => "to",
            false => "from",
        };
        assert_eq!(error["field"], json!(["hours", "1", field]), "{entry}");
    }
    let many = ["MONDAY 01:00 02:00"; 22];
    let input = json!({ "hours": hours(&many) });
    let code = me.refusal("setRestSchedule", input).await;
    assert_eq!(code, "REST_HOURS_LIMIT_REACHED");
    let days = [
        "MONDAY",
        "TUESDAY",
        "WEDNESDAY",
        "THURSDAY",
        "FRIDAY",
        "SATURDAY",
        "SUNDAY",
    ];
    let week = days.map(|day| format!("{day} 09:00 09:00"));
    let week: Vec<_> = week.iter().map(String::as_str).collect();
    let input = json!({ "hours": hours(&week) });
    let code = me.refusal("setRestSchedule", input).await;
    assert_eq!(code, "REST_NEVER_ENDS");
    assert_eq!(rest(&me).await["hours"], json!([]));
    assert!(!is_resting(&me).await);
    // A schedule of as many as can be.
    schedule(&me, &many[1..]).await;
    let until = json!({ "until": "2007-05-02T03:00:00Z" });
    me.mutate("rest", until, "").await;
    assert!(is_resting(&me).await);
}

#[tokio::test]
async fn what_is_asked_again_is_done_once() {
    let world = World::new().await;
    let me = world.person("me").await;
    let input = json!({ "until": "2006-05-01T04:00:00Z", "idempotencyKey": "1" });
    me.mutate("rest", input.clone(), "").await;
    end(&me).await;
    me.mutate("rest", input.clone(), "").await;
    assert!(!is_resting(&me).await, "that was done already");
    world.clock.set("2006-05-01T05:00:00Z");
    me.mutate("rest", input, "").await;
    let document = "mutation { rest(input: { idempotencyKey: \"1\" }) { userErrors { code } } }";
    let code = me.error(document, json!({})).await;
    assert_eq!(code, "IDEMPOTENCY_KEY_REUSED");
    assert!(!is_resting(&me).await);
}

/// Sessions and what is kept of visitors tell of a rest, whichever came first.
#[tokio::test]
async fn whoever_looks_finds_that_there_is_a_rest() {
    let world = World::new().await;
    let me = world.joined("resting").await.0;
    begin(&me).await;
    world.sign_in("resting", json!({})).await;
    agrees(&world).await;
    for (spoil, check) in [
        (
            "UPDATE session_tokens SET has_rest = FALSE",
            "session_tokens.has_rest",
        ),
        ("UPDATE visitors SET has_rest = FALSE", "visitors.has_rest"),
        ("DELETE FROM visitors", "visitors.has_rest"),
    ] {
        // Of each session it is told.
        let mut checks = spoilt::checks(&world.url, spoil).await;
        checks.dedup();
        assert_eq!(checks, [check]);
    }
}
