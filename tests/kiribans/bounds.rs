//! Which numbers can be named and removed, and which not.

use serde_json::{Value, json};

use super::{agrees, by, name, of, shown, visit};
use crate::support::{sql, world::World};
use ashiato::config::Rules;
use sea_orm::ConnectionTrait;

#[tokio::test]
async fn a_number_is_still_to_come_and_no_higher_than_a_thousand_million() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    for visitor in &world.people("visitor", 2).await {
        visit(visitor, &owner).await;
    }
    for number in [-1, 0, 1, 2, 1_000_000_001, i64::from(i32::MAX)] {
        let input = json!({ "number": number });
        let refused = owner
            .attempt("nameKiriban", input, "kiriban { number }")
            .await;
        assert_eq!(
            refused["userErrors"],
            json!([{ "code": "NUMBER_OUT_OF_RANGE", "field": ["number"] }]),
            "{number}"
        );
        assert_eq!(refused["kiriban"], Value::Null);
    }
    for number in [3, 1_000_000_000] {
        name(&owner, number).await;
    }
    assert_eq!(of(&owner, &owner).await["nextKiriban"], 3);
    agrees(&world).await;
}

#[tokio::test]
async fn ten_are_to_come_at_the_most() {
    let rules = Rules::default();
    assert_eq!(rules.kiriban_limit, 10);
    let world = World::new().await;
    let (owner, other) = (world.person("owner").await, world.person("other").await);
    for number in 1..=10 {
        name(&owner, number * 10).await;
    }
    let input = json!({ "number": 7 });
    let refused = owner.refusal("nameKiriban", input.clone()).await;
    assert_eq!(refused, "KIRIBAN_LIMIT_REACHED");
    // To name one again is no more; and each has as many.
    name(&owner, 50).await;
    name(&other, 7).await;
    owner
        .mutate("removeKiriban", json!({ "number": 100 }), "")
        .await;
    name(&owner, 1).await;
    assert_eq!(owner.refusal("nameKiriban", input.clone()).await, refused);
    // What is reached is no more to come.
    visit(&other, &owner).await;
    name(&owner, 7).await;
    assert_eq!(shown(&owner, &owner).await.len(), 11);
    agrees(&world).await;
}

#[tokio::test]
async fn what_is_reached_stays_and_what_was_never_named_is_not_found() {
    let world = World::new().await;
    let (owner, other) = (world.person("owner").await, world.person("other").await);
    for number in [1, 2] {
        name(&owner, number).await;
    }
    visit(&other, &owner).await;
    let remove = async |number: i64| {
        let input = json!({ "number": number });
        let fields = "removedNumber";
        let gone = owner.attempt("removeKiriban", input, fields).await;
        let code = gone["userErrors"][0]["code"].clone();
        (gone["removedNumber"].clone(), code)
    };
    assert_eq!(remove(1).await, (Value::Null, json!("KIRIBAN_REACHED")));
    assert_eq!(remove(2).await, (json!(2), Value::Null));
    assert_eq!(remove(2).await, (Value::Null, json!("NOT_FOUND")));
    assert_eq!(remove(-5).await, (Value::Null, json!("NOT_FOUND")));
    // Nobody removes another's.
    let input = json!({ "number": 1 });
    assert_eq!(other.refusal("removeKiriban", input).await, "NOT_FOUND");
    assert_eq!(shown(&owner, &owner).await, [by(1, "other")]);
    agrees(&world).await;
}

/// What an older program counts while this one is rolled out, which knows of no such numbers.
#[tokio::test]
async fn a_number_that_was_counted_past_is_reached_by_nobody() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", 3).await;
    for number in [2, 4, 6] {
        name(&owner, number).await;
    }
    let count = sql::own(
        world.app.database.reader(),
        "UPDATE user_counters SET visit_count = 3",
    );
    let counted = world.app.database.write(move |tx| {
        let count = count.clone();
        Box::pin(async move {
            tx.sql.execute_raw(count).await?;
            Ok(())
        })
    });
    counted.await.unwrap();
    assert_eq!(of(&owner, &owner).await["nextKiriban"], Value::Null);
    // The next visit finds the next one, and what comes after it.
    assert_eq!(visit(&visitors[0], &owner).await["number"], 4);
    assert_eq!(of(&owner, &owner).await["nextKiriban"], 6);
    visit(&visitors[1], &owner).await;
    assert_eq!(visit(&visitors[2], &owner).await["number"], 6);
    let all = [by(6, "visitor2"), by(4, "visitor0"), (2, None)];
    assert_eq!(shown(&owner, &owner).await, all);
    // Its owner takes it back as one that is still to come.
    owner
        .mutate("removeKiriban", json!({ "number": 2 }), "")
        .await;
    assert_eq!(shown(&owner, &owner).await, all[..2]);
    agrees(&world).await;
}
