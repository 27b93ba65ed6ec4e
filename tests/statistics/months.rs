//! From one month to the next a group changes by ten at least, or not at all; and what some do tells of the others.

use ashiato::statistics::{kind::is_apart, sums::told};
use proptest::prelude::*;

use super::*;

/// How many are told of each region, where the others are `OTHERS`.
fn regions(statistics: &Value) -> Vec<(String, i64)> {
    let groups = statistics["regions"].as_array().unwrap().iter();
    let name = |group: &Value| match group["isOthers"] == true {
        true => "OTHERS".to_owned(),
        false => group["region"].as_str().unwrap_or("UNSAID").to_owned(),
    };
    groups
        .map(|group| (name(group), group["users"].as_i64().unwrap()))
        .collect()
}

async fn join(world: &World, month: &str, count: usize, home: Option<HomeRegion>) {
    let at = format!("{month}-10T03:00:00Z");
    let name = home.map_or("UNSAID".to_owned(), |home| format!("{home:?}"));
    let prefix = format!("{}{}_", name.to_lowercase(), month.replace('-', ""));
    people(world, &prefix, count, [&at, "1980-05-02"], home).await;
}

async fn counted(world: &World, day: &str) -> Value {
    world.clock.set(&format!("{day}T03:00:00Z"));
    see_to(&world.app).await.unwrap();
    statistics(world).await
}

fn named(groups: &[(&str, i64)]) -> Vec<(String, i64)> {
    let groups = groups.iter();
    groups
        .map(|(name, users)| ((*name).to_owned(), *users))
        .collect()
}

#[tokio::test]
async fn who_is_the_only_one_to_join_in_a_month_tells_no_month_where_they_are_from() {
    use HomeRegion::{Nara, Osaka, Tokyo};
    let world = World::new().await;
    join(&world, "2006-04", 30, Some(Tokyo)).await;
    join(&world, "2006-04", 20, Some(Osaka)).await;
    let april = counted(&world, "2006-05-02").await;
    assert_eq!(regions(&april), named(&[("TOKYO", 30), ("OSAKA", 20)]));
    // One, and then more of them, month by month.
    join(&world, "2006-05", 1, Some(Osaka)).await;
    let may = counted(&world, "2006-06-02").await;
    assert_eq!(
        (&may["groupsMonth"], &may["users"]),
        (&json!("2006-05-01"), &json!(51))
    );
    assert_eq!(may["regions"], april["regions"]);
    assert_eq!(may["ageBands"], april["ageBands"]);
    assert_eq!(may["sexes"], april["sexes"]);
    join(&world, "2006-06", 8, Some(Osaka)).await;
    join(&world, "2006-06", 9, Some(Nara)).await;
    let june = counted(&world, "2006-07-02").await;
    assert_eq!(june["regions"], april["regions"]);
    // All of one age: they are enough for that.
    assert_eq!(june["ageBands"][0]["users"], 68);
    join(&world, "2006-07", 1, Some(Osaka)).await;
    join(&world, "2006-07", 1, Some(Nara)).await;
    let july = counted(&world, "2006-08-02").await;
    assert_eq!(
        regions(&july),
        named(&[("TOKYO", 30), ("OSAKA", 30), ("NARA", 10)])
    );
    // Who leaves, as who comes.
    put(
        &world,
        "DELETE FROM users WHERE username LIKE 'nara200606_%'",
    )
    .await;
    let august = counted(&world, "2006-09-02").await;
    assert_eq!(august["regions"], july["regions"]);
    put(&world, "DELETE FROM users WHERE username LIKE 'nara%'").await;
    let september = counted(&world, "2006-10-02").await;
    assert_eq!(regions(&september), named(&[("TOKYO", 30), ("OSAKA", 30)]));
}

/// A service that was away for months goes on from the groups that it told last.
#[tokio::test]
async fn months_that_were_not_counted_lie_between() {
    let world = World::new().await;
    join(&world, "2006-04", 30, Some(HomeRegion::Tokyo)).await;
    let april = counted(&world, "2006-05-02").await;
    join(&world, "2006-07", 9, Some(HomeRegion::Tokyo)).await;
    let september = counted(&world, "2006-10-02").await;
    assert_eq!(september["groupsMonth"], "2006-09-01");
    assert_eq!(september["regions"], april["regions"]);
    let again = counted(&world, "2006-10-03").await;
    assert_eq!(again["regions"], april["regions"]);
}

proptest! {
    #[test]
    fn what_is_told_of_a_group_changes_by_ten_at_least_and_is_never_ten_behind(
        figures in prop::collection::vec(0_i64..60, 1..40),
    ) {
        let mut before = figures[0];
        for now in figures {
            let figure = told(before, now);
            prop_assert!(is_apart(before, figure));
            prop_assert!((figure - now).abs() < 10);
            before = figure;
        }
    }
}

/// Nine of thirty did nothing: that is a figure of fewer than ten, too.
#[tokio::test]
async fn how_many_came_is_not_told_where_it_tells_of_fewer_than_ten_who_did_not() {
    let world = World::new().await;
    let joined = ["2006-04-10T03:00:00Z", "1980-05-02"];
    let all = people(&world, "person", 30, joined, None).await;
    let mut day = 1;
    for (monthly, active, [of_month, of_day]) in [
        (30, 30, [json!(30), json!(30)]),
        (30, 20, [json!(30), json!(20)]),
        (30, 21, [json!(30), Value::Null]),
        (29, 29, [Value::Null, Value::Null]),
        (21, 10, [Value::Null, json!(10)]),
        (20, 20, [json!(20), json!(20)]),
        (20, 11, [json!(20), Value::Null]),
        (10, 9, [json!(10), Value::Null]),
        (9, 0, [Value::Null, Value::Null]),
    ] {
        put(&world, "DELETE FROM usage_days").await;
        let today = format!("2006-05-{day:02}");
        come(&world, &all[..active], &today, Device::Pc).await;
        come(&world, &all[..monthly], "2006-04-20", Device::Pc).await;
        day += 1;
        let found = counted(&world, &format!("2006-05-{day:02}")).await;
        assert_eq!(found["day"], today.as_str());
        assert_eq!(found["monthlyActiveUsers"], of_month, "{monthly} {active}");
        assert_eq!(found["activeUsers"], of_day, "{monthly} {active}");
        assert_eq!(found["months"][1]["monthlyActiveUsers"], of_month);
    }
}
