//! rules.md, Users 3 and 4: joining by the invitation of a member, who is remembered and becomes the
//! first friend.

mod bounds;
mod crowds;

use ashiato::config::{Rules, Way};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

/// A service that nobody joins without an invitation.
async fn by_invitation() -> World {
    World::with(Rules {
        joining: vec![Way::Invitation],
        ..Rules::default()
    })
    .await
}

/// What `username` joins with, by `code`.
fn form(username: &str, code: Option<&str>) -> Value {
    json!({
        "username": username, "nickname": username, "password": "correct horse",
        "birthDate": "1986-04-01", "invitationCode": code,
    })
}

async fn invite(inviter: &Person<'_>, places: i32) -> String {
    let input = json!({ "places": places });
    let made = inviter.mutate("createInvitation", input, "code").await;
    made["code"].as_str().unwrap().to_owned()
}

/// What somebody came to who joins by `code`.
async fn join(world: &World, username: &str, code: &str) -> Value {
    let form = form(username, Some(code));
    world
        .anonymous()
        .attempt("signUp", form, "token user { id }")
        .await
}

async fn refusal(world: &World, username: &str, code: &str) -> String {
    let refused = join(world, username, code).await;
    assert_eq!(refused["token"], Value::Null);
    refused["userErrors"][0]["code"]
        .as_str()
        .unwrap_or("joined")
        .to_owned()
}

const MINE: &str = "{ viewer { invitationPlacesLeft
    invitations { nodes { id places used isOpen } }
    invitees { nodes { username } }
    inviter { username }
    user { friends { nodes { username } } friendCount } } }";

#[tokio::test]
async fn who_invited_is_remembered_and_becomes_the_first_friend() {
    let world = by_invitation().await;
    let inviter = world.person("inviter").await;
    let code = invite(&inviter, 2).await;
    let offer = "query($code: String!) { invitationOffer(code: $code) { inviter { username } } }";
    let found = world.anonymous().run(offer, json!({ "code": code })).await;
    assert_eq!(found["invitationOffer"]["inviter"]["username"], "inviter");

    // As people write what they were told.
    let told = code.replace('-', " ").to_lowercase();
    let made = join(&world, "newcomer", &told).await;
    assert_eq!(made["userErrors"], json!([]));
    let newcomer = world.known("newcomer").await;
    let mine = newcomer.run(MINE, json!({})).await["viewer"].clone();
    assert_eq!(mine["inviter"]["username"], "inviter");
    assert_eq!(
        mine["user"]["friends"]["nodes"],
        json!([{ "username": "inviter" }])
    );
    assert_eq!(mine["user"]["friendCount"], 1);
    assert_eq!(mine["invitees"]["nodes"], json!([]));

    let mine = inviter.run(MINE, json!({})).await["viewer"].clone();
    assert_eq!(mine["inviter"], Value::Null);
    assert_eq!(
        mine["invitees"]["nodes"],
        json!([{ "username": "newcomer" }])
    );
    assert_eq!(
        mine["user"]["friends"]["nodes"],
        json!([{ "username": "newcomer" }])
    );
    let invitation = &mine["invitations"]["nodes"][0];
    assert_eq!(
        (&invitation["places"], &invitation["used"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(invitation["isOpen"], true);
    assert_eq!(mine["invitationPlacesLeft"], 18);

    join(&world, "second", &code).await;
    let mine = inviter.run(MINE, json!({})).await["viewer"].clone();
    let invitees = json!([{ "username": "second" }, { "username": "newcomer" }]);
    assert_eq!(mine["invitees"]["nodes"], invitees, "the last first");
    assert_eq!(mine["invitations"]["nodes"][0]["isOpen"], false);
    assert_eq!(refusal(&world, "third", &code).await, "INVITATION_INVALID");
}

#[tokio::test]
async fn without_an_invitation_nobody_joins_and_whoever_wants_to_where_that_is_open() {
    let world = by_invitation().await;
    let nobody = world.anonymous();
    let ways = "{ joining { ways minimumAge } }";
    let said = nobody.run(ways, json!({})).await["joining"].clone();
    assert_eq!(said, json!({ "ways": ["INVITATION"], "minimumAge": 15 }));
    assert_eq!(
        nobody.refusal("signUp", form("new", None)).await,
        "INVITATION_REQUIRED"
    );
    // Nor is anybody told whether the name is taken.
    world.person("taken").await;
    assert_eq!(
        nobody.refusal("signUp", form("taken", None)).await,
        "INVITATION_REQUIRED"
    );
    let wrong = form("taken", Some("7K4D-9QXM-2F8T-WB3E"));
    assert_eq!(nobody.refusal("signUp", wrong).await, "INVITATION_INVALID");

    let world = World::new().await;
    let said = world.anonymous().run(ways, json!({})).await;
    assert_eq!(said["joining"]["ways"], json!(["OPEN"]));
    world
        .anonymous()
        .mutate("signUp", form("new", None), "")
        .await;
    // An invitation counts there, too, and one that is wrong is said.
    assert_eq!(
        refusal(&world, "other", "7K4D-9QXM-2F8T-WB3E").await,
        "INVITATION_INVALID"
    );
    let code = invite(&world.person("inviter").await, 1).await;
    join(&world, "other", &code).await;
    let other = world.known("other").await.run(MINE, json!({})).await;
    assert_eq!(other["viewer"]["inviter"]["username"], "inviter");
}

/// What nobody can join by answers alike, whatever it was.
#[tokio::test]
async fn a_code_that_has_ended_is_as_one_that_never_was() {
    let world = by_invitation().await;
    let inviter = world.person("inviter").await;
    let expired = invite(&inviter, 1).await;
    world.clock.advance(chrono::Duration::days(14));
    let revoked = invite(&inviter, 1).await;
    let (used_up, open) = (invite(&inviter, 1).await, invite(&inviter, 1).await);
    let mine = inviter.run(MINE, json!({})).await["viewer"].clone();
    let second = mine["invitations"]["nodes"][2]["id"].clone();
    let input = json!({ "invitationId": second });
    let ended = inviter
        .mutate("revokeInvitation", input, "invitation { isOpen }")
        .await;
    assert_eq!(ended["invitation"], Value::Null);
    join(&world, "first", &used_up).await;
    let offer = "query($code: String!) { invitationOffer(code: $code) { expiresAt } }";
    let mut answers = Vec::new();
    let codes = [
        &*expired,
        &revoked,
        &used_up,
        "7K4D-9QXM-2F8T-WB3E",
        "",
        "\0",
        "あしあと",
    ];
    for code in codes {
        world.forget_statements();
        let refused = join(&world, "late", code).await;
        let statements = world.statements();
        let offered = world.anonymous().run(offer, json!({ "code": code })).await;
        assert_eq!(offered["invitationOffer"], Value::Null, "{code}");
        answers.push((refused.to_string(), statements > 0));
    }
    assert!(
        answers.iter().all(|answer| answer == &answers[0]),
        "{answers:?}"
    );
    // Those that ended without anybody are not counted any more.
    let left = inviter.run(MINE, json!({})).await["viewer"]["invitationPlacesLeft"].clone();
    assert_eq!(left, 18);
    assert_eq!(join(&world, "late", &open).await["userErrors"], json!([]));
}

#[tokio::test]
async fn a_repeated_call_makes_no_second_invitation_and_both_codes_lead_to_the_first() {
    let world = by_invitation().await;
    let inviter = world.person("inviter").await;
    let input = json!({ "places": 2, "idempotencyKey": "once" });
    let mut codes = Vec::new();
    for _ in 0..2 {
        let made = inviter
            .mutate("createInvitation", input.clone(), "code")
            .await;
        codes.push(made["code"].as_str().unwrap().to_owned());
    }
    assert_ne!(codes[0], codes[1]);
    let mine = inviter.run(MINE, json!({})).await["viewer"].clone();
    assert_eq!(mine["invitations"]["nodes"].as_array().unwrap().len(), 1);
    join(&world, "first", &codes[0]).await;
    join(&world, "second", &codes[1]).await;
    assert_eq!(
        refusal(&world, "third", &codes[1]).await,
        "INVITATION_INVALID"
    );

    // A sign-up that is repeated is let in, though the place is taken: by itself.
    let code = invite(&inviter, 1).await;
    let mut form = form("third", Some(&code));
    form["idempotencyKey"] = json!("a key");
    let nobody = world.anonymous();
    let first = nobody
        .mutate("signUp", form.clone(), "token user { id }")
        .await;
    let again = nobody.mutate("signUp", form, "token user { id }").await;
    assert_eq!(first["user"], again["user"]);
    assert_ne!(first["token"], again["token"]);
}

#[tokio::test]
async fn an_invitation_is_its_inviter_s_alone() {
    let world = World::new().await;
    let (inviter, other) = (world.person("inviter").await, world.person("other").await);
    invite(&inviter, 1).await;
    let id = inviter.run(MINE, json!({})).await["viewer"]["invitations"]["nodes"][0]["id"].clone();
    let node = "query($id: ID!) { node(id: $id) { __typename } }";
    let found = async |who: &Person<'_>| who.run(node, json!({ "id": id })).await["node"].clone();
    assert_eq!(found(&inviter).await["__typename"], "Invitation");
    assert_eq!(found(&other).await, Value::Null);
    assert_eq!(found(&world.anonymous()).await, Value::Null);
    let refused = async |id: &Value| {
        world.forget_statements();
        let code = other
            .refusal("revokeInvitation", json!({ "invitationId": id }))
            .await;
        (code, world.statements())
    };
    use ashiato::ids::{GlobalId, Kind};
    let absent = GlobalId::encode(
        Kind::Invitation,
        &[inviter.viewer.id().unwrap(), uuid::Uuid::max()],
    );
    let absent = refused(&json!(absent.to_string())).await;
    assert_eq!(absent.0, "NOT_FOUND");
    assert_eq!(refused(&id).await, absent);
}

/// Blocks hold here, too (rules.md, Friendships 8).
#[tokio::test]
async fn a_block_hides_the_inviter_and_the_invitee() {
    let world = World::new().await;
    let inviter = world.person("inviter").await;
    let code = invite(&inviter, 2).await;
    join(&world, "newcomer", &code).await;
    let newcomer = world.known("newcomer").await;
    newcomer
        .mutate("blockUser", json!({ "userId": inviter.id() }), "")
        .await;
    let mine = newcomer.run(MINE, json!({})).await["viewer"].clone();
    assert_eq!(mine["inviter"], Value::Null);
    let mine = inviter.run(MINE, json!({})).await["viewer"].clone();
    assert_eq!(mine["invitees"]["nodes"], json!([]));
    let offer = "query($code: String!) { invitationOffer(code: $code) { inviter { username } } }";
    let found = newcomer.run(offer, json!({ "code": code })).await;
    assert_eq!(found["invitationOffer"]["inviter"], Value::Null);
}

#[tokio::test]
async fn what_has_ended_goes_and_who_came_stays() {
    let world = World::new().await;
    let inviter = world.person("inviter").await;
    let used = invite(&inviter, 2).await;
    invite(&inviter, 1).await;
    join(&world, "newcomer", &used).await;
    let sweep = async || {
        let swept = ashiato::housekeeping::sweep(&world.app).await.unwrap();
        swept.invitations
    };
    assert_eq!(sweep().await, 0);
    world.clock.advance(chrono::Duration::days(15));
    assert_eq!(sweep().await, 2);
    let mine = inviter.run(MINE, json!({})).await["viewer"].clone();
    let left = mine["invitations"]["nodes"].as_array().unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["used"], 1);
    assert_eq!(mine["invitationPlacesLeft"], 19);
    assert_eq!(
        mine["invitees"]["nodes"],
        json!([{ "username": "newcomer" }])
    );
}

#[tokio::test]
async fn the_database_holds_no_code() {
    let world = World::new().await;
    let code = invite(&world.person("inviter").await, 1).await;
    // Beside the service's own statements.
    let db = sea_orm::Database::connect(&world.url).await.unwrap();
    let kept = entity::invitation_code::Entity::find().all(&db).await;
    let kept = kept.unwrap();
    let bytes = base32::decode(base32::Alphabet::Crockford, &code.replace('-', "")).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(
        !kept[0]
            .code_hash
            .windows(bytes.len())
            .any(|part| part == bytes)
    );
}
