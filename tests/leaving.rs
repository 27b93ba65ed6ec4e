//! Leaving: a copy of all that is a user's, and the end of an account (rules.md, Users 7).

mod acting;
mod deletion;
mod during;
pub mod exports;
mod fetching;
mod making;
mod music;
mod ordered;
mod sessions;
pub mod side_by_side;
mod tables;

use std::collections::BTreeSet;

use ashiato::{
    account::leaving::deletion::carry::{Progress, claim, step},
    bulk::recount::recount,
};
use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    backend::is_postgres,
    sql,
    world::{Person, World, account::PASSWORD},
};

/// The user's id in the database.
fn id(person: &Person<'_>) -> Uuid {
    person.viewer.id().unwrap()
}

/// Has the account of `person` be deleted, and lets the days of grace pass.
async fn wish_away(world: &World, person: &Person<'_>) {
    let input = json!({ "password": PASSWORD });
    person.mutate("deleteAccount", input, "").await;
    world.clock.advance(TimeDelta::days(7));
}

/// Removes everything of `user`, batch by batch, and looks at every counter after each. Says how many
/// batches there were.
async fn delete(world: &World, user: Uuid) -> usize {
    assert!(claim(&world.app, user).await.unwrap());
    let mut batches = 0;
    loop {
        let progress = step(&world.app, user).await.unwrap();
        agrees(world).await;
        match progress {
            Progress::Removed(_) => batches += 1,
            Progress::Gone => return batches,
            other => panic!("{other:?} after {batches} batches"),
        }
    }
}

/// Looks for the last time.
async fn look_again(world: &World, user: Uuid) {
    world.clock.advance(TimeDelta::seconds(60));
    assert!(claim(&world.app, user).await.unwrap());
    while step(&world.app, user).await.unwrap() != Progress::Done {}
}

async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert_eq!(differences, []);
}

/// The columns, as `table.column`, in which one of `words` stands, and ids that stand as bytes.
async fn named_in(world: &World, user: Uuid, words: &[&str]) -> BTreeSet<String> {
    let db = world.app.database.reader();
    let texts = async |text: String| -> Vec<String> {
        let rows = db.query_all_raw(sql::own(db, &text)).await.unwrap();
        let first = rows.iter().map(|row| row.try_get_by_index(0).unwrap());
        first.collect()
    };
    let tables = if is_postgres() {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    };
    let hex = user.simple().to_string();
    let mut found = BTreeSet::new();
    for table in texts(tables.to_owned()).await {
        let columns = if is_postgres() {
            format!(
                "SELECT column_name::text FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{table}'"
            )
        } else {
            format!("SELECT name FROM pragma_table_info('{table}')")
        };
        for column in texts(columns).await {
            let read = if is_postgres() {
                format!("replace(\"{column}\"::text, '-', '') || ' ' || \"{column}\"::text")
            } else {
                format!(
                    "CASE typeof(\"{column}\") WHEN 'blob' THEN lower(hex(\"{column}\")) \
                     ELSE CAST(\"{column}\" AS TEXT) END"
                )
            };
            let read = format!("SELECT {read} FROM {table} WHERE \"{column}\" IS NOT NULL");
            let values = texts(read).await;
            let names = |value: &String| {
                value.contains(&hex) || words.iter().any(|word| value.contains(word))
            };
            if values.iter().any(names) {
                found.insert(format!("{table}.{column}"));
            }
        }
    }
    found
}

/// A community in which everybody has to do with everybody: two who stay, and who goes.
struct Circle<'w> {
    goes: Person<'w>,
    friend: Person<'w>,
    other: Person<'w>,
    friends_diary: String,
}

/// `other` and `goes` have a number; the catalogue has two items.
async fn circle(world: &World) -> Circle<'_> {
    let (goes, _) = world.joined("goes_away").await;
    let (friend, other) = (world.person("friend").await, world.person("other").await);
    let names = json!({ "nickname": "去る人", "bio": "bio of who goes" });
    goes.mutate("editProfile", names, "").await;
    let facts = json!({ "realName": "name of who goes", "hometown": "京都" });
    goes.mutate("editProfileFacts", facts, "").await;
    goes.befriend(&friend).await;
    friend.befriend(&other).await;
    for (author, subject) in [(&goes, &friend), (&friend, &goes)] {
        let input = json!({ "userId": subject.id(), "body": "a friend of who goes" });
        author.mutate("writeIntroduction", input, "").await;
    }
    for audience in ["PUBLIC", "FRIENDS", "ONLY_ME"] {
        let diary = goes
            .write(&format!("日記 of who goes {audience}"), audience)
            .await;
        if audience != "ONLY_ME" {
            let input = json!({ "diaryId": diary, "body": "under a diary of who goes" });
            friend.mutate("commentOnDiary", input.clone(), "").await;
            goes.mutate("commentOnDiary", input, "").await;
        }
    }
    let friends_diary = friend.write("stays", "PUBLIC").await;
    for (who, body) in [
        (&other, "first"),
        (&goes, "said by who goes"),
        (&other, "last"),
    ] {
        let input = json!({ "diaryId": friends_diary, "body": body });
        who.mutate("commentOnDiary", input, "").await;
    }
    for (place, title) in ["雪国", "こころ"].into_iter().enumerate() {
        let input = json!({ "kind": "BOOK", "title": title });
        let item = goes.mutate("addCatalogueItem", input, "item { id }").await;
        for who in [&goes, &other] {
            let rating = 1 + place * 3 + usize::from(who.username == "other");
            let input = json!({ "itemId": item["item"]["id"], "rating": rating, "body": "review" });
            who.mutate("reviewItem", input, "").await;
        }
    }
    for (owner, number) in [(&goes, 2), (&goes, 50), (&other, 1)] {
        let input = json!({ "number": number });
        owner.mutate("nameKiriban", input, "").await;
    }
    music::of(&goes, &other).await;
    for (from, to) in [
        (&goes, &friend),
        (&friend, &goes),
        (&other, &goes),
        (&goes, &other),
        (&friend, &other),
    ] {
        let input = json!({ "userId": to.id(), "origin": "SEARCH" });
        from.mutate("visitProfile", input, "").await;
    }
    let made = goes
        .mutate("createInvitation", json!({ "places": 3 }), "code")
        .await;
    let form = json!({ "username": "invited", "nickname": "…", "password": PASSWORD,
        "birthDate": "1986-04-01", "invitationCode": made["code"] });
    world.anonymous().mutate("signUp", form, "").await;
    let more = world.people("more", 4).await;
    let [asked, asks, refused, blocked] = more.try_into().ok().unwrap();
    for (from, to) in [(&goes, &asked), (&asks, &goes), (&refused, &goes)] {
        let input = json!({ "userId": to.id(), "message": "hello" });
        from.mutate("requestFriendship", input, "").await;
    }
    let requests = "{ viewer { incomingFriendRequests { nodes { id sender { username } } } } }";
    let requests = goes.run(requests, json!({})).await;
    let requests = requests["viewer"]["incomingFriendRequests"]["nodes"].clone();
    let of_refused = |row: &&Value| row["sender"]["username"] == refused.username;
    let request = requests
        .as_array()
        .unwrap()
        .iter()
        .find(of_refused)
        .unwrap();
    let input = json!({ "requestId": request["id"] });
    goes.mutate("declineFriendRequest", input, "").await;
    blocked
        .mutate("visitProfile", json!({ "userId": goes.id() }), "")
        .await;
    goes.mutate("blockUser", json!({ "userId": blocked.id() }), "")
        .await;
    more_of(world, &goes, &friend).await;
    Circle {
        goes,
        friend,
        other,
        friends_diary,
    }
}

/// What is seldom: another who blocks them, a second factor, a visit that nobody is told of.
async fn more_of(world: &World, goes: &Person<'_>, friend: &Person<'_>) {
    let hours = json!([{ "weekday": "SUNDAY", "from": "03:00", "to": "04:00" }]);
    goes.mutate("setRestSchedule", json!({ "hours": hours }), "")
        .await;
    let (blocker, owner) = (world.person("blocker").await, world.person("owner").await);
    blocker
        .mutate("blockUser", json!({ "userId": goes.id() }), "")
        .await;
    goes.mutate("setFootprintPolicy", json!({ "policy": "ANONYMOUS" }), "")
        .await;
    goes.mutate("visitProfile", json!({ "userId": owner.id() }), "")
        .await;
    goes.mutate("setFootprintPolicy", json!({ "policy": "NAMED" }), "")
        .await;
    goes.show().await;
    goes.photo().await;
    let input = json!({ "planName": "plus" });
    goes.mutate("buyPlan", input, "").await;
    crate::brands::of(goes, friend).await;
    let now = world.app.clock.now();
    let user = id(goes);
    let phone = world.app.database.write(move |tx| {
        Box::pin(async move {
            ashiato::phone::store::take(&tx.sql, &[9; 32], user).await?;
            Ok(ashiato::phone::store::set(&tx.sql, user, &[9; 32], now).await?)
        })
    });
    phone.await.unwrap();
}
