//! rules.md, Tiredness 2: what somebody does by day, for them alone; and what the service's figures are made of.

mod kept;
mod leaving;
mod written;

use ashiato::usage::{
    counting,
    tally::{Deeds, Doer},
};
use chrono::{Duration, NaiveDate};
use entity::values::Device;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::{
    server::Running,
    socket::Socket,
    sql,
    world::{Person, World},
};

const PC: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
    (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const DOCOMO: &str = "DoCoMo/2.0 N903i(c100;TB;W24H12)";

const READ: &str = "{ viewer { visitCount } }";
const USAGE: &str = "query($days: Int, $until: Date) { viewer { usage(days: $days, until: $until) {
    day visits writings readings devices } } }";

/// What is counted of a person as if they had done it with a device on a day.
pub fn count(person: &Person<'_>, day: &str, device: Device, done: Deeds) {
    let day: NaiveDate = day.parse().unwrap();
    let user = person.viewer.id();
    person.world.app.usage.count(user, day, device, done);
}

/// The first column of the first row.
pub async fn number(world: &World, of: &str) -> i64 {
    let db = world.app.database.reader();
    let row = db.query_one_raw(sql::own(db, of)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// What somebody did within so many days, as they see it.
pub async fn usage(person: &Person<'_>, days: i32) -> Value {
    let found = person.run(USAGE, json!({ "days": days })).await;
    found["viewer"]["usage"].clone()
}

/// Sends a document as a client that calls itself `agent` does; the answer's data.
async fn send(server: &Running, token: Option<&str>, agent: &str, document: Value) -> Value {
    let mut request = server.post().header("user-agent", agent);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.body(document.to_string()).send().await.unwrap();
    let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"].clone()
}

async fn read(server: &Running, token: &str, agent: &str) {
    send(server, Some(token), agent, json!({ "query": READ })).await;
}

async fn mutate(server: &Running, token: &str, name: &str, fields: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{ {fields} userErrors {{ code }} }} }}"
    );
    let document = json!({ "query": query, "variables": { "input": input } });
    send(server, Some(token), PC, document).await[name].clone()
}

async fn own(server: &Running, token: &str, days: i32) -> Value {
    let document = json!({ "query": USAGE, "variables": { "days": days } });
    send(server, Some(token), PC, document).await["viewer"]["usage"].clone()
}

/// Operations by what they came with.
async fn access(server: &Running) -> Vec<(String, i64)> {
    let db = server.app.database.reader();
    let text = "SELECT device, CAST(sum(operations) AS bigint) FROM access_days GROUP BY device ORDER BY 1";
    let rows = db.query_all_raw(sql::own(db, text)).await.unwrap();
    let told = rows.iter().map(|row| {
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
        )
    });
    told.collect()
}

#[tokio::test]
async fn what_somebody_does_is_counted_by_day_and_by_what_they_came_with() {
    let server = Running::own().await;
    let (hanako, _) = server.named("hanako").await;
    server.named("taro").await;
    read(&server, &hanako, PC).await;
    read(&server, &hanako, PC).await;
    // A visit again within the pause, and one to oneself, count with nobody.
    for (username, counts) in [("taro", true), ("taro", false), ("hanako", false)] {
        let input = json!({ "username": username });
        let visited = mutate(&server, &hanako, "visitProfile", "leftFootprint", input).await;
        assert_eq!(visited["leftFootprint"], counts);
    }
    let wrong = json!({ "title": "", "body": "…" });
    let wrong = mutate(&server, &hanako, "writeDiary", "", wrong).await;
    assert_eq!(wrong["userErrors"][0]["code"], "TEXT_REQUIRED");
    let input = json!({ "title": "A day", "body": "…" });
    let diary = mutate(&server, &hanako, "writeDiary", "diary { id }", input).await;
    let input = json!({ "diaryId": diary["diary"]["id"], "body": "and a word more" });
    mutate(&server, &hanako, "commentOnDiary", "", input).await;
    // It writes nothing for others.
    mutate(&server, &hanako, "markFootprintsSeen", "", json!({})).await;
    read(&server, &hanako, IPHONE).await;
    send(&server, None, DOCOMO, json!({ "query": "{ __typename }" })).await;
    assert_eq!(own(&server, &hanako, 1).await[0]["readings"], 0, "not yet");
    assert_eq!(counting::write(&server.app).await.unwrap(), 2);
    assert_eq!(counting::write(&server.app).await.unwrap(), 0);
    let today = json!({ "day": "2026-11-23", "visits": 1, "writings": 2, "readings": 4,
        "devices": ["SMARTPHONE", "PC"] });
    assert_eq!(own(&server, &hanako, 1).await, json!([today]));
    let by = [("FEATURE_PHONE", 1), ("PC", 10), ("SMARTPHONE", 1)];
    let by = by.map(|(device, operations)| (device.to_owned(), operations));
    assert_eq!(access(&server).await, by);
    // The next day but one, in Japan.
    server.pass(Duration::hours(36));
    read(&server, &hanako, DOCOMO).await;
    counting::write(&server.app).await.unwrap();
    let none =
        json!({ "day": "2026-11-24", "visits": 0, "writings": 0, "readings": 0, "devices": [] });
    let last = json!({ "day": "2026-11-25", "visits": 0, "writings": 0, "readings": 1,
        "devices": ["FEATURE_PHONE"] });
    // What asked for it came on its day, too.
    let mut found = own(&server, &hanako, 3).await;
    found[2]["readings"] = json!(4);
    assert_eq!(found, json!([last, none, today]));
}

#[tokio::test]
async fn what_comes_over_a_websocket_is_counted_too() {
    let server = Running::own().await;
    let (hanako, member) = server.named("hanako").await;
    let payload = json!({ "Authorization": format!("Bearer {hanako}") });
    let mut socket = Socket::ready_with(&server, payload).await;
    socket.subscribe("1", READ).await;
    assert_eq!(socket.hear().await["type"], "next");
    assert_eq!(socket.hear().await["type"], "complete");
    socket
        .subscribe("2", "subscription { footprintLeft { cursor } }")
        .await;
    // That it began is counted before anything of it is told: a query that comes after it is told then.
    socket.subscribe("3", READ).await;
    assert_eq!(socket.hear().await["type"], "next");
    let counted = loop {
        let counted = server.app.usage.take();
        let all: i64 = counted
            .access
            .iter()
            .map(|(_, operations)| operations)
            .sum();
        if all == 3 {
            break counted;
        }
        server.app.usage.give_back(counted);
        tokio::task::yield_now().await;
    };
    let doer = Doer {
        user: member.id,
        day: "2026-11-23".parse().unwrap(),
        device: Device::Other,
    };
    let done = Deeds {
        readings: 2,
        ..Deeds::default()
    };
    assert_eq!(counted.deeds, [(doer, done)], "a stream is no reading");
}

#[tokio::test]
async fn what_is_refused_before_it_runs_is_not_counted() {
    let server = Running::own().await;
    let (status, _) = server.ask("{ nothing }").await;
    assert_eq!(status, 400);
    let (status, _) = server.ask("not a document").await;
    assert_eq!(status, 400);
    assert_eq!(server.app.usage.take().access, []);
}

#[tokio::test]
async fn one_s_own_use_is_one_statement_however_many_days() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    for (days, done) in [(1, 1), (20, 7), (100, 90)] {
        for back in 0..done {
            let day: NaiveDate = "2006-05-01".parse().unwrap();
            let day = (day - Duration::days(back)).to_string();
            for device in [Device::Pc, Device::Smartphone] {
                count(&me, &day, device, Deeds::READING);
            }
        }
        counting::write(&world.app).await.unwrap();
        world.forget_statements();
        let found = usage(&me, days).await;
        assert_eq!(world.statements(), 1);
        let found = found.as_array().unwrap();
        assert_eq!(found.len(), usize::try_from(days).unwrap());
        let came = found.iter().filter(|day| day["readings"] != 0);
        assert_eq!(i64::try_from(came.count()).unwrap(), done);
    }
}

#[tokio::test]
async fn days_are_asked_for_within_bounds() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    count(&me, "2006-04-28", Device::Pc, Deeds::READING);
    counting::write(&world.app).await.unwrap();
    for wrong in [0, -1, 101, i32::MAX] {
        let code = me.error(USAGE, json!({ "days": wrong })).await;
        assert_eq!(code, "INVALID_ARGUMENT", "{wrong}");
    }
    let until = async |until: &str, days: i32| {
        let found = me.run(USAGE, json!({ "days": days, "until": until })).await;
        found["viewer"]["usage"].clone()
    };
    let day = until("2006-04-28", 1).await;
    assert_eq!(day[0]["day"], "2006-04-28");
    assert_eq!(day[0]["readings"], 1);
    assert_eq!(until("2006-04-27", 100).await[0]["readings"], 0);
    // Of days to come nothing is known: it is up to today.
    assert_eq!(until("9999-12-31", 4).await[3]["readings"], 1);
    let first = until("0000-01-01", 2).await;
    assert_eq!(first[1]["day"], "-0001-12-31");
    let default = "{ viewer { usage { day } } }";
    let found = me.run(default, Value::Null).await;
    assert_eq!(found["viewer"]["usage"].as_array().unwrap().len(), 30);
    // Nobody else's leads anywhere.
    let of_other = usage(&other, 100).await;
    assert!(
        of_other
            .as_array()
            .unwrap()
            .iter()
            .all(|day| day["readings"] == 0),
        "{of_other}"
    );
    let nobody = world.anonymous().run(default, Value::Null).await;
    assert_eq!(nobody["viewer"], Value::Null);
}
