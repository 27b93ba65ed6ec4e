//! rules.md, Users 5: who is under 18 is found by no search, and they and adults without a tie do not
//! reach each other. Ages are counted by Japan's calendar.

mod absent;
mod ages;
mod diaries;
mod figures;
mod requests;
mod search;
mod visits;

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

/// 16 years old on the day on which the tests begin, 1 May 2006.
const MINOR: &str = "1990-04-01";
/// Comes of age on the next day.
const NEARLY: &str = "1988-05-02";

/// Gives the two a friend in common, who is given.
async fn tie<'w>(world: &'w World, one: &Person<'_>, other: &Person<'_>) -> Person<'w> {
    let name = format!("of_{}_{}", one.username, other.username);
    let between = world.person(&name).await;
    force_friends(world, &between, one).await;
    force_friends(world, &between, other).await;
    between
}

/// Ends the friendship of two.
async fn part(one: &Person<'_>, other: &Person<'_>) {
    let input = json!({ "userId": other.id() });
    one.mutate("endFriendship", input, "").await;
}

/// Has `name` join by an invitation of `by`: they are friends.
async fn invited<'w>(
    world: &'w World,
    by: &Person<'_>,
    name: &str,
    birth_date: &str,
) -> Person<'w> {
    let input = json!({ "places": 1 });
    let made = by.mutate("createInvitation", input, "code").await;
    let form = json!({ "username": name, "nickname": name, "password": "correct horse",
        "birthDate": birth_date, "invitationCode": made["code"] });
    world.anonymous().mutate("signUp", form, "").await;
    world.known(name).await
}

/// Has two be friends, whoever they are: as if one had joined by the other's invitation.
async fn force_friends(world: &World, one: &Person<'_>, other: &Person<'_>) {
    let (me, other) = (one.viewer.id().unwrap(), other.viewer.id().unwrap());
    let app = world.app.clone();
    let done = world.app.database.write(move |tx| {
        let app = app.clone();
        Box::pin(async move {
            ashiato::friendship::service::befriend_if_free(&app, tx, me, other).await
        })
    });
    done.await.unwrap();
}

/// Lets the clock come to the next day in Japan.
fn next_day(world: &World) {
    world.clock.set("2006-05-01T15:00:00Z");
}

/// The whole payload of a mutation, and how many statements it took.
async fn asked(person: &Person<'_>, name: &str, input: Value) -> (Value, usize) {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{ \
         userErrors {{ code message field }} }} }}"
    );
    person.world.forget_statements();
    let answer = person.answer(&document, json!({ "input": input })).await;
    (answer, person.world.statements())
}

/// Lets five minutes pass, so that another visit counts.
fn pause(world: &World) {
    world.clock.advance(Duration::minutes(5));
}
