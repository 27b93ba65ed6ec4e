//! How long somebody's use is kept.

use ashiato::{
    config::Rules,
    housekeeping::sweep,
    usage::{counting, tally::Deeds},
};
use entity::values::Device;

use super::{count, number};
use crate::support::world::World;

#[tokio::test]
async fn days_go_after_their_time_and_everybody_s_stay() {
    let world = World::with(Rules {
        usage_days: 100,
        ..Rules::default()
    })
    .await;
    let me = world.person("me").await;
    for day in ["2006-01-20", "2006-01-21", "2006-05-01"] {
        count(&me, day, Device::Pc, Deeds::READING);
    }
    counting::write(&world.app).await.unwrap();
    assert_eq!(sweep(&world.app).await.unwrap().usage, 1);
    assert_eq!(sweep(&world.app).await.unwrap().usage, 0);
    world.clock.set("2006-05-01T15:00:00Z");
    assert_eq!(sweep(&world.app).await.unwrap().usage, 1);
    assert_eq!(number(&world, "SELECT count(*) FROM usage_days").await, 1);
    assert_eq!(number(&world, "SELECT count(*) FROM access_days").await, 3);
}
