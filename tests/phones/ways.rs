//! The ways to join, in any mix.

use ashiato::config::{Rules, Way};
use rstest::rstest;
use serde_json::{Value, json};

use super::{Outbox, code};
use crate::support::world::World;

#[rstest]
#[case(&[Way::Open], "", &[])]
#[case(&[Way::Phone], "", &["PHONE_REQUIRED"])]
#[case(&[Way::Phone], "phone", &[])]
#[case(&[Way::Phone], "invitation", &["PHONE_REQUIRED"])]
#[case(&[Way::Invitation], "phone", &["INVITATION_REQUIRED"])]
#[case(&[Way::Invitation, Way::Phone], "phone", &[])]
#[case(&[Way::Invitation, Way::Phone], "invitation", &[])]
#[case(&[Way::Invitation, Way::Phone], "", &["INVITATION_REQUIRED"])]
#[case(&[Way::InvitationAndPhone], "", &["INVITATION_REQUIRED", "PHONE_REQUIRED"])]
#[case(&[Way::InvitationAndPhone], "phone", &["INVITATION_REQUIRED"])]
#[case(&[Way::InvitationAndPhone], "invitation", &["PHONE_REQUIRED"])]
#[case(&[Way::InvitationAndPhone], "invitation phone", &[])]
#[tokio::test]
async fn any_way_will_do_and_nothing_less(
    #[case] ways: &[Way],
    #[case] has: &str,
    #[case] refused: &[&str],
) {
    let outbox = Outbox::default();
    let rules = Rules {
        joining: ways.to_vec(),
        ..Rules::default()
    };
    let world = World::sending(rules, outbox.clone()).await;
    let inviter = world.person("inviter").await;
    let mut form = json!({
        "username": "newcomer", "nickname": "newcomer", "password": "correct horse",
        "birthDate": "1986-04-01",
    });
    if has.contains("invitation") {
        let made = inviter.mutate("createInvitation", json!({}), "code").await;
        form["invitationCode"] = made["code"].clone();
    }
    if has.contains("phone") {
        let sent = code(&inviter, &outbox, super::NUMBER).await;
        form["phone"] = json!({ "number": super::NUMBER, "code": sent });
    }
    let made = world.anonymous().attempt("signUp", form, "token").await;
    let said: Vec<_> = made["userErrors"].as_array().unwrap().iter().collect();
    let said: Vec<_> = said
        .iter()
        .map(|error| error["code"].as_str().unwrap())
        .collect();
    assert_eq!(said, refused);
    assert_eq!(made["token"] == Value::Null, !refused.is_empty());
}

/// Which invitation, and which number, is part of what a key was given to.
#[tokio::test]
async fn a_sign_up_is_repeated_by_the_way_that_it_took() {
    let outbox = Outbox::default();
    let world = World::sending(Rules::default(), outbox.clone()).await;
    let inviter = world.person("inviter").await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        let made = inviter.mutate("createInvitation", json!({}), "code").await;
        codes.push(made["code"].as_str().unwrap().to_owned());
    }
    let sent = code(&inviter, &outbox, super::NUMBER).await;
    let form = |username: &str, invitation: Value, number: Option<&str>| {
        let phone = number.map(|number| json!({ "number": number, "code": sent }));
        json!({ "username": username, "nickname": "…", "password": "correct horse",
            "birthDate": "1986-04-01", "idempotencyKey": "join",
            "invitationCode": invitation, "phone": phone })
    };
    let nobody = world.anonymous();
    let document = "mutation($input: SignUpInput!) { signUp(input: $input) { token } }";
    let first = form("newcomer", json!(codes[0]), Some(super::NUMBER));
    nobody.mutate("signUp", first.clone(), "token").await;
    // However both are written.
    let told = codes[0].to_lowercase().replace('-', " ");
    for again in [
        first,
        form("newcomer", json!(told), Some("+81 90 1234 5678")),
    ] {
        let again = nobody.mutate("signUp", again, "token").await;
        assert!(again["token"].is_string());
    }
    for other in [
        form("newcomer", json!(codes[1]), Some(super::NUMBER)),
        form("newcomer", json!(codes[0]), Some("080-0000-0000")),
        form("newcomer", json!(codes[0]), None),
        form("newcomer", Value::Null, Some(super::NUMBER)),
        form("newcomer", Value::Null, None),
        form("newcomer", json!("no code"), None),
    ] {
        let refused = nobody.error(document, json!({ "input": other })).await;
        assert_eq!(refused, "IDEMPOTENCY_KEY_REUSED", "{other}");
    }
    // Nor does one that took none become one that took one.
    let plain = form("another", Value::Null, None);
    nobody.mutate("signUp", plain.clone(), "token").await;
    nobody.mutate("signUp", plain, "token").await;
    let other = form("another", json!(codes[1]), None);
    let refused = nobody.error(document, json!({ "input": other })).await;
    assert_eq!(refused, "IDEMPOTENCY_KEY_REUSED");
    let offer = "query($code: String!) { invitationOffer(code: $code) { expiresAt } }";
    let open = nobody.run(offer, json!({ "code": codes[1] })).await;
    assert!(
        open["invitationOffer"].is_object(),
        "nobody has taken its place"
    );
}

/// With a new key in front of the old one, too; and of the number the key alone tells whose it is.
#[tokio::test]
async fn a_sign_up_is_repeated_under_a_newer_key() {
    use ashiato::{
        account::service::{SignUp, sign_up},
        app::{App, Parts},
        error::Error,
        rejection::Rejection,
        secrets::Keys,
    };
    let outbox = Outbox::default();
    let world = World::sending(Rules::default(), outbox.clone()).await;
    let nobody = world.anonymous();
    let wish = |number: &str, code: &str| SignUp {
        username: "newcomer".to_owned(),
        nickname: "newcomer".to_owned(),
        password: "correct horse".to_owned(),
        birth_date: "1986-04-01".parse().unwrap(),
        home_region: None,
        invitation_code: None,
        phone: Some((number.to_owned(), code.to_owned())),
        idempotency_key: Some("join".to_owned()),
    };
    let sent = code(&nobody, &outbox, super::NUMBER).await;
    let made = sign_up(&world.app, wish(super::NUMBER, &sent))
        .await
        .unwrap();
    let with = async |keys: Vec<[u8; 32]>| {
        let mut parts = Parts::new(world.database.place(), world.app.rules.clone());
        (parts.keys, parts.clock) = (Keys::Given(keys), world.clock.clone());
        App::open(parts).await.unwrap()
    };
    let rotated = with(vec![[9; 32], [7; 32]]).await;
    let again = sign_up(&rotated, wish(super::NUMBER, &sent)).await.unwrap();
    assert_eq!(again.session, made.session);
    let another = with(vec![[9; 32]]).await;
    for (app, number) in [(&rotated, "080-0000-0000"), (&another, super::NUMBER)] {
        let refused = sign_up(app, wish(number, &sent)).await.unwrap_err();
        let is_reused = matches!(refused, Rejection::Failed(Error::IdempotencyKeyReused));
        assert!(is_reused, "{refused:?}");
    }
    rotated.database.close().await;
    another.database.close().await;
}
