//! Many at once: no more join than there are places, and nobody invites more than they may.

use ashiato::{
    account::service::{SignUp, sign_up},
    app::{App, Parts},
    config::Rules,
    rejection::{Rejection, UserErrorCode},
    user::loader::id_by_username,
};
use futures_util::future::join_all;
use serde_json::json;

use super::invite;
use crate::support::world::World;

fn wish(username: String, code: &str) -> SignUp {
    SignUp {
        nickname: username.clone(),
        username,
        password: "correct horse".to_owned(),
        birth_date: "1986-04-01".parse().unwrap(),
        home_region: None,
        invitation_code: Some(code.to_owned()),
        phone: None,
        idempotency_key: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_join_as_there_are_places() {
    const PLACES: usize = 5;
    let world = World::new().await;
    let inviter = world.person("inviter").await;
    let code = invite(&inviter, 5).await;
    // Through two servers, where the database takes two.
    let mut apps = vec![world.app.clone()];
    if world.app.database.is_postgres() {
        let mut parts = Parts::new(world.database.place(), Rules::default());
        parts.clock = world.clock.clone();
        apps.push(App::open(parts).await.unwrap());
    }
    let joining = (0..16).map(|number| {
        let app = apps[number % apps.len()].clone();
        let wish = wish(format!("newcomer{number}"), &code);
        tokio::spawn(async move { sign_up(&app, wish).await })
    });
    let mut joined = 0;
    for done in join_all(joining).await {
        match done.unwrap() {
            Ok(_) => joined += 1,
            Err(Rejection::Refused(reasons)) => {
                assert_eq!(reasons[0].code, UserErrorCode::InvitationInvalid);
            }
            Err(failed) => panic!("{failed:?}"),
        }
    }
    assert_eq!(joined, PLACES);
    let mine = "{ viewer { user { friendCount } invitees { nodes { id } }
        invitations { nodes { used } } } }";
    let mine = inviter.run(mine, json!({})).await["viewer"].clone();
    assert_eq!(mine["user"]["friendCount"], PLACES);
    assert_eq!(mine["invitees"]["nodes"].as_array().unwrap().len(), PLACES);
    assert_eq!(mine["invitations"]["nodes"][0]["used"], PLACES);
    // Nothing is left of those who found no place: their names are free.
    let mut known = 0;
    for number in 0..16 {
        let found = id_by_username(&world.app, &format!("newcomer{number}")).await;
        known += usize::from(found.unwrap().is_some());
    }
    assert_eq!(known, PLACES);
    for app in &apps[1..] {
        app.database.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_invites_more_than_they_may_however_many_at_once() {
    let world = World::with(Rules {
        invitations_per_member: 5,
        ..Rules::default()
    })
    .await;
    let inviter = world.person("inviter").await;
    let inviting = (0..12).map(|_| inviter.attempt("createInvitation", json!({}), "code"));
    let made = join_all(inviting).await;
    let made = made.iter().filter(|made| made["code"].is_string()).count();
    assert_eq!(made, 5);
}
