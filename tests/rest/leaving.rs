//! What of rests somebody takes along, and that they go with the account.

use ashiato::account::leaving::{deletion::carry::carry_out, work::see_to_exports};
use chrono::Duration;
use serde_json::json;

use super::{agrees, begin, end, hours, minutes, visit};
use crate::{
    leaving::exports::{ask, bytes, files, rows},
    support::world::{World, account::PASSWORD},
};

#[tokio::test]
async fn an_export_has_what_is_chosen_and_the_rests_that_are_over() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    world.give_password(&me).await;
    begin(&me).await;
    visit(&other, &me).await;
    minutes(&world, 10);
    end(&me).await;
    let input = json!({ "hours": hours(&["MONDAY 22:00 06:00"]), "isShownToFriends": true });
    me.mutate("setRestSchedule", input, "").await;
    let key = ask(&me).await;
    see_to_exports(&world.app).await.unwrap();
    let files = files(bytes(&world, key).await);
    let settings = rows(&files, "settings.jsonl");
    let rest = settings.iter().find_map(|row| row.get("rest")).unwrap();
    assert_eq!(rest["hours"], "1 22:00-06:00");
    assert_eq!(rest["isShownToFriends"], true);
    let rests = rows(&files, "rests.jsonl");
    assert_eq!(
        rests,
        [json!({ "since": "2006-05-01T03:00:00Z", "until": "2006-05-01T03:10:00Z" })]
    );
    let told = rows(&files, "notifications.jsonl");
    assert_eq!(told[0]["kind"], "REST_ENDED");
}

#[tokio::test]
async fn rests_go_with_the_account() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    world.give_password(&me).await;
    begin(&me).await;
    visit(&other, &me).await;
    minutes(&world, 10);
    end(&me).await;
    begin(&me).await;
    me.mutate("deleteAccount", json!({ "password": PASSWORD }), "")
        .await;
    world.clock.advance(Duration::days(8));
    let user = me.viewer.id().unwrap();
    carry_out(&world.app, user, |_| {}).await.unwrap();
    for table in ["rests", "rest_digests", "visitors"] {
        use sea_orm::ConnectionTrait;
        let text = format!("SELECT count(*) FROM {table}");
        let statement = crate::support::sql::own(world.app.database.reader(), &text);
        let row = world.app.database.reader().query_one_raw(statement).await;
        let count: i64 = row.unwrap().unwrap().try_get_by_index(0).unwrap();
        let of_other = i64::from(table == "visitors");
        assert_eq!(count, of_other, "{table}");
    }
    agrees(&world).await;
}
