//! Many people at once, written as a load writes them.

use ashiato::{
    app::App,
    bulk::{
        people::Person,
        room,
        ties::{Asking, Tie},
        write,
    },
};
use entity::values::UserKind;
use uuid::Uuid;

/// So many people, named `prefix0`, `prefix1`, … without a password.
pub async fn people(app: &App, prefix: &str, count: usize) -> Vec<Uuid> {
    let now = app.clock.now();
    let people: Vec<_> = (0..count)
        .map(|index| Person {
            id: app.ids.at(now),
            username: format!("{prefix}{index}"),
            nickname: format!("{prefix}{index}"),
            kind: UserKind::Member,
            bio: String::new(),
            birth_date: "1986-04-01".parse().unwrap(),
            home_region: None,
            joined_at: now,
            password_hash: None,
        })
        .collect();
    let ids = people.iter().map(|person| person.id).collect();
    write(app, people, &|_| {}).await.unwrap();
    ids
}

/// Makes friends of each pair.
pub async fn befriend(app: &App, pairs: impl IntoIterator<Item = [Uuid; 2]>) {
    let now = app.clock.now();
    let ties: Vec<_> = pairs
        .into_iter()
        .map(|ends| Tie {
            memberships: Vec::new(),
            id: app.ids.at(now),
            ends,
            since: now,
        })
        .collect();
    room::make(app).await.unwrap();
    write(app, ties, &|_| {}).await.unwrap();
    room::clear(app).await.unwrap();
}

/// Has the first of each pair ask the second, of people who had no requests before.
pub async fn ask(app: &App, pairs: &[[Uuid; 2]]) {
    let now = app.clock.now();
    let requests: Vec<_> = pairs
        .iter()
        .zip(1..)
        .map(|([sender, recipient], number)| Asking {
            id: app.ids.at(now),
            sender: *sender,
            recipient: *recipient,
            number,
            message: String::new(),
            created_at: now,
        })
        .collect();
    write(app, requests, &|_| {}).await.unwrap();
}
