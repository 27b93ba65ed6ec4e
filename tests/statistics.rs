//! rules.md, Statistics 1: the service's figures, counted once a day, and told so that nobody can be made out.

mod clocks;
mod counting;
mod demo;
mod gathering;
mod months;
mod page;

use ashiato::{
    account::service::{NewUser, insert},
    statistics::work::see_to,
    usage::{counting as usage, tally::Deeds},
};
use chrono::NaiveDate;
use entity::values::{Device, HomeRegion};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{sql, world::World};

/// Everything.
const ALL: &str =
    "{ statistics { day users activeUsers monthlyActiveUsers friendships diaries reviews footprints
    months { month users joined monthlyActiveUsers access { device isOthers operations share } }
    groupsMonth ageBands { ageBand isOthers users share } sexes { sex isOthers users share }
    regions { region isOthers users share } devices { device isOthers operations share } } }";

/// People who joined at a time, were born on a day and are at home somewhere, named `prefix0`, `prefix1`, …
pub async fn people(
    world: &World,
    prefix: &str,
    count: usize,
    [joined_at, birth_date]: [&str; 2],
    home: Option<HomeRegion>,
) -> Vec<Uuid> {
    let at = joined_at.parse().unwrap();
    let new: Vec<_> = (0..count)
        .map(|index| NewUser {
            id: world.app.ids.at(at),
            username: format!("{prefix}{index}"),
            nickname: prefix.to_owned(),
            birth_date: birth_date.parse().unwrap(),
            home_region: home,
            joined_at: at,
            password_hash: None,
        })
        .collect();
    let ids = new.iter().map(|new| new.id).collect();
    let written = world.app.database.write(move |tx| {
        let new = new.clone();
        Box::pin(async move {
            for new in new {
                insert(tx, new).await?;
            }
            Ok(())
        })
    });
    written.await.unwrap();
    ids
}

/// Has each of `users` do something on a day.
pub async fn come(world: &World, users: &[Uuid], day: &str, device: Device) {
    let day: NaiveDate = day.parse().unwrap();
    for user in users {
        let done = Deeds::READING;
        world.app.usage.count(Some(*user), day, device, done);
    }
    usage::write(&world.app).await.unwrap();
}

/// Puts a statement of the test's own.
pub async fn put(world: &World, text: &str) {
    let text = text.to_owned();
    let done = world.app.database.write(move |tx| {
        let text = text.clone();
        Box::pin(async move {
            tx.sql.execute_raw(sql::own(&tx.sql, &text)).await?;
            Ok(())
        })
    });
    done.await.unwrap();
}

/// Every row of the figures.
pub async fn rows(world: &World) -> Vec<String> {
    let db = world.app.database.reader();
    let text = "SELECT kind || ' ' || CAST(day AS TEXT) || ' ' || part || ' ' || CAST(figure AS TEXT) \
        FROM statistics_days ORDER BY 1";
    let rows = db.query_all_raw(sql::own(db, text)).await.unwrap();
    let first = rows.iter().map(|row| row.try_get_by_index(0).unwrap());
    first.collect()
}

async fn statistics(world: &World) -> Value {
    let found = world.anonymous().run(ALL, Value::Null).await;
    found["statistics"].clone()
}

#[tokio::test]
async fn anybody_is_told_what_was_counted_of_the_last_day() {
    let world = World::new().await;
    assert_eq!(statistics(&world).await, Value::Null);
    let early = people(
        &world,
        "early",
        12,
        ["2006-03-31T14:59:59Z", "1980-05-01"],
        Some(HomeRegion::Tokyo),
    )
    .await;
    // In April, in Japan.
    let later = ["2006-03-31T15:00:00Z", "1990-04-30"];
    people(&world, "later", 15, later, Some(HomeRegion::Osaka)).await;
    let (a, b) = (world.person("a").await, world.person("b").await);
    a.befriend(&b).await;
    a.write("a day", "ONLY_ME").await;
    come(&world, &early, "2006-05-01", Device::Pc).await;
    come(&world, &early, "2006-04-30", Device::FeaturePhone).await;
    come(&world, &early[..11], "2006-04-02", Device::FeaturePhone).await;
    assert_eq!(statistics(&world).await, Value::Null, "not of itself");
    world.clock.set("2006-05-02T03:00:00Z");
    see_to(&world.app).await.unwrap();
    let found = statistics(&world).await;
    assert_eq!(found["day"], "2006-05-01");
    assert_eq!(found["users"], 29);
    assert_eq!(found["activeUsers"], 12);
    assert_eq!(found["monthlyActiveUsers"], 12);
    for few in ["friendships", "diaries", "reviews", "footprints"] {
        assert_eq!(found[few], Value::Null, "{few}");
    }
    let access = json!([
        { "device": "FEATURE_PHONE", "isOthers": false, "operations": 23, "share": 1.0 }
    ]);
    // Two joined in May: they count with those of April.
    let month = |month: &str, users, joined, access: &Value| {
        let active = if month == "2006-05-01" {
            json!(12)
        } else {
            Value::Null
        };
        json!({ "month": month, "users": users, "joined": joined, "monthlyActiveUsers": active,
            "access": access })
    };
    let none = json!([]);
    let expected = [
        month("2006-03-01", 12, 12, &none),
        month("2006-04-01", 29, 17, &access),
        month("2006-05-01", 29, 0, &none),
    ];
    assert_eq!(found["months"], json!(expected));
    // The groups are of those who had joined by the end of April, and as old as they were then.
    assert_eq!(found["groupsMonth"], "2006-04-01");
    let share = |of: i64| of as f64 / 27.0;
    assert_eq!(
        found["ageBands"],
        json!([
            { "ageBand": "UNDER_20", "isOthers": false, "users": 15, "share": share(15) },
            { "ageBand": "TWENTIES", "isOthers": false, "users": 12, "share": share(12) },
        ])
    );
    assert_eq!(
        found["regions"],
        json!([
            { "region": "OSAKA", "isOthers": false, "users": 15, "share": share(15) },
            { "region": "TOKYO", "isOthers": false, "users": 12, "share": share(12) },
        ])
    );
    let unsaid = json!([{ "sex": null, "isOthers": false, "users": 27, "share": 1.0 }]);
    assert_eq!(found["sexes"], unsaid);
    assert_eq!(found["devices"], access);
}

#[tokio::test]
async fn groups_stay_as_they_were_until_the_month_is_over() {
    let world = World::new().await;
    // Who turn 30 in May.
    let joined = ["2006-04-10T03:00:00Z", "1976-05-15"];
    people(&world, "tokyo", 20, joined, Some(HomeRegion::Tokyo)).await;
    people(&world, "osaka", 19, joined, Some(HomeRegion::Osaka)).await;
    let said = "INSERT INTO user_facts (user_id, real_name_for, birthday_for, birth_year_for, sex, sex_for, \
        home_region_for, hometown_for, occupation_for) SELECT id, 'ONLY_ME', 'ONLY_ME', 'ONLY_ME', 'FEMALE', \
        'ONLY_ME', 'ONLY_ME', 'ONLY_ME', 'ONLY_ME' FROM users WHERE username LIKE 'tokyo%'";
    put(&world, said).await;
    world.clock.set("2006-05-02T03:00:00Z");
    see_to(&world.app).await.unwrap();
    let before = statistics(&world).await;
    assert_eq!(before["regions"].as_array().unwrap().len(), 2);
    assert_eq!(before["sexes"][0]["sex"], "FEMALE");
    assert_eq!(before["sexes"][1]["users"], 19);
    // Somebody moves, and somebody joins: who looks at two days does not see who it was.
    put(
        &world,
        "UPDATE users SET home_region = 'NARA' WHERE username IN ('tokyo0', 'osaka0')",
    )
    .await;
    people(
        &world,
        "new",
        1,
        ["2006-05-02T03:00:00Z", "1976-05-15"],
        Some(HomeRegion::Nara),
    )
    .await;
    for day in ["2006-05-03T03:00:00Z", "2006-05-31T14:59:59Z"] {
        world.clock.set(day);
        see_to(&world.app).await.unwrap();
        let after = statistics(&world).await;
        assert_ne!(after["day"], before["day"]);
        assert_eq!(after["users"], 40);
        for groups in ["groupsMonth", "ageBands", "sexes", "regions", "devices"] {
            assert_eq!(after[groups], before[groups], "{groups}");
        }
    }
    world.clock.set("2006-05-31T15:05:00Z");
    see_to(&world.app).await.unwrap();
    let june = statistics(&world).await;
    assert_eq!(june["groupsMonth"], "2006-05-01");
    // Nor does who looks at two months.
    assert_eq!(june["regions"], before["regions"]);
    assert_eq!(june["sexes"], before["sexes"]);
    assert_eq!(before["ageBands"][0]["ageBand"], "TWENTIES");
    let thirty = json!([{ "ageBand": "THIRTIES", "isOthers": false, "users": 40, "share": 1.0 }]);
    assert_eq!(june["ageBands"], thirty);
}

#[tokio::test]
async fn who_is_suspended_counts_and_who_is_gone_does_not() {
    let world = World::new().await;
    let joined = ["2006-04-10T03:00:00Z", "1980-05-02"];
    people(&world, "person", 20, joined, None).await;
    let administrator = world.person("administrator").await;
    world.make_administrator(&administrator).await;
    let input = json!({ "userId": world.known("person0").await.id(), "reason": "spam" });
    administrator.mutate("suspendUser", input, "").await;
    world.clock.set("2006-05-02T03:00:00Z");
    see_to(&world.app).await.unwrap();
    assert_eq!(statistics(&world).await["users"], 21);
    put(&world, "DELETE FROM users WHERE username = 'person1'").await;
    world.clock.set("2006-05-03T03:00:00Z");
    see_to(&world.app).await.unwrap();
    assert_eq!(statistics(&world).await["users"], 20);
}

#[tokio::test]
async fn the_figures_take_two_statements_however_many_months_there_are() {
    let world = World::uncached().await;
    for (month, day) in [("2006-04", "2006-05-02"), ("2003-01", "2006-05-03")] {
        let at = format!("{month}-10T03:00:00Z");
        people(
            &world,
            &format!("of_{}", &month[..4]),
            12,
            [&at, "1980-05-02"],
            None,
        )
        .await;
        world.clock.set(&format!("{day}T03:00:00Z"));
        see_to(&world.app).await.unwrap();
        world.forget_statements();
        let found = statistics(&world).await;
        assert_eq!(world.statements(), 2);
        let months = found["months"].as_array().unwrap().len();
        assert_eq!(months, if month == "2006-04" { 2 } else { 36 });
    }
    // The last of them has all who joined before.
    let found = statistics(&world).await;
    assert_eq!(found["months"][0]["month"], "2003-06-01");
    assert_eq!(found["months"][0]["users"], 12);
    assert_eq!(found["months"][35]["users"], 24);
}
