//! Many at once: no more join than there are places, and nobody invites more than they may.

use ashiato::{
    account::service::{NewUser, SignUp, insert, sign_up},
    app::{App, Parts},
    config::Rules,
    invitation::service,
    rejection::{Rejection, code::UserErrorCode},
    user::loader::id_by_username,
};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;

use super::{MINE, invite};
use crate::{
    leaving::side_by_side::deadlocks,
    support::{soon, sql, world::World},
};

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

/// Who ends an invitation holds themselves first, and so does who joins by it: the second waits, and neither is
/// tried again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_who_ends_an_invitation_and_who_joins_by_it_hold_in_one_order() {
    let world = World::new().await;
    let inviter = world.person("inviter").await;
    let code = invite(&inviter, 2).await;
    let mine = inviter.run(MINE, json!({})).await["viewer"].clone();
    let ended = json!({ "invitationId": mine["invitations"]["nodes"][0]["id"] });
    let db = world.app.database.reader();
    let waiting = async |count: i64| {
        let text = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
            AND datname = current_database()";
        soon(async {
            loop {
                let rows = db.query_all_raw(sql::own(db, text)).await.unwrap();
                if rows[0].try_get_by_index::<i64>(0).unwrap() == count {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        })
        .await;
    };
    let now = ashiato::clock::Clock::now(&*world.clock);
    let new = NewUser {
        id: world.app.ids.at(now),
        username: "newcomer".to_owned(),
        nickname: "newcomer".to_owned(),
        birth_date: "1986-04-01".parse().unwrap(),
        home_region: None,
        joined_at: now,
        password_hash: None,
    };
    let holding = sea_orm::Database::connect(&world.url).await.unwrap();
    let tx = holding.begin().await.unwrap();
    let held = "SELECT 1 FROM users FOR UPDATE";
    tx.query_all_raw(sql::own(&tx, held)).await.unwrap();
    let ending = inviter.mutate("revokeInvitation", ended, "");
    let joining = async {
        waiting(1).await;
        // Without the work of a password: the first waits meanwhile, and not for long.
        let (app, new, code) = (world.app.clone(), new.clone(), code.clone());
        let coming = world.app.database.write(move |tx| {
            let (app, new, code) = (app.clone(), new.clone(), code.clone());
            Box::pin(async move {
                let id = new.id;
                insert(tx, new).await?;
                service::join(&app, tx, id, &code).await
            })
        });
        let freeing = async {
            waiting(2).await;
            tx.commit().await.unwrap();
        };
        tokio::join!(coming, freeing).0
    };
    let (_, joined) = tokio::join!(ending, joining);
    let Err(Rejection::Refused(reasons)) = joined else {
        panic!("{joined:?}");
    };
    assert_eq!(reasons[0].code, UserErrorCode::InvitationInvalid);
    assert_eq!(deadlocks(&world).await, 0);
    holding.close().await.unwrap();
}
