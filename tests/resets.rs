//! A password that is reset while somebody comes in with the old one.

use std::sync::Arc;

use ashiato::{
    account::{
        reset::change,
        service::{SignUp, sign_in, sign_up},
        session,
    },
    clock::Clock,
    rejection::{Rejection, code::UserErrorCode},
};
use entity::session as session_row;
use rstest::rstest;
use sea_orm::{EntityTrait, PaginatorTrait};
use tokio::sync::Notify;

use crate::support::{soon, world::World};

const OLD: &str = "correct horse";
const NEW: &str = "another horse";

fn form(key: Option<&str>) -> SignUp {
    SignUp {
        username: "hanako".to_owned(),
        nickname: "花子".to_owned(),
        password: OLD.to_owned(),
        birth_date: "1986-04-01".parse().unwrap(),
        home_region: None,
        invitation_code: None,
        phone: None,
        idempotency_key: key.map(str::to_owned),
    }
}

async fn sessions(world: &World) -> u64 {
    let sessions = session_row::Entity::find();
    sessions.count(world.app.database.reader()).await.unwrap()
}

/// Comes back when somebody has read a password's hash since there were so many `checks`.
async fn is_checking(world: &World, checks: u64) {
    soon(async {
        while world.app.passwords.checks() == checks {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[rstest]
#[case::without_a_key(None)]
#[case::with_a_new_key(Some("new"))]
#[case::with_a_known_key(Some("known"))]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_in_with_the_old_password_is_out_once_it_is_reset(#[case] key: Option<&str>) {
    let world = World::new().await;
    let joined = sign_up(&world.app, form(None)).await.unwrap();
    let enter = |key: Option<&str>| {
        let key = key.map(str::to_owned);
        sign_in(&world.app, "hanako", OLD.to_owned(), key)
    };
    enter(Some("known")).await.unwrap();
    let hash = world.app.passwords.hash(NEW.to_owned(), [7; 32]);
    let hash = hash.await.unwrap();

    // The reset has written everything and commits when it is told to.
    let (written, commit) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let resetting = tokio::spawn({
        let (app, written, commit) = (world.app.clone(), written.clone(), commit.clone());
        let (user, now) = (joined.user, world.clock.now());
        async move {
            app.database
                .write(move |tx| {
                    let (hash, written, commit) = (hash.clone(), written.clone(), commit.clone());
                    Box::pin(async move {
                        let ended = change(tx, user, hash, now).await?;
                        written.notify_one();
                        commit.notified().await;
                        Ok(ended)
                    })
                })
                .await
        }
    });
    soon(written.notified()).await;
    let checks = world.app.passwords.checks();
    let commits = async {
        // The old hash is still what is read, and fits.
        is_checking(&world, checks).await;
        commit.notify_one();
    };
    let (came, ()) = futures_util::join!(enter(key), commits);
    assert_eq!(resetting.await.unwrap().unwrap(), 2, "sessions ended");
    let refused = came.expect_err("the old password began a session");
    let Rejection::Refused(errors) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(errors[0].code, UserErrorCode::SignInFailed);
    assert_eq!(sessions(&world).await, 0);

    // The new one does as ever.
    let again = sign_in(&world.app, "hanako", NEW.to_owned(), None).await;
    let token = again.unwrap().token;
    assert!(session::viewer(&world.app, Some(&token)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_up_again_with_the_old_password_is_out_once_it_is_reset() {
    let world = World::new().await;
    let joined = sign_up(&world.app, form(Some("key"))).await.unwrap();
    let checks = world.app.passwords.checks();
    let resets = async {
        // The old hash was read. It is checked for so long that the reset comes first.
        is_checking(&world, checks).await;
        let (user, now) = (joined.user, world.clock.now());
        world
            .app
            .database
            .write(move |tx| Box::pin(change(tx, user, "reset".to_owned(), now)))
            .await
            .unwrap()
    };
    let (came, _) = futures_util::join!(sign_up(&world.app, form(Some("key"))), resets);
    if let Err(Rejection::Refused(errors)) = came {
        // As to everybody who does not know the password.
        assert_eq!(errors[0].code, UserErrorCode::UsernameTaken);
    }
    assert_eq!(sessions(&world).await, 0, "one outlived the reset");
}
