//! The demo: the same settings make the same rows, of the promised shape, that agree with each
//! other.

mod brands;
mod circles;
mod edges;
mod introductions;
mod music;
mod plans;
mod rests;
mod told;
mod visitors;
mod whole;

use std::collections::BTreeMap;

use ashiato::{
    account::service::sign_in,
    bulk::recount::recount,
    clock::day_in_japan,
    demo::{self, Profile, Settings, Summary},
};
use chrono::{DateTime, NaiveDate, Utc};
use indicatif::ProgressBar;

use crate::support::{clock::ManualClock, place::Place, spoilt};

fn settings(users: usize, seed: u64) -> Settings {
    Settings {
        users,
        seed,
        profile: Profile::Of2006,
        as_of: "2006-10-21".parse().unwrap(),
    }
}

async fn load(settings: Settings) -> (Place, Summary) {
    let place = Place::new().await;
    let summary = demo::load(&place.app, &settings, &ProgressBar::hidden())
        .await
        .unwrap();
    (place, summary)
}

#[tokio::test]
async fn same_settings_make_the_same_rows() {
    let (one, _) = load(settings(120, 7)).await;
    let (other, _) = load(settings(120, 7)).await;
    let (another_seed, _) = load(settings(120, 8)).await;
    let (another_profile, _) = load(Settings {
        profile: Profile::Of2011,
        ..settings(120, 7)
    })
    .await;
    let (another_day, _) = load(Settings {
        as_of: "2006-10-22".parse().unwrap(),
        ..settings(120, 7)
    })
    .await;
    let rows = one.everything().await;
    assert!(rows == other.everything().await);
    for table in ["users", "friendships", "diaries", "reviews", "footprints"] {
        assert!(rows[table].len() > 100, "{table}");
        for different in [&another_seed, &another_profile, &another_day] {
            assert!(
                rows[table] != different.everything().await[table],
                "{table}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_kept_twice_agrees() {
    let (place, _) = load(settings(1000, 1)).await;
    let db = place.app.database.reader();
    assert_eq!(recount(db).await.unwrap(), []);
}

#[tokio::test]
async fn recount_tells_of_each_kind_of_difference() {
    let (place, _) = load(settings(60, 1)).await;
    for (spoil, check) in [
        (
            "UPDATE users SET friend_count = friend_count + 1",
            "users.friend_count",
        ),
        (
            "UPDATE users SET public_diaries = public_diaries + 1",
            "public_diaries",
        ),
        (
            "UPDATE users SET song_reviews = song_reviews + 1",
            "song_reviews",
        ),
        (
            "UPDATE diaries SET comment_count = comment_count + 1",
            "diaries.comment_count",
        ),
        (
            "UPDATE item_ratings SET stars_5 = stars_5 + 1",
            "item_ratings.stars_5",
        ),
        (
            "DELETE FROM item_reviews",
            "reviews: the item's row, with the same id, and the item's kind",
        ),
        ("DELETE FROM usernames", "users: the directory's row"),
        ("DELETE FROM user_grams", "user_grams"),
        ("DELETE FROM diary_texts", "diary_texts"),
        ("DELETE FROM review_texts", "review_texts"),
        (
            "UPDATE catalogue_grams SET gram = 'x' || gram",
            "catalogue_grams",
        ),
        (
            "DELETE FROM friendships WHERE user_id < friend_id",
            "friendships: the other row, with the same id and since",
        ),
        (
            "UPDATE user_counters SET footprint_count = footprint_count + 1",
            "user_counters.footprint_count",
        ),
        (
            "UPDATE user_counters SET visit_count = 0",
            "user_counters.visit_count: no footprint has a higher number",
        ),
        (
            "UPDATE user_counters SET comment_number = 0",
            "user_counters.comment_number: no comment has a higher one",
        ),
        (
            "UPDATE friend_requests SET message = 'x' WHERE direction = 'INCOMING'",
            "friend_requests: the other row, alike but for direction and number",
        ),
    ] {
        let found = spoilt::checks(&place.url(), spoil).await;
        assert!(found.iter().any(|it| it == check), "{spoil}: {found:?}");
    }
}

#[tokio::test]
async fn ages_and_homes_have_the_published_shares() {
    let (place, _) = load(settings(1000, 3)).await;
    let today: NaiveDate = "2006-10-21".parse().unwrap();
    let mut ages: BTreeMap<u32, usize> = BTreeMap::new();
    for born in place.all::<NaiveDate>("SELECT birth_date FROM users").await {
        let age = today.years_since(born).unwrap();
        *ages.entry((age / 10 * 10).clamp(10, 50)).or_default() += 1;
        assert!(age >= 15);
    }
    let published = [(10, 85), (20, 620), (30, 229), (40, 46), (50, 20)];
    assert_eq!(ages, published.into());
    let homes: BTreeMap<String, i64> = place
        .map("SELECT home_region, count(*) FROM users GROUP BY 1")
        .await;
    let of = |prefectures: &[&str]| -> i64 {
        prefectures.iter().filter_map(|name| homes.get(*name)).sum()
    };
    assert_eq!(
        of(&[
            "TOKYO", "KANAGAWA", "SAITAMA", "CHIBA", "IBARAKI", "GUNMA", "TOCHIGI"
        ]),
        504
    );
    assert_eq!(
        of(&["OSAKA", "HYOGO", "KYOTO", "NARA", "SHIGA", "WAKAYAMA"]),
        171
    );
    assert_eq!(of(&["AICHI", "SHIZUOKA", "GIFU", "MIE"]), 82);
    assert_eq!(of(&["OVERSEAS"]), 51);
    assert_eq!(of(&["HOKKAIDO"]), 30);
    assert_eq!(of(&["OKINAWA"]), 6);
    assert_eq!(homes.len(), 48);
    let joined: Vec<DateTime<Utc>> = place.all("SELECT joined_at FROM users ORDER BY id").await;
    let born: Vec<NaiveDate> = place.all("SELECT birth_date FROM users ORDER BY id").await;
    for (joined, born) in joined.into_iter().zip(born) {
        let day = day_in_japan(joined);
        assert!(day >= "2004-02-15".parse().unwrap() && day.years_since(born) >= Some(15));
    }
}

#[tokio::test]
async fn the_graph_is_mutual_capped_heavy_tailed_and_clustered() {
    let (place, summary) = load(settings(1000, 1)).await;
    assert!((9.5..10.5).contains(&summary.mean_friends), "{summary}");
    assert!((0.15..0.4).contains(&summary.clustering), "{summary}");
    // A random graph of this density has a clustering of 0.01.
    let counts: Vec<i64> = place
        .all("SELECT friend_count FROM users WHERE kind = 'MEMBER' ORDER BY 1")
        .await;
    assert!(counts[500] < 8, "half of the people have few friends");
    assert!(counts[996] > 70, "a few have many");
    let tarento: Vec<i64> = place
        .all("SELECT friend_count FROM users WHERE kind = 'TARENTO' ORDER BY 1 DESC")
        .await;
    assert_eq!(tarento, [300, 120, 60]);
    let (_, grown_up) = load(Settings {
        profile: Profile::Of2011,
        ..settings(1000, 1)
    })
    .await;
    assert!((38.0..42.0).contains(&grown_up.mean_friends), "{grown_up}");
    assert!((0.15..0.4).contains(&grown_up.clustering), "{grown_up}");
}

#[tokio::test]
async fn nobody_but_tarento_passes_the_cap() {
    let place = Place::with(
        ashiato::config::Rules {
            friend_limit: 12,
            ..Default::default()
        },
        None,
    )
    .await;
    demo::load(&place.app, &settings(400, 1), &ProgressBar::hidden())
        .await
        .unwrap();
    let most = "SELECT max(friend_count) FROM users WHERE kind =";
    assert_eq!(place.one::<i64>(&format!("{most} 'MEMBER'")).await, 12);
    assert_eq!(place.one::<i64>(&format!("{most} 'TARENTO'")).await, 120);
}

#[tokio::test]
async fn hanako_and_taro_have_something_of_everything() {
    let (place, _) = load(settings(1000, 1)).await;
    for name in ["hanako", "taro"] {
        let user =
            format!("FROM users JOIN user_counters ON user_id = id WHERE username = '{name}'");
        let friends: i64 = place.one(&format!("SELECT friend_count {user}")).await;
        assert!((20..=60).contains(&friends), "{friends}");
        for (column, least) in [
            ("incoming_request_count", 2),
            ("public_diaries", 1),
            ("members_diaries", 1),
            ("friends_of_friends_diaries", 1),
            ("friends_diaries", 1),
            ("group_diaries", 1),
            ("only_me_diaries", 1),
            ("footprint_count", 20),
            ("new_footprint_count", 1),
            ("seen_number", 1),
            ("comment_number", 1),
        ] {
            let value: i64 = place.one(&format!("SELECT {column} {user}")).await;
            assert!(value >= least, "{name}.{column} is {value}");
        }
    }
    let together: i64 = place
        .one(
            "SELECT count(*) FROM friendships JOIN users AS u ON u.id = user_id \
             JOIN users AS f ON f.id = friend_id \
             WHERE u.username = 'hanako' AND f.username = 'taro'",
        )
        .await;
    assert_eq!(together, 1);
    for (column, table, values) in [
        ("audience", "diaries", 6),
        ("origin", "footprints", 7),
        ("kind", "reviews", 5),
        ("rating", "reviews", 5),
    ] {
        let found: i64 = place
            .one(&format!("SELECT count(DISTINCT {column}) FROM {table}"))
            .await;
        assert_eq!(found, values, "{table}.{column}");
    }
    for name in ["hanako", "taro", "tsukino_hikari"] {
        let password = demo::PASSWORD.to_owned();
        sign_in(&place.app, name, password, None).await.unwrap();
    }
    let wrong = "footprints-2005".to_owned();
    assert!(sign_in(&place.app, "hanako", wrong, None).await.is_err());
}

#[tokio::test]
async fn comments_are_by_those_who_may_see_and_nothing_lies_in_the_future() {
    let (place, _) = load(settings(1000, 1)).await;
    let hidden: i64 = place
        .one(
            "SELECT count(*) FROM diary_comments AS c JOIN diaries AS d \
             ON d.author_id = c.diary_author_id AND d.id = c.diary_id \
             WHERE c.author_id <> d.author_id AND (d.audience = 'ONLY_ME' \
             OR (d.audience = 'GROUP' AND NOT EXISTS (SELECT 1 FROM friend_group_members AS m \
             WHERE m.owner_id = d.author_id AND m.group_id = d.group_id \
             AND m.friend_id = c.author_id)) \
             OR (d.audience = 'FRIENDS' AND NOT EXISTS (SELECT 1 FROM friendships AS f \
             WHERE f.user_id = c.author_id AND f.friend_id = d.author_id \
             AND f.since <= c.created_at)) \
             OR (d.audience = 'FRIENDS_OF_FRIENDS' AND NOT EXISTS (SELECT 1 FROM friendships AS f \
             WHERE f.user_id = c.author_id AND f.friend_id = d.author_id) \
             AND NOT EXISTS (SELECT 1 FROM friendships AS f JOIN friendships AS g \
             ON g.user_id = f.friend_id AND g.friend_id = d.author_id \
             WHERE f.user_id = c.author_id)))",
        )
        .await;
    assert_eq!(hidden, 0);
    // The demo is set at the beginning of 21 October in Japan.
    for (column, table) in [
        ("joined_at", "users"),
        ("since", "friendships"),
        ("created_at", "friend_requests"),
        ("created_at", "diaries"),
        ("created_at", "diary_comments"),
        ("created_at", "reviews"),
        ("visited_at", "footprints"),
    ] {
        let latest: DateTime<Utc> = place
            .one(&format!("SELECT max({column}) FROM {table}"))
            .await;
        let latest = latest.to_rfc3339();
        assert!(latest.as_str() < "2006-10-20T15:00:00", "{table}: {latest}");
        assert!(latest.as_str() > "2006-10-19", "{table}: {latest}");
    }
}

#[tokio::test]
async fn the_demo_leaves_a_community_that_is_there_alone() {
    let (place, _) = load(settings(40, 1)).await;
    let before = place.everything().await;
    let error = demo::load(&place.app, &settings(40, 2), &ProgressBar::hidden())
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("40 users already"), "{error}");
    assert!(demo::load_if_empty(&place.app).await.unwrap().is_none());
    assert!(before == place.everything().await);
}

#[tokio::test]
async fn an_empty_database_is_filled_as_of_today() {
    let clock = ManualClock::at("2026-11-22T16:00:00Z");
    let place = Place::with(Default::default(), Some(clock)).await;
    let summary = demo::load_if_empty(&place.app).await.unwrap().unwrap();
    assert_eq!(summary.users, 1000);
    assert_eq!(
        place
            .one::<NaiveDate>("SELECT max(day) FROM footprints")
            .await
            .to_string(),
        "2026-11-22",
        "it is the 23rd in Japan: the day before is over"
    );
    assert_eq!(recount(place.app.database.reader()).await.unwrap(), []);
}
