//! Finding people: the shortest chain of friends to somebody, and suggestions with their reason.

mod bounds;
mod chains;
mod demo;
mod hidden;
mod minors;
mod random;
mod suggestions;

use serde_json::{Value, json};

use crate::support::{
    crowd,
    world::{Person, World},
};

const PATH: &str = "query($username: String, $userId: ID) {
    viewer { pathTo(username: $username, userId: $userId) {
        length isComplete users { username } } } }";

/// The people of `path`, which agrees with itself, and whether all was looked at.
fn chain(path: &Value) -> (Vec<String>, bool) {
    let users = path["users"].as_array().unwrap().iter();
    let users: Vec<_> = users
        .map(|user| user["username"].as_str().unwrap().to_owned())
        .collect();
    let length = users.len().checked_sub(1);
    assert_eq!(path["length"], json!(length), "{path}");
    (users, path["isComplete"].as_bool().unwrap())
}

/// The people of the chain from `me` to who has the user name, and whether all was looked at.
async fn path(me: &Person<'_>, username: &str) -> (Vec<String>, bool) {
    let data = me.run(PATH, json!({ "username": username })).await;
    chain(&data["viewer"]["pathTo"])
}

/// The people of the only chain that is right: nobody where there is none.
async fn people(me: &Person<'_>, username: &str) -> Vec<String> {
    let (people, is_complete) = path(me, username).await;
    assert!(is_complete, "{people:?}");
    people
}

/// Makes friends of each with the next, whoever they are.
async fn line(world: &World, people: &[&Person<'_>]) {
    let pairs = people.windows(2).map(|pair| ends(pair[0], pair[1]));
    crowd::befriend(&world.app, pairs).await;
}

fn ends(one: &Person<'_>, other: &Person<'_>) -> [uuid::Uuid; 2] {
    [one, other].map(|it| it.viewer.id().unwrap())
}

async fn block(by: &Person<'_>, whom: &Person<'_>, is_made: bool) {
    let name = if is_made { "blockUser" } else { "unblockUser" };
    by.mutate(name, json!({ "userId": whom.id() }), "").await;
}

/// Has `who` be suspended, or no longer.
async fn suspend(by: &Person<'_>, who: &Person<'_>, is_made: bool) {
    if is_made {
        let input = json!({ "userId": who.id(), "reason": "spam" });
        by.mutate("suspendUser", input, "").await;
    } else {
        let input = json!({ "userId": who.id() });
        by.mutate("liftSuspension", input, "").await;
    }
}

/// Has `who` wish their account away, without the password.
async fn leave(world: &World, who: &Person<'_>) {
    use ashiato::absence::store;
    use entity::values::AbsenceCause;
    let id = who.viewer.id().unwrap();
    let written = world.app.database.write(move |tx| {
        Box::pin(async move {
            store::begin(&tx.sql, id, AbsenceCause::Leaving, None).await?;
            Ok(())
        })
    });
    written.await.unwrap();
    world.app.settle_absences().await;
}
