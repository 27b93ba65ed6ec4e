//! What the operator orders: a user cancels it in the days of grace, but not who is suspended.

use ashiato::{
    account::leaving::work::see_to_deletions,
    cli::admin::{Change, change},
};
use chrono::TimeDelta;
use serde_json::json;

use super::{agrees, id};
use crate::support::world::{
    World,
    account::{PASSWORD, refused},
};

async fn operator(world: &World, asked: Change) -> String {
    change(&world.app, asked, &b""[..]).await.unwrap()
}

fn deletes(username: &str, now: bool) -> Change {
    Change::DeleteAccount {
        username: username.to_owned(),
        now,
    }
}

async fn is_there(world: &World, username: &str) -> bool {
    let chief = world.known("chief").await;
    let document = "query($name: String!) { user(username: $name) { id } }";
    let found = chief.run(document, json!({ "name": username })).await;
    !found["user"].is_null()
}

#[tokio::test]
async fn who_is_suspended_cancels_nothing_and_stays_until_that_is_lifted_or_they_go_at_once() {
    let world = World::new().await;
    world.moderator("chief").await;
    let (kept_out, codes) = world.joined("kept_out").await;
    let (later, _) = world.joined("later").await;
    for username in ["kept_out", "later"] {
        operator(&world, deletes(username, false)).await;
        let asked = Change::Suspend {
            username: username.to_owned(),
            reason: "fraud".to_owned(),
            days: None,
        };
        operator(&world, asked).await;
    }
    world.app.settle_absences().await;
    // By no door: there is nobody to cancel it.
    assert!(!world.lives(&json!(kept_out.token)).await);
    let came = world.sign_in("kept_out", json!({})).await;
    assert_eq!(refused(&came), "ACCOUNT_SUSPENDED");
    let input = json!({ "username": "kept_out", "recoveryCode": codes[0],
        "newPassword": "another long password" });
    let recovered = world.anonymous();
    let recovered = recovered.attempt("recoverAccount", input, "token").await;
    assert_eq!(refused(&recovered), "ACCOUNT_SUSPENDED");
    let cancel = "mutation { cancelAccountDeletion(input: {}) { userErrors { code } } }";
    let nobody = world.anonymous();
    assert_eq!(nobody.error(cancel, json!({})).await, "UNAUTHENTICATED");

    // Nothing goes while they could not have cancelled it.
    world.clock.advance(TimeDelta::days(30));
    see_to_deletions(&world.app).await.unwrap();
    for username in ["kept_out", "later"] {
        assert!(is_there(&world, username).await, "{username}");
    }
    let said = operator(&world, deletes("kept_out", true)).await;
    assert_eq!(
        said,
        "kept_out is deleted; the name is given to nobody again"
    );
    assert!(!is_there(&world, "kept_out").await);

    let asked = Change::Lift {
        username: "later".to_owned(),
    };
    operator(&world, asked).await;
    world.app.settle_absences().await;
    assert!(is_there(&world, "later").await);
    // The days are over: whoever comes in now, before a server looks, is in time.
    let back = world.sign_in("later", json!({})).await;
    let back = world.comes_with(&back["token"]).await.unwrap();
    back.mutate("cancelAccountDeletion", json!({}), "").await;
    see_to_deletions(&world.app).await.unwrap();
    assert!(is_there(&world, "later").await);
    agrees(&world).await;
    assert_eq!(id(&back), id(&later));
}

/// As if the wish had been theirs.
#[tokio::test]
async fn who_is_not_suspended_comes_in_and_cancels_what_the_operator_ordered() {
    let world = World::new().await;
    world.moderator("chief").await;
    world.joined("hanako").await;
    operator(&world, deletes("hanako", false)).await;
    world.clock.advance(TimeDelta::days(6));
    let back = world.sign_in("hanako", json!({})).await;
    let back = world.comes_with(&back["token"]).await.unwrap();
    back.mutate("cancelAccountDeletion", json!({}), "").await;
    world.clock.advance(TimeDelta::days(30));
    see_to_deletions(&world.app).await.unwrap();
    assert!(is_there(&world, "hanako").await);
    let again = json!({ "username": "hanako", "password": PASSWORD });
    assert_eq!(
        refused(&world.anonymous().attempt("signIn", again, "token").await),
        ""
    );
}
