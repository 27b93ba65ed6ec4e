//! What becomes of somebody's use when they leave.

use ashiato::{
    account::leaving::{
        deletion::carry::{Progress, carry_out},
        work::see_to_exports,
    },
    usage::{counting, tally::Deeds},
};
use chrono::TimeDelta;
use entity::values::Device;
use serde_json::json;

use super::{count, number};
use crate::{
    leaving::exports::{ask, bytes, files, rows},
    support::world::{World, account::PASSWORD},
};

const DAY: &str = "2006-05-01";

#[tokio::test]
async fn it_is_taken_along_and_goes_with_the_user() {
    let world = World::new().await;
    let (goes, stays) = (world.person("goes").await, world.person("stays").await);
    world.give_password(&goes).await;
    let done = Deeds {
        visits: 3,
        writings: 2,
        readings: 1,
    };
    count(&goes, "2005-04-01", Device::Pc, done);
    for person in [&goes, &stays] {
        count(person, DAY, Device::FeaturePhone, done);
    }
    counting::write(&world.app).await.unwrap();
    let key = ask(&goes).await;
    see_to_exports(&world.app).await.unwrap();
    let files = files(bytes(&world, key).await);
    let row = |day: &str, device: &str| json!({ "day": day, "device": device, "visits": 3, "writings": 2, "readings": 1 });
    assert_eq!(
        rows(&files, "usage.jsonl"),
        [row(DAY, "FEATURE_PHONE"), row("2005-04-01", "PC")]
    );
    let input = json!({ "password": PASSWORD });
    goes.mutate("deleteAccount", input, "").await;
    world.clock.advance(TimeDelta::days(7));
    let user = goes.viewer.id().unwrap();
    let gone = carry_out(&world.app, user, |_| {}).await.unwrap();
    assert_eq!(gone, Progress::Gone);
    assert_eq!(number(&world, "SELECT count(*) FROM usage_days").await, 1);
    // What a server had counted before is not written any more.
    count(&goes, DAY, Device::Pc, done);
    counting::write(&world.app).await.unwrap();
    assert_eq!(number(&world, "SELECT count(*) FROM usage_days").await, 1);
}
