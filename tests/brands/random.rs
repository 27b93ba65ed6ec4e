//! Whatever happens to pages, at random: every counter is what it counts.

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

use super::agrees;
use crate::support::world::World;

const OPERATIONS: usize = 300;

#[tokio::test]
async fn counters_equal_a_recount_after_random_operations() {
    let world = World::new().await;
    let people = world.people("person", 6).await;
    for (place, person) in people.iter().enumerate() {
        for other in &people[place + 1..] {
            person.befriend(other).await;
        }
    }
    let mut chance = StdRng::seed_from_u64(40);
    let (mut pages, mut posts): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let mut done = 0;
    for turn in 0..OPERATIONS {
        world
            .clock
            .advance(chrono::Duration::minutes(chance.random_range(0..60)));
        let me = people.choose(&mut chance).unwrap();
        let other = people.choose(&mut chance).unwrap();
        let page = pages.choose(&mut chance).cloned().unwrap_or_default();
        let post = posts.choose(&mut chance).cloned().unwrap_or_default();
        let of_page = json!({ "brandId": page });
        let of_both = json!({ "brandId": page, "userId": other.id() });
        let kind = if pages.is_empty() {
            0
        } else {
            chance.random_range(0..24)
        };
        let (name, input) = match kind {
            0 | 1 => (
                "createBrand",
                json!({ "handle": format!("page{turn}"), "name": "Page" }),
            ),
            2 => (
                "updateBrand",
                json!({ "brandId": page, "handle": format!("other{turn}"), "name": "Other" }),
            ),
            3 => ("deleteBrand", of_page),
            4..=6 => ("addBrandEditor", of_both),
            7 => ("removeBrandEditor", of_both),
            8 => ("transferBrand", of_both),
            9..=13 => ("followBrand", of_page),
            14..=16 => ("unfollowBrand", of_page),
            17..=20 => (
                "publishBrandPost",
                json!({ "brandId": page, "body": "news" }),
            ),
            _ if posts.is_empty() => continue,
            21 | 22 => (
                "updateBrandPost",
                json!({ "postId": post, "body": "other news" }),
            ),
            _ => ("deleteBrandPost", json!({ "postId": post })),
        };
        let fields = match name {
            "createBrand" => "brand { id }",
            "publishBrandPost" => "post { id }",
            _ => "",
        };
        let came_to = me.attempt(name, input, fields).await;
        done += usize::from(came_to["userErrors"] == json!([]));
        for (made, list) in [("brand", &mut pages), ("post", &mut posts)] {
            if came_to[made]["id"].is_string() {
                list.push(came_to[made]["id"].clone());
            }
        }
        if turn % 50 == 0 {
            agrees(&world).await;
            ashiato::brand::removing::sweep(&world.app).await.unwrap();
        }
    }
    // It was no empty exercise.
    assert!(done > OPERATIONS / 3 && posts.len() > 10, "{done}");
    agrees(&world).await;
}
