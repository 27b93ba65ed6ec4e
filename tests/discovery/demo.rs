//! What it costs in a community of the shape of the real one.

use std::collections::BTreeMap;

use ashiato::demo::{self, Profile, Settings};
use indicatif::ProgressBar;
use serde_json::json;

use super::{PATH, chain};
use crate::support::{backend::is_postgres, world::World};

/// From somebody, and from a public figure, to people from all over the community.
#[tokio::test]
async fn in_the_demo_few_rows_lead_to_everybody() {
    let world = World::uncached().await;
    let settings = Settings {
        users: if is_postgres() { 400 } else { 1_000 },
        seed: 1,
        profile: Profile::Of2011,
        as_of: "2006-05-01".parse().unwrap(),
    };
    let loaded = demo::load(&world.app, &settings, &ProgressBar::hidden()).await;
    loaded.unwrap();
    world.app.settle_absences().await;
    let hanako = world.known(demo::USERNAME).await;
    let tarento = world.known("tsukino_hikari").await;
    let some = "{ searchUsers(text: \"ne\", first: 40) { nodes { username } } }";
    let some = hanako.run(some, json!({})).await;
    let some = some["searchUsers"]["nodes"].as_array().unwrap();
    assert!(some.len() >= 15, "{some:?}");
    for me in [&hanako, &tarento] {
        let (mut lengths, mut most) = (BTreeMap::<_, usize>::new(), [0; 2]);
        for other in some {
            world.forget_statements();
            let data = me.run(PATH, json!(other)).await;
            let statements = world.statements();
            let rows = world.rows_of("newest_diary_id").await.iter().sum();
            let (found, _) = chain(&data["viewer"]["pathTo"]);
            *lengths.entry(found.len()).or_default() += 1;
            most = [most[0].max(statements), most[1].max(rows)];
        }
        let [statements, rows] = most;
        println!("{statements} statements, {rows} friendships; people on a chain: {lengths:?}");
        assert!(statements <= 12 && rows <= 2_000, "{most:?}");
        // Nearly everybody is found.
        let nobody = lengths.remove(&0).unwrap_or(0);
        assert!(nobody * 10 <= some.len(), "{nobody}");
    }
}
