//! What came to a page by day, for those who run it.

use chrono::Duration;
use serde_json::{Value, json};

use super::{agrees, create, follow, publish, told};
use crate::support::world::World;

#[tokio::test]
async fn figures_tell_of_each_day_and_of_fewer_than_ten_nothing() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let page = create(&owner, "page").await;
    let people = world.people("person", 12).await;
    for person in &people[..9] {
        follow(person, &page).await;
    }
    publish(&owner, &page, "one").await;
    let post = publish(&owner, &page, "two").await;
    owner
        .mutate("deleteBrandPost", json!({ "postId": post }), "")
        .await;
    // The next day in Japan begins at 15:00 UTC.
    world.clock.set("2006-05-01T15:00:00Z");
    for person in &people[..9] {
        let input = json!({ "brandId": page });
        person.mutate("unfollowBrand", input, "").await;
    }
    for person in &people {
        follow(person, &page).await;
    }
    for person in &people[2..] {
        let input = json!({ "brandId": page });
        person.mutate("unfollowBrand", input, "").await;
    }
    publish(&owner, &page, "three").await;
    world.clock.advance(Duration::days(1));
    let fields = "followerCount figures(days: 4) { day gained lost posts }";
    let figures = told(&owner, &page, fields).await;
    assert_eq!(
        figures,
        json!({ "followerCount": 2, "figures": [
            { "day": "2006-05-03", "gained": null, "lost": null, "posts": 0 },
            { "day": "2006-05-02", "gained": 12, "lost": 19, "posts": 1 },
            { "day": "2006-05-01", "gained": null, "lost": null, "posts": 2 },
            { "day": "2006-04-30", "gained": null, "lost": null, "posts": 0 },
        ] })
    );
    let until = "figures(days: 1, until: \"2006-05-02\") { day gained }";
    let until = told(&owner, &page, until).await;
    assert_eq!(
        until["figures"],
        json!([{ "day": "2006-05-02", "gained": 12 }])
    );
    let later = "figures(days: 1, until: \"2010-01-01\") { day }";
    let later = told(&owner, &page, later).await;
    assert_eq!(later["figures"], json!([{ "day": "2006-05-03" }]));
    let usual = told(&owner, &page, "figures { day }").await;
    assert_eq!(usual["figures"].as_array().unwrap().len(), 28);
    for days in [0, -1, 101] {
        let document = format!(
            "query($id: ID!) {{ node(id: $id) {{ ... on Brand {{ figures(days: {days}) {{ day }} }} }} }}"
        );
        let code = owner.error(&document, json!({ "id": page })).await;
        assert_eq!(code, "INVALID_ARGUMENT");
    }
    let none = told(&people[0], &page, "figures { day }").await;
    assert_eq!(none["figures"], Value::Null);
    agrees(&world).await;
}
