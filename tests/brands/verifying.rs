//! The mark of verified brands.

use ashiato::cli::admin::{Change, change};
use serde_json::json;

use super::{create, told};
use crate::support::world::World;

const LOG: &str = "{ auditLog { nodes { act detail actor { username } subject { username } } } }";

#[tokio::test]
async fn administrators_give_and_take_the_mark_and_the_log_tells_of_each() {
    let world = World::new().await;
    let (admin, owner) = (world.person("admin").await, world.person("owner").await);
    let moderator = world.moderator("moderator").await;
    world.make_administrator(&admin).await;
    let page = create(&owner, "page").await;
    let input = json!({ "brandId": page });
    for who in [&owner, &moderator] {
        for mutation in ["verifyBrand", "unverifyBrand"] {
            let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
            let document = format!(
                "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ brand {{ id }} }} }}"
            );
            let code = who.error(&document, json!({ "input": input })).await;
            assert_eq!(code, "FORBIDDEN");
        }
    }
    for (mutation, is) in [
        ("verifyBrand", true),
        ("verifyBrand", true),
        ("unverifyBrand", false),
        ("unverifyBrand", false),
        ("verifyBrand", true),
    ] {
        let fields = "brand { isVerified }";
        let done = admin.mutate(mutation, input.clone(), fields).await;
        assert_eq!(done["brand"]["isVerified"], is);
    }
    let log = admin.run(LOG, json!({})).await;
    let entry = |act: &str| json!({ "act": act, "detail": "page (PAGE)", "actor": { "username": "admin" }, "subject": { "username": "owner" } });
    let log = log["auditLog"]["nodes"].as_array().unwrap().clone();
    let log: Vec<_> = log
        .into_iter()
        .filter(|entry| entry["act"].as_str().unwrap().starts_with("BRAND"))
        .collect();
    // What changed nothing is not noted.
    let expected = ["BRAND_VERIFIED", "BRAND_UNVERIFIED", "BRAND_VERIFIED"].map(entry);
    assert_eq!(log, expected);
    let none = json!({ "brandId": owner.id() });
    let document =
        "mutation($input: VerifyBrandInput!) { verifyBrand(input: $input) { brand { id } } }";
    let code = admin.error(document, json!({ "input": none })).await;
    assert_eq!(code, "INVALID_ID");
}

#[tokio::test]
async fn a_page_that_is_called_otherwise_bears_the_mark_no_more() {
    let world = World::new().await;
    let (admin, owner) = (world.person("admin").await, world.person("owner").await);
    world.make_administrator(&admin).await;
    let page = create(&owner, "page").await;
    for (field, value, stays) in [
        ("description", "another", true),
        ("name", "PAGE", true),
        ("name", "Another", false),
        ("handle", "another", false),
    ] {
        let input = json!({ "brandId": page });
        admin.mutate("verifyBrand", input, "").await;
        let input = json!({ "brandId": page, field: value });
        owner.mutate("updateBrand", input, "").await;
        let is = told(&owner, &page, "isVerified").await;
        assert_eq!(is["isVerified"], stays, "{field} {value}");
    }
}

#[tokio::test]
async fn the_operator_gives_and_takes_it_too() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let page = create(&owner, "page").await;
    for (off, said) in [
        (false, "page (PAGE) is verified"),
        (true, "page (PAGE) is not verified"),
    ] {
        let wish = Change::VerifyBrand {
            handle: "Page".to_owned(),
            off,
        };
        let done = change(&world.app, wish, &b""[..]).await.unwrap();
        assert_eq!(done, said);
        let is = told(&owner, &page, "isVerified").await;
        assert_eq!(is["isVerified"], !off);
    }
    let wish = Change::VerifyBrand {
        handle: "nobody_has".to_owned(),
        off: false,
    };
    let refused = change(&world.app, wish, &b""[..]).await.unwrap_err();
    let said = "there is no brand's page with the handle `nobody_has`";
    assert_eq!(refused.to_string(), said);
    let admin = world.person("admin").await;
    world.make_administrator(&admin).await;
    let log = admin.run(LOG, json!({})).await;
    let acts: Vec<_> = log["auditLog"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["act"].clone(), entry["actor"].clone()))
        .collect();
    let by_operator = |act: &str| (json!(act), json!(null));
    assert_eq!(
        acts[..2],
        ["BRAND_UNVERIFIED", "BRAND_VERIFIED"].map(by_operator)
    );
}
