//! What only who holds the database may do.

use ashiato::{
    account::{
        service::{sign_in, sign_up},
        session,
        two_factor::store as two_factor,
    },
    cli::admin::{Change, change},
};
use entity::values::Role;
use uuid::Uuid;

use crate::support::place::Place;

const OLD: &str = "three blind mice";

async fn with_hanako() -> Place {
    let place = Place::new().await;
    let wish = ashiato::account::service::SignUp {
        username: "hanako".to_owned(),
        nickname: "花子".to_owned(),
        password: OLD.to_owned(),
        birth_date: "1981-02-03".parse().unwrap(),
        home_region: None,
        invitation_code: None,
        phone: None,
        idempotency_key: None,
    };
    sign_up(&place.app, wish).await.unwrap();
    place
}

async fn told(place: &Place, asked: Change, input: &str) -> Result<String, String> {
    change(&place.app, asked, input.as_bytes())
        .await
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_tarento_is_recognised_and_not_any_more() {
    let place = with_hanako().await;
    for (off, kind) in [(false, "TARENTO"), (false, "TARENTO"), (true, "MEMBER")] {
        let asked = Change::Tarento {
            username: "Hanako".to_owned(),
            off,
        };
        told(&place, asked, "").await.unwrap();
        assert_eq!(place.one::<String>("SELECT kind FROM users").await, kind);
    }
}

#[tokio::test]
async fn a_role_is_given_and_taken() {
    let place = with_hanako().await;
    for (role, word) in [
        (Role::Administrator, "ADMINISTRATOR"),
        (Role::Member, "MEMBER"),
    ] {
        let asked = Change::Role {
            username: "hanako".to_owned(),
            role,
        };
        let sentence = told(&place, asked, "").await.unwrap();
        assert_eq!(sentence, format!("hanako has the role {word}"));
        assert_eq!(place.one::<String>("SELECT role FROM users").await, word);
    }
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old() {
    let place = with_hanako().await;
    let signed_in = sign_in(&place.app, "hanako", OLD.to_owned(), None)
        .await
        .unwrap();
    let bearer = Some(signed_in.token.as_str());
    session::viewer(&place.app, bearer).await.unwrap();
    let asked = || Change::Password {
        username: "hanako".to_owned(),
    };

    for (input, sentence) in [
        ("short\n", "at least 8 characters"),
        ("password1\n", "among the first that are guessed"),
        ("HANAKO-86\n", "Your names and the service's"),
        ("", "no password"),
    ] {
        let refused = told(&place, asked(), input).await.unwrap_err();
        assert!(refused.contains(sentence), "{refused}");
    }
    session::viewer(&place.app, bearer).await.unwrap();

    let sentence = told(&place, asked(), " four tall mice\r\nnot this\n")
        .await
        .unwrap();
    assert_eq!(sentence, "hanako has a new password; 2 sessions have ended");
    session::viewer(&place.app, bearer).await.unwrap_err();
    assert_eq!(
        place
            .one::<i64>("SELECT count(*) FROM session_tokens")
            .await,
        0
    );
    let old = sign_in(&place.app, "hanako", OLD.to_owned(), None).await;
    assert!(old.is_err());
    sign_in(&place.app, "hanako", " four tall mice".to_owned(), None)
        .await
        .unwrap();
}

/// Somebody else may have made them, or have them in their hands.
#[tokio::test]
async fn a_new_password_ends_the_recovery_codes_and_leaves_the_second_factor() {
    let place = with_hanako().await;
    let count = async |table: &str| {
        let count = format!("SELECT count(*) FROM {table}");
        place.one::<i64>(&count).await
    };
    assert_eq!(count("recovery_codes").await, 10);
    let id: Uuid = place.one("SELECT id FROM users").await;
    let pending = place.app.clock.now() + chrono::Duration::hours(1);
    let begun = place.app.database.write(move |tx| {
        Box::pin(async move { Ok(two_factor::begin(&tx.sql, id, vec![1; 60], pending).await?) })
    });
    begun.await.unwrap();
    let asked = Change::Password {
        username: "hanako".to_owned(),
    };
    told(&place, asked, "four tall mice\n").await.unwrap();
    assert_eq!(count("recovery_codes").await, 0);
    assert_eq!(count("two_factors").await, 1);
    for sentence in [
        "hanako signs in by the password alone",
        "hanako had no second factor",
    ] {
        let asked = Change::DisableTwoFactor {
            username: "hanako".to_owned(),
        };
        assert_eq!(told(&place, asked, "").await.unwrap(), sentence);
    }
    assert_eq!(count("two_factors").await, 0);
}

#[tokio::test]
async fn a_name_that_nobody_has_is_said() {
    let place = with_hanako().await;
    let before = place.everything().await;
    let username = || "nobody".to_owned();
    for asked in [
        Change::Tarento {
            username: username(),
            off: false,
        },
        Change::Role {
            username: username(),
            role: Role::Administrator,
        },
        Change::Password {
            username: username(),
        },
        Change::DisableTwoFactor {
            username: username(),
        },
        Change::Suspend {
            username: username(),
            reason: "spam".to_owned(),
            days: None,
        },
        Change::Lift {
            username: username(),
        },
    ] {
        let refused = told(&place, asked, "a good password\n").await.unwrap_err();
        assert_eq!(refused, "there is no user with the name `nobody`");
    }
    assert!(before == place.everything().await);
}
