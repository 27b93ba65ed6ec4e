//! The weekly charts of everybody.

use ashiato::music::charting::catch_up;
use serde_json::{Value, json};

use super::{agrees, chart, count, heard, listen, row, song, songs};
use crate::support::world::World;

#[tokio::test]
async fn many_listeners_make_a_place_and_the_week_before_stands_beside() {
    let world = World::new().await;
    let people = world.people("person", 4).await;
    let songs = songs(&people[0], 4).await;
    let [hit, fan, quiet, old] = [0, 1, 2, 3].map(|place| &*songs[place]);
    // Last week, until the end of Sunday in Japan.
    listen(
        &people[0],
        &[
            (old, "2006-04-30T14:59:59.999Z"),
            (hit, "2006-04-26T10:00:00Z"),
        ],
    )
    .await;
    listen(&people[1], &[(old, "2006-04-24T15:00:00Z")]).await;
    // This week, from its first moment on.
    listen(
        &people[0],
        &[
            (hit, "2006-04-30T15:00:00Z"),
            (quiet, "2006-05-01T01:00:00Z"),
        ],
    )
    .await;
    listen(&people[1], &[(hit, "2006-05-01T01:00:00Z")]).await;
    let often: Vec<_> = (0..20)
        .map(|n| format!("2006-05-01T02:{n:02}:00Z"))
        .collect();
    let often: Vec<_> = often.iter().map(|at| (fan, &**at)).collect();
    listen(&people[2], &often).await;
    assert!(
        chart(&people[3], "2006-05-01").await.is_empty(),
        "it is counted later"
    );
    assert!(catch_up(&world.app).await.unwrap() > 0);
    assert_eq!(catch_up(&world.app).await.unwrap(), 0);
    let this_week = [
        row(1, Some(2), "song0", 2, 2),
        row(2, None, "song1", 1, 20),
        row(3, None, "song2", 1, 1),
    ];
    for viewer in [&people[3], &people[0], &world.anonymous()] {
        assert_eq!(chart(viewer, "2006-05-01").await, this_week);
        assert_eq!(chart(viewer, "2006-05-07").await, this_week);
        let last_week = [row(1, None, "song3", 2, 2), row(2, None, "song0", 1, 1)];
        assert_eq!(chart(viewer, "2006-04-30").await, last_week);
        assert!(chart(viewer, "2006-05-08").await.is_empty());
        assert!(chart(viewer, "0000-01-01").await.is_empty());
        assert!(chart(viewer, "9999-12-31").await.is_empty());
    }
    let last = "{ songChart { firstDay lastDay entries { nodes { song { title } } } } }";
    let found = people[3].run(last, Value::Null).await;
    assert_eq!(found["songChart"]["firstDay"], "2006-04-24");
    assert_eq!(found["songChart"]["lastDay"], "2006-04-30");
    let nodes = found["songChart"]["entries"]["nodes"].as_array();
    assert_eq!(nodes.unwrap().len(), 2, "the last week that is over");
    // A player that was off the net: the week that is over changes, too.
    world.clock.advance(chrono::TimeDelta::days(8));
    listen(&people[3], &[(fan, "2006-05-02T01:00:00Z")]).await;
    agrees(&world).await;
    let changed = [
        row(1, None, "song1", 2, 21),
        row(2, Some(2), "song0", 2, 2),
        row(3, None, "song2", 1, 1),
    ];
    assert_eq!(chart(&people[3], "2006-05-01").await, changed);
}

#[tokio::test]
async fn equals_share_a_place_over_all_pages() {
    let world = World::new().await;
    let people = world.people("person", 2).await;
    let songs = songs(&people[0], 5).await;
    for (place, song) in songs.iter().enumerate() {
        listen(&people[0], &[(song, "2006-05-01T01:00:00Z")]).await;
        if place == 4 {
            listen(&people[1], &[(song, "2006-05-01T01:00:00Z")]).await;
        }
    }
    catch_up(&world.app).await.unwrap();
    let page = "query($after: String) { songChart(week: \"2006-05-01\") { entries(first: 2, after: $after) { totalCount
        pageInfo { hasNextPage hasPreviousPage endCursor } nodes { place song { title } } } } }";
    let (mut after, mut seen, mut pages) = (Value::Null, Vec::new(), 0);
    loop {
        let found = people[0].run(page, json!({ "after": after })).await;
        let found = &found["songChart"]["entries"];
        assert_eq!(found["totalCount"], 5);
        assert_eq!(found["pageInfo"]["hasPreviousPage"], !after.is_null());
        seen.extend(found["nodes"].as_array().unwrap().clone());
        after = found["pageInfo"]["endCursor"].clone();
        pages += 1;
        if found["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(pages, 3);
    let places: Vec<_> = seen
        .iter()
        .map(|node| node["place"].as_i64().unwrap())
        .collect();
    assert_eq!(places, [1, 2, 2, 2, 2]);
    assert_eq!(seen[0]["song"]["title"], "song4");
    let mut titles: Vec<_> = seen
        .iter()
        .map(|node| node["song"]["title"].to_string())
        .collect();
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), 5, "each stands in it once");
    let asked = "{ songChart { entries(after: \"nonsense\") { totalCount } } }";
    assert_eq!(people[0].error(asked, Value::Null).await, "INVALID_CURSOR");
}

#[tokio::test]
async fn a_chart_ends_after_a_hundred() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let songs = songs(&me, 103).await;
    for songs in songs.chunks(50) {
        let all: Vec<_> = songs
            .iter()
            .map(|song| (&**song, "2006-05-01T01:00:00Z"))
            .collect();
        listen(&me, &all).await;
    }
    listen(&other, &[(&songs[0], "2006-05-01T01:00:00Z")]).await;
    catch_up(&world.app).await.unwrap();
    let all = chart(&me, "2006-05-01").await;
    assert_eq!(all.len(), 100);
    assert_eq!(all[0], row(1, None, "song0", 2, 2));
    assert!(all[1..].iter().all(|row| row.0 == 2));
    agrees(&world).await;
    assert_eq!(count(&world, "song_charts").await, 103);
}

#[tokio::test]
async fn who_is_absent_counts_as_everybody_does() {
    let world = World::new().await;
    let administrator = world.person("administrator").await;
    world.make_administrator(&administrator).await;
    let (me, spammer) = (world.person("me").await, world.person("spammer").await);
    let one = song(&me, "one").await;
    listen(&spammer, &[(&one, "2006-05-01T01:00:00Z")]).await;
    listen(&me, &[(&one, "2006-05-01T01:00:00Z")]).await;
    catch_up(&world.app).await.unwrap();
    let input = json!({ "userId": spammer.id(), "reason": "spam" });
    administrator.mutate("suspendUser", input, "").await;
    // Figures over everybody count everybody.
    assert_eq!(chart(&me, "2006-05-01").await, [row(1, None, "one", 2, 2)]);
    let refused = me
        .attempt(
            "reportListens",
            heard(&[(&one, "2006-05-01T01:00:00Z")]),
            "newCount",
        )
        .await;
    assert_eq!(refused["newCount"], 0);
    agrees(&world).await;
}
