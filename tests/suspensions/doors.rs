//! Who is suspended does not come in, by whichever door; and is told why, if they show who they are.

use serde_json::{Value, json};

use super::{lift, suspend};
use crate::support::world::{
    World,
    account::{PASSWORD, refused},
};

const UNTIL: &str = "This account is suspended until 2006-06-01T00:00:00Z: spam, twice";

async fn suspend_until(world: &World, username: &str) {
    let moderator = world.known("moderator").await;
    let who = world.known(username).await;
    let input = json!({ "userId": who.id(), "reason": "spam, twice",
        "until": "2006-06-01T00:00:00Z" });
    moderator.mutate("suspendUser", input, "").await;
}

/// What the mutation `name` says to who comes with `input`.
async fn said(world: &World, name: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{ token userErrors {{ code message }} }} }}"
    );
    let nobody = world.anonymous();
    let payload = nobody.run(&document, json!({ "input": input })).await[name].clone();
    assert_eq!(payload["token"], Value::Null, "{payload}");
    payload["userErrors"][0].clone()
}

#[tokio::test]
async fn the_sessions_end_and_the_right_password_is_told_until_when_and_why() {
    let world = World::new().await;
    world.moderator("moderator").await;
    let (hanako, _) = world.joined("hanako").await;
    let here = json!(hanako.token);
    assert!(world.lives(&here).await);
    suspend_until(&world, "hanako").await;
    let error = world.comes_with(&here).await.err().unwrap();
    assert_eq!(error.code(), "UNAUTHENTICATED");
    let sign_in = json!({ "username": "hanako", "password": PASSWORD });
    let expected = json!({ "code": "ACCOUNT_SUSPENDED", "message": UNTIL });
    assert_eq!(said(&world, "signIn", sign_in.clone()).await, expected);
    // Who does not know it learns nothing.
    let wrong = json!({ "username": "hanako", "password": "another password" });
    let absent = json!({ "username": "nobody", "password": "another password" });
    let wrong = said(&world, "signIn", wrong).await;
    assert_eq!(wrong["code"], "SIGN_IN_FAILED");
    assert_eq!(wrong, said(&world, "signIn", absent).await);
    world.clock.set("2006-06-01T00:00:00Z");
    let came = world.sign_in("hanako", json!({})).await;
    assert!(world.lives(&came["token"]).await, "it is over");
    assert!(!world.lives(&here).await);
}

#[tokio::test]
async fn a_recovery_code_is_told_the_same_and_stays_good() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (hanako, codes) = world.joined("hanako").await;
    suspend_until(&world, "hanako").await;
    let input = |code: &str| {
        json!({ "username": "hanako", "recoveryCode": code,
        "newPassword": "four tall mice" })
    };
    let answer = said(&world, "recoverAccount", input(&codes[0])).await;
    assert_eq!(
        answer,
        json!({ "code": "ACCOUNT_SUSPENDED", "message": UNTIL })
    );
    let wrong = said(&world, "recoverAccount", input("0000-0000-0000-0000")).await;
    assert_eq!(wrong["code"], "RECOVERY_FAILED");
    // Nothing was changed by it.
    lift(&moderator, &hanako).await;
    let came = world.sign_in("hanako", json!({})).await;
    assert!(world.lives(&came["token"]).await);
    let nobody = world.anonymous();
    nobody.mutate("recoverAccount", input(&codes[0]), "").await;
}

#[tokio::test]
async fn who_has_a_second_factor_shows_it_before_they_are_told() {
    let world = World::new().await;
    world.moderator("moderator").await;
    let (hanako, _) = world.joined("hanako").await;
    let secret = hanako.enable_two_factor().await;
    suspend_until(&world, "hanako").await;
    let came = world.sign_in("hanako", json!({})).await;
    assert_eq!(refused(&came), "SECOND_FACTOR_REQUIRED");
    let code = world.next_code(&secret);
    let came = world
        .sign_in("hanako", json!({ "secondFactor": code }))
        .await;
    assert_eq!(refused(&came), "ACCOUNT_SUSPENDED");
}

/// A sign-up or a sign-in that is repeated goes on with no session.
#[tokio::test]
async fn a_repeated_call_does_not_come_in_either() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let form = json!({ "username": "hanako", "nickname": "…", "password": PASSWORD,
        "birthDate": "1986-04-01", "idempotencyKey": "join" });
    let nobody = world.anonymous();
    nobody.mutate("signUp", form.clone(), "").await;
    let key = json!({ "idempotencyKey": "in" });
    world.sign_in("hanako", key.clone()).await;
    let hanako = world.known("hanako").await;
    suspend(&moderator, &hanako).await;
    let again = nobody.attempt("signUp", form.clone(), "token").await;
    assert_eq!(again["token"], Value::Null);
    let again = world.sign_in("hanako", key.clone()).await;
    assert_eq!(refused(&again), "ACCOUNT_SUSPENDED");
    lift(&moderator, &hanako).await;
    let again = nobody.mutate("signUp", form, "token").await;
    assert!(world.lives(&again["token"]).await);
}

/// Whichever comes first, nobody is in afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_session_outlives_a_suspension_that_comes_at_the_same_time() {
    let world = World::new().await;
    let beside = world.beside().await;
    let moderator = world.moderator("moderator").await;
    let (hanako, _) = world.joined("hanako").await;
    for turn in 0..8 {
        let input = json!({ "userId": hanako.id(), "reason": "spam" });
        let (came, _) = tokio::join!(
            async {
                // Checking the password takes its time: one comes before, another after.
                if turn % 2 == 0 {
                    tokio::task::yield_now().await;
                }
                beside.sign_in("hanako", json!({})).await
            },
            async {
                tokio::time::sleep(std::time::Duration::from_millis(20 * turn)).await;
                moderator.mutate("suspendUser", input, "").await;
            },
        );
        if came["token"].is_string() {
            assert!(!world.lives(&came["token"]).await, "turn {turn}");
        } else {
            assert_eq!(refused(&came), "ACCOUNT_SUSPENDED");
        }
        lift(&moderator, &hanako).await;
    }
}
