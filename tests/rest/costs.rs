//! What rest costs: nothing of who has never rested, and little of who does.

use serde_json::json;

use super::{
    begin, comment, end,
    live::{COMMENTS, FOOTPRINTS, all, by, listen, who},
    minutes, visit,
};
use crate::support::world::{Person, World};

/// Whether what was asked looked for rests, but for the look of a feed whether there is one.
fn looked(world: &World) -> bool {
    let texts = world.statement_texts();
    let mut rests = texts.iter().filter(|text| looks_for(text, &RESTS));
    rests.any(|text| !text.contains("EXISTS (SELECT 1 FROM rests"))
}

/// How a statement names the tables of rests.
const RESTS: [&str; 4] = ["FROM rests", "rests AS t", "\"rests\"", "rest_digests"];

fn looks_for(text: &str, tables: &[&str]) -> bool {
    tables.iter().any(|table| text.contains(table))
}

async fn cost(world: &World, who: &Person<'_>, document: &str) -> usize {
    world.forget_statements();
    who.run(document, json!({})).await;
    world.statements()
}

#[tokio::test]
async fn who_has_never_rested_is_asked_for_no_rest() {
    let world = World::uncached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let mut footprints = listen(&me, FOOTPRINTS, Some(&all(FOOTPRINTS)));
    world.forget_statements();
    visit(&other, &me).await;
    assert_eq!(who(&mut footprints).await, by("other", 0));
    comment(&other, &diary, "hello").await;
    let counts = "{ viewer { newFootprintCount unreadNotificationCount } }";
    me.run(counts, json!({})).await;
    assert!(!looked(&world), "{:#?}", world.statement_texts());
    let counts = "{ viewer { newFootprintCount } }";
    assert_eq!(cost(&world, &me, counts).await, 1);
    // Who does takes the rest, and what came since; who does not now, the rest.
    begin(&me).await;
    assert_eq!(cost(&world, &me, counts).await, 3);
    end(&me).await;
    assert_eq!(cost(&world, &me, counts).await, 2);
    // A visit takes the rest of the visitor.
    let visited = async |visitor: &Person<'_>| {
        minutes(&world, 10);
        world.forget_statements();
        visit(visitor, &me).await;
        world.statements()
    };
    let before = visited(&other).await;
    begin(&other).await;
    end(&other).await;
    assert_eq!(visited(&other).await, before + 1);
}

/// An event of who has never rested takes as many statements as before there were rests: one look says that there is
/// none, and that nobody is blocked.
#[tokio::test]
async fn an_event_takes_one_look_whether_anything_stands_against_it() {
    let world = World::uncached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let mut comments = listen(&me, COMMENTS, Some(&all(COMMENTS)));
    comment(&other, &diary, "first").await;
    who(&mut comments).await;
    let mut looks = Vec::new();
    for round in 0..3 {
        match round {
            0 => {}
            1 => {
                let blocked = world.person("blocked").await;
                let input = json!({ "userId": blocked.id() });
                me.mutate("blockUser", input, "").await;
            }
            _ => {
                begin(&me).await;
                end(&me).await;
            }
        }
        comment(&other, &diary, "again").await;
        // From here on the feed alone asks: it looks when it is asked for the next event.
        world.forget_statements();
        who(&mut comments).await;
        let texts = world.statement_texts();
        let of_feed = texts.iter().filter(|text| {
            looks_for(text, &RESTS) || looks_for(text, &["FROM blocks", "blocks AS"])
        });
        looks.push(of_feed.count());
    }
    // Who is blocked; and what one has chosen, and whether the row came in a rest.
    assert_eq!(looks, [1, 2, 4]);
}

/// One statement a kind of what came, however many rests a page tells of.
#[tokio::test]
async fn a_page_of_digests_takes_as_many_statements_as_one() {
    let world = World::uncached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let document = format!(
        "{{ viewer {{ notifications(first: 100) {{ nodes {{ kind subject {{ ... on RestDigest {{ {} }} }} }} }} }} }}",
        super::DIGEST
    );
    let mut costs = Vec::new();
    for _ in 0..5 {
        begin(&me).await;
        visit(&other, &me).await;
        comment(&other, &diary, "meanwhile").await;
        minutes(&world, 10);
        end(&me).await;
        costs.push(cost(&world, &me, &document).await);
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    println!("{} statements", costs[0]);
}
