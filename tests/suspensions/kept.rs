//! What is kept beyond a request shows nobody who has been suspended since, and is kept meanwhile, too.

use chrono::Duration;
use serde_json::{Value, json};

use super::{lift, suspend};
use crate::support::world::{Person, World};

const PAGE: &str = "{ user(username: \"owner\") { friendCount
    friends(first: 5) { totalCount nodes { username } }
    diaries { nodes { commentCount comments { totalCount nodes { author { username } } } } } }
    other: user(username: \"other\") { bio } }";

async fn page(who: &Person<'_>) -> Value {
    who.run(PAGE, json!({})).await
}

fn shown(page: &Value) -> (usize, Value, usize, Value) {
    let owner = &page["user"];
    let diary = &owner["diaries"]["nodes"][0];
    let count = |list: &Value| list["nodes"].as_array().unwrap().len();
    assert_eq!(owner["friendCount"], owner["friends"]["totalCount"]);
    assert_eq!(diary["commentCount"], diary["comments"]["totalCount"]);
    (
        count(&owner["friends"]),
        owner["friendCount"].clone(),
        count(&diary["comments"]),
        diary["commentCount"].clone(),
    )
}

#[tokio::test]
async fn pages_that_were_kept_hide_who_has_been_suspended_since() {
    let world = World::cached().await;
    let moderator = world.moderator("moderator").await;
    let (owner, other) = (world.person("owner").await, world.person("other").await);
    let (third, me) = (world.person("third").await, world.person("me").await);
    let diary = owner.write("open", "PUBLIC").await;
    for person in [&other, &third] {
        owner.befriend(person).await;
        let input = json!({ "diaryId": diary, "body": "b" });
        person.mutate("commentOnDiary", input, "").await;
    }
    let nobody = world.anonymous();
    let whole = (2, json!(2), 2, json!(2));
    let less = (1, json!(1), 1, json!(1));
    for who in [&me, &nobody, &moderator] {
        assert_eq!(shown(&page(who).await), whole);
    }
    let until = "2006-05-01T04:00:00Z";
    let input = json!({ "userId": other.id(), "reason": "spam", "until": until });
    moderator.mutate("suspendUser", input, "").await;
    for _ in 0..2 {
        for who in [&me, &nobody, &owner] {
            let page = page(who).await;
            assert_eq!(shown(&page), less);
            assert_eq!(page["other"], Value::Null);
        }
        assert_eq!(shown(&page(&moderator).await), whole);
    }
    // It is kept like that: of lists nothing is read again, but for what counts are corrected by.
    world.forget_statements();
    page(&nobody).await;
    let read = world.statement_texts();
    assert!(read.len() <= 3, "{read:#?}");
    // Who blocks somebody has a set of their own.
    third
        .mutate("blockUser", json!({ "userId": me.id() }), "")
        .await;
    assert_eq!(shown(&page(&me).await), (0, json!(0), 0, json!(0)));
    assert_eq!(shown(&page(&nobody).await), less);
    third
        .mutate("unblockUser", json!({ "userId": me.id() }), "")
        .await;
    // By the clock, and by hand.
    world.clock.advance(Duration::hours(1));
    for who in [&me, &nobody, &moderator] {
        assert_eq!(shown(&page(who).await), whole);
    }
    suspend(&moderator, &third).await;
    assert_eq!(shown(&page(&nobody).await), less);
    lift(&moderator, &third).await;
    assert_eq!(shown(&page(&nobody).await), whole);
}
