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
