//! rules.md, Footprints 6-8: who is named to whom, taking back, and how many visits an hour has.

mod left;
mod limit;
mod named;
mod pause;
mod statements;
mod taking_back;
mod told;

use ashiato::bulk::recount::recount;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::{
    sql,
    world::{Person, World},
};

/// What an owner has.
const MINE: &str = "{ viewer { visitCount newFootprintCount footprints { totalCount
    nodes { id number day visitedAt origin visitor { username } } } } }";

async fn mine(owner: &Person<'_>) -> Value {
    owner.run(MINE, json!({})).await["viewer"].clone()
}

/// The names in an owner's list, latest first; null where they are not for the owner.
fn names(mine: &Value) -> Vec<Value> {
    let nodes = mine["footprints"]["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| node["visitor"]["username"].clone())
        .collect()
}

/// The numbers in an owner's list, latest first.
fn numbers(mine: &Value) -> Vec<i64> {
    let nodes = mine["footprints"]["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["number"].as_i64().unwrap()).collect()
}

async fn choose(person: &Person<'_>, policy: &str) {
    let input = json!({ "policy": policy });
    let fields = "footprintPolicy";
    let payload = person.mutate("setFootprintPolicy", input, fields).await;
    assert_eq!(payload["footprintPolicy"], policy);
}

/// Visits, and says whether that counted.
async fn visit(visitor: &Person<'_>, owner: &Person<'_>) -> bool {
    let input = json!({ "userId": owner.id(), "origin": "SEARCH" });
    let fields = "leftFootprint user { username }";
    let payload = visitor.mutate("visitProfile", input, fields).await;
    assert_eq!(payload["user"]["username"], owner.username.as_str());
    payload["leftFootprint"].as_bool().unwrap()
}

/// How many rows there are of `those`: a table, and a condition.
async fn count(world: &World, those: &str) -> i64 {
    let db = world.app.database.reader();
    let statement = sql::own(db, &format!("SELECT count(*) FROM {those}"));
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn is_sound(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}
