//! What happens at once, through two servers: caps and places are exact, and each listen counts once.

use ashiato::{
    config::Rules,
    ids::{GlobalId, Kind},
    music::charting::catch_up,
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{agrees, chart, count, favourites, heard, row, song, songs};
use crate::support::{
    crowd,
    pair::{Pair, sign_in},
    world::World,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_to_favourites_at_once_places_are_from_1_on_and_100_at_the_most() {
    let world = World::new().await;
    let adder = world.person("adder").await;
    let songs = songs(&adder, 106).await;
    let pair = Pair::new(&world).await;
    let ids = crowd::people(&world.app, "me", 1).await;
    let me = &sign_in(&world.app, &ids).await[0];
    for song in &songs[..96] {
        pair.mutate(0, me, "addFavouriteSong", json!({ "itemId": song }))
            .await
            .unwrap();
    }
    // Four have room, and each is asked for twice.
    let adding = (0..20).map(async |turn: usize| {
        let input = json!({ "itemId": songs[96 + turn / 2], "position": 1 });
        let allowed = ["FAVOURITE_SONG_LIMIT_REACHED"];
        pair.settles(turn % 2, me, "addFavouriteSong", input, &allowed)
            .await
    });
    join_all(adding).await;
    let all = favourites(&adder, "me0").await;
    assert_eq!(all.len(), 100);
    agrees(&world).await;
    let acts = (0..48).map(async |turn: usize| {
        let item = &songs[turn * 7 % 106];
        let (name, input) = match turn % 4 {
            0 => ("removeFavouriteSong", json!({ "itemId": item })),
            1 => (
                "addFavouriteSong",
                json!({ "itemId": item, "position": 1 + turn % 5 }),
            ),
            _ => (
                "moveFavouriteSong",
                json!({ "itemId": item, "position": 1 + turn * 11 % 80 }),
            ),
        };
        let allowed = ["NOT_FOUND", "FAVOURITE_SONG_LIMIT_REACHED"];
        pair.settles(turn % 2, me, name, input, &allowed).await
    });
    let done = join_all(acts).await;
    assert!(done.iter().filter(|done| **done).count() > 20);
    let after = favourites(&adder, "me0").await;
    assert!(after != all && after.len() >= 80);
    agrees(&world).await;
    pair.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_reports_at_once_each_listen_counts_once_and_a_day_holds_no_more_than_it_may() {
    let world = World::with(Rules {
        listens_per_day: 30,
        ..Rules::default()
    })
    .await;
    let adder = world.person("adder").await;
    let songs = songs(&adder, 2).await;
    let pair = Pair::new(&world).await;
    let ids = crowd::people(&world.app, "me", 3).await;
    let members = sign_in(&world.app, &ids).await;
    // Each reports the same ten four times, and then each of 40 others, at the same time.
    let reports = (0..60).map(async |turn: usize| {
        let me = &members[turn % 3];
        let minute = |n: usize| format!("2006-05-01T0{}:{:02}:00Z", n / 60, n % 60);
        let turn = turn / 3;
        let times: Vec<_> = match turn < 4 {
            true => (0..10).map(minute).collect(),
            false => (0..3).map(|n| minute(10 + (turn - 4) * 3 + n)).collect(),
        };
        let listens: Vec<_> = times.iter().map(|at| (&*songs[turn % 2], &**at)).collect();
        let allowed = ["LISTEN_LIMIT_REACHED"];
        pair.settles(turn % 2, me, "reportListens", heard(&listens), &allowed)
            .await
    });
    let counting = async {
        for _ in 0..10 {
            catch_up(&world.app).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    futures_util::future::join(join_all(reports), counting).await;
    assert_eq!(count(&world, "listens").await, 90, "thirty each");
    agrees(&world).await;
    let listens: i64 = chart(&adder, "2006-05-01")
        .await
        .iter()
        .map(|row| row.4)
        .sum();
    assert_eq!(listens, 90);
    pair.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_several_servers_that_count_at_the_same_time_count_each_listen_once() {
    const PEOPLE: usize = 12;
    let world = World::new().await;
    let adder = world.person("adder").await;
    let one = song(&adder, "one").await;
    let others = [world.beside().await, world.beside().await];
    let people = world.people("person", PEOPLE).await;
    let reporting = async {
        for hour in 0..6 {
            let at = format!("2006-05-01T0{}:{:02}:00Z", hour % 3, hour * 5);
            let input = heard(&[(&one, &at)]);
            join_all(
                people
                    .iter()
                    .map(|it| it.mutate("reportListens", input.clone(), "")),
            )
            .await;
        }
    };
    let counting = others.iter().map(async |other| {
        let mut all = 0;
        for _ in 0..30 {
            all += catch_up(&other.app).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        all
    });
    let (_, counted) = futures_util::future::join(reporting, join_all(counting)).await;
    let rest = catch_up(&world.app).await.unwrap();
    assert_eq!(counted.iter().sum::<u64>() + rest, 6 * PEOPLE as u64);
    let counted = chart(&adder, "2006-05-01").await;
    assert_eq!(
        counted,
        [row(1, None, "one", PEOPLE as i64, 6 * PEOPLE as i64)]
    );
    agrees(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_add_songs_of_a_new_artist_at_once_one_adds_the_artist() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let ids = crowd::people(&world.app, "person", 12).await;
    let members = sign_in(&world.app, &ids).await;
    let names = ["くるり", "Quruli", "クルリ"];
    let adding = members.iter().enumerate().map(async |(turn, member)| {
        // In whichever order the names come, and with songs of which some are the same.
        let (name, other) = (names[turn % 3], names[(turn + 1) % 3]);
        let input = json!({ "kind": "SONG", "title": format!("song{}", turn % 4),
            "artist": { "name": name, "otherNames": [other] } });
        let allowed = ["ITEM_EXISTS"];
        pair.settles(turn % 2, member, "addCatalogueItem", input, &allowed)
            .await
    });
    join_all(adding).await;
    // Two names can be added at the same moment by two who do not know that they are one's: then there are
    // two artists. The same name leads to one.
    let artists = count(&world, "artists").await;
    assert!((1..=2).contains(&artists), "{artists}");
    assert_eq!(
        count(&world, "artist_names").await,
        2,
        "hiragana and katakana are one"
    );
    assert_eq!(count(&world, "catalogue_items").await, 4 * artists);
    let all = "{ searchArtists(text: \"くる\") { nodes { id items { nodes { title } } } } }";
    let found = world.anonymous().run(all, Value::Null).await;
    let nodes = found["searchArtists"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 1);
    assert_eq!(nodes[0]["items"]["nodes"].as_array().unwrap().len(), 4);
    assert!(GlobalId::expect::<1>(nodes[0]["id"].as_str().unwrap(), Kind::Artist).is_ok());
    agrees(&world).await;
    pair.shutdown().await;
}
