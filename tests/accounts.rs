//! rules.md, Users 1, 5 and 6; signing up, in and out; editing one's profile.

use ashiato::{account::session, error::Error, viewer::Viewer};
use entity::{credential, session_token};
use rstest::rstest;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

fn form() -> Value {
    json!({
        "username": "Hanako", "nickname": "花子", "password": "correct horse",
        "birthDate": "1986-04-01", "homeRegion": "KYOTO",
    })
}

async fn viewer<'w>(world: &'w World, token: &str) -> Result<Person<'w>, Error> {
    let viewer = session::viewer(&world.app, Some(token)).await?;
    Ok(Person {
        world,
        viewer,
        username: String::new(),
        token: token.to_owned(),
    })
}

#[tokio::test]
async fn sign_up_sign_in_sign_out() {
    let world = World::new().await;
    let nobody = world.anonymous();
    let made = nobody
        .mutate(
            "signUp",
            form(),
            "token user { id username nickname kind friendLimit }",
        )
        .await;
    assert_eq!(made["user"]["username"], "hanako");
    assert_eq!(made["user"]["nickname"], "花子");
    assert_eq!(made["user"]["kind"], "MEMBER");
    assert_eq!(made["user"]["friendLimit"], 1000);
    let first = viewer(&world, made["token"].as_str().unwrap())
        .await
        .unwrap();
    let me = "{ viewer { homeRegion user { id } } }";
    let data = first.run(me, json!({})).await;
    assert_eq!(data["viewer"]["homeRegion"], "KYOTO");
    assert_eq!(data["viewer"]["user"]["id"], made["user"]["id"]);

    let input = json!({ "username": " HANAKO ", "password": "correct horse" });
    let signed = nobody.mutate("signIn", input, "token user { id }").await;
    assert_eq!(signed["user"]["id"], made["user"]["id"]);
    let second = viewer(&world, signed["token"].as_str().unwrap())
        .await
        .unwrap();
    let data = second
        .run("mutation { signOut { signedOut } }", json!({}))
        .await;
    assert_eq!(data["signOut"]["signedOut"], true);
    let gone = viewer(&world, signed["token"].as_str().unwrap()).await;
    assert!(matches!(gone, Err(Error::InvalidToken)), "never anonymous");
    // The other session goes on.
    assert!(
        viewer(&world, made["token"].as_str().unwrap())
            .await
            .is_ok()
    );
    assert!(matches!(
        session::viewer(&world.app, None).await,
        Ok(Viewer::Anonymous)
    ));
    assert_eq!(
        nobody
            .error("mutation { signOut { signedOut } }", json!({}))
            .await,
        "UNAUTHENTICATED"
    );
    assert_eq!(nobody.run(me, json!({})).await["viewer"], Value::Null);
}

#[tokio::test]
async fn a_session_ends_after_its_days() {
    let world = World::new().await;
    let made = world.anonymous().mutate("signUp", form(), "token").await;
    let token = made["token"].as_str().unwrap();
    world
        .clock
        .advance(chrono::Duration::days(30) - chrono::Duration::seconds(1));
    assert!(viewer(&world, token).await.is_ok());
    world.clock.advance(chrono::Duration::seconds(1));
    assert!(matches!(
        viewer(&world, token).await,
        Err(Error::InvalidToken)
    ));
}

#[tokio::test]
async fn the_database_holds_no_token_and_no_password() {
    let world = World::new().await;
    let made = world.anonymous().mutate("signUp", form(), "token").await;
    let token = made["token"].as_str().unwrap();
    assert_eq!(token.len(), 43, "256 bits in base64url");
    let reader = world.app.database.reader();
    let kept = session_token::Entity::find().all(reader).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_ne!(kept[0].token_hash, token.as_bytes());
    let kept = credential::Entity::find().all(reader).await.unwrap();
    assert!(
        kept[0]
            .password_hash
            .starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{}",
        kept[0].password_hash
    );
}

#[tokio::test]
async fn an_absent_user_and_a_wrong_password_answer_alike_after_the_same_work() {
    let world = World::new().await;
    let nobody = world.anonymous();
    nobody.mutate("signUp", form(), "").await;
    let mut answers = Vec::new();
    for username in ["hanako", "nobody", "NOT A NAME"] {
        let checks = world.app.passwords.checks();
        world.forget_statements();
        let document = "mutation($input: SignInInput!) { signIn(input: $input) { token user { id } userErrors { code message field } } }";
        let input = json!({ "username": username, "password": "wrong password" });
        let answer = nobody.answer(document, json!({ "input": input })).await;
        assert_eq!(
            answer["data"]["signIn"]["userErrors"][0]["code"],
            "SIGN_IN_FAILED"
        );
        answers.push((
            answer,
            world.app.passwords.checks() - checks,
            world.statements(),
        ));
    }
    assert_eq!(answers[0].1, 1, "one hash is computed");
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[rstest]
#[case("username", "ab", "USERNAME_INVALID")]
#[case("username", "a23456789012345678901", "USERNAME_INVALID")]
#[case("username", "1abc", "USERNAME_INVALID")]
#[case("username", "_abc", "USERNAME_INVALID")]
#[case("username", "ha-na", "USERNAME_INVALID")]
#[case("username", "はなこ", "USERNAME_INVALID")]
#[case("nickname", " ", "TEXT_REQUIRED")]
#[case("nickname", &"花".repeat(33), "TEXT_TOO_LONG")]
#[case("nickname", "a\u{0}b", "TEXT_NOT_ALLOWED")]
#[case("password", "seven77", "PASSWORD_TOO_SHORT")]
#[case("password", "password", "PASSWORD_TOO_COMMON")]
#[case("password", "Password1", "PASSWORD_TOO_COMMON")]
#[case("password", &"x".repeat(1025), "PASSWORD_TOO_LONG")]
#[case("password", "        ", "PASSWORD_TOO_EASY")]
#[case("password", "ああああああああ", "PASSWORD_TOO_EASY")]
#[case("password", "z Z z Z z Z", "PASSWORD_TOO_EASY")]
#[case("password", "HANAKO--", "PASSWORD_TOO_EASY")]
#[case("password", "hanakoHanako", "PASSWORD_TOO_EASY")]
#[case("password", "hanako1986!", "PASSWORD_TOO_EASY")]
#[case("password", "花子 花子 花子!", "PASSWORD_TOO_EASY")]
#[case("password", "Ａｓｈｉａｔｏ2006", "PASSWORD_TOO_EASY")]
#[case("password", "アシアト足アト12", "PASSWORD_TOO_EASY")]
#[case("birthDate", "1991-05-02", "TOO_YOUNG")]
#[case("birthDate", "2006-05-02", "BIRTH_DATE_INVALID")]
#[case("birthDate", "1870-01-01", "BIRTH_DATE_INVALID")]
#[tokio::test]
async fn a_form_against_the_rules_is_refused(
    #[case] field: &str,
    #[case] value: &str,
    #[case] code: &str,
) {
    let world = World::new().await;
    let nobody = world.anonymous();
    let mut input = form();
    input[field] = json!(value);
    let payload = nobody.attempt("signUp", input, "token user { id }").await;
    assert_eq!(
        payload["userErrors"],
        json!([{ "code": code, "field": [field] }])
    );
    assert_eq!(payload["token"], Value::Null);
    // The name was not taken by the refused one.
    nobody.mutate("signUp", form(), "").await;
}

#[rstest]
#[case("username", "a_2")]
#[case("username", "abcdefghijklmnopqrst")]
#[case("nickname", "👨‍👩‍👧‍👦 家族")]
#[case("password", "eight ok")]
#[case("password", "長い長い合言葉です")]
#[case("password", "hanako likes tea")]
#[case("password", "!#!#!#!#")]
#[case("password", "19860401-7")]
#[case("nickname", "e")]
#[case("birthDate", "1991-05-01")]
#[tokio::test]
async fn a_form_at_the_edge_of_the_rules_is_taken(#[case] field: &str, #[case] value: &str) {
    let world = World::new().await;
    let mut input = form();
    input[field] = json!(value);
    world.anonymous().mutate("signUp", input, "token").await;
}

#[tokio::test]
async fn long_passwords_are_taken_whole() {
    let world = World::new().await;
    let nobody = world.anonymous();
    let password = "0123456789".repeat(20);
    let mut input = form();
    input["password"] = json!(password);
    nobody.mutate("signUp", input, "token").await;
    let cut = json!({ "username": "hanako", "password": password[..199] });
    assert_eq!(nobody.refusal("signIn", cut).await, "SIGN_IN_FAILED");
    let whole = json!({ "username": "hanako", "password": password });
    nobody.mutate("signIn", whole, "token").await;
}

#[tokio::test]
async fn a_user_name_is_unique_without_regard_to_case_and_can_change() {
    let world = World::new().await;
    let nobody = world.anonymous();
    nobody.mutate("signUp", form(), "").await;
    let mut twin = form();
    twin["username"] = json!("hAnAkO");
    assert_eq!(
        nobody.refusal("signUp", twin.clone()).await,
        "USERNAME_TAKEN"
    );

    let taro = world.person("taro").await;
    assert_eq!(
        taro.refusal("editProfile", json!({ "username": "HANAKO" }))
            .await,
        "USERNAME_TAKEN"
    );
    let edit = json!({ "username": "Jiro_2", "nickname": "次郎", "bio": "よろしく\n!", "homeRegion": "OVERSEAS" });
    let edited = taro
        .mutate("editProfile", edit, "user { username nickname bio }")
        .await;
    assert_eq!(
        edited["user"],
        json!({ "username": "jiro_2", "nickname": "次郎", "bio": "よろしく\n!" })
    );
    let find = "query($name: String!) { user(username: $name) { nickname } }";
    assert_eq!(
        nobody.run(find, json!({ "name": "taro" })).await["user"],
        Value::Null
    );
    assert_eq!(
        nobody.run(find, json!({ "name": "JIRO_2" })).await["user"]["nickname"],
        "次郎"
    );
    // What is left out stays, null takes the region away, and the old name is free.
    let edit = json!({ "homeRegion": null });
    let edited = taro
        .mutate("editProfile", edit, "user { username bio }")
        .await;
    assert_eq!(
        edited["user"],
        json!({ "username": "jiro_2", "bio": "よろしく\n!" })
    );
    let data = taro.run("{ viewer { homeRegion } }", json!({})).await;
    assert_eq!(data["viewer"]["homeRegion"], Value::Null);
    twin["username"] = json!("taro");
    nobody.mutate("signUp", twin, "").await;
    assert_eq!(
        taro.refusal("editProfile", json!({ "nickname": "" })).await,
        "TEXT_REQUIRED"
    );
    let long = "字".repeat(1001);
    assert_eq!(
        taro.refusal("editProfile", json!({ "bio": long })).await,
        "TEXT_TOO_LONG"
    );
}

#[tokio::test]
async fn users_are_found_by_pieces_of_their_names() {
    let world = World::new().await;
    let nobody = world.anonymous();
    for (username, nickname) in [
        ("kyoto_rider", "京都ライダー"),
        ("tokyo_cat", "東京のねこ"),
        ("zeta", "KYOTO fan"),
    ] {
        let person = world.person(username).await;
        person
            .mutate("editProfile", json!({ "nickname": nickname }), "")
            .await;
    }
    let search = async |text: &str| {
        let document = "query($text: String!) { searchUsers(text: $text) { nodes { username } } }";
        let data = nobody.run(document, json!({ "text": text })).await;
        let nodes = data["searchUsers"]["nodes"].as_array().unwrap().clone();
        nodes
            .iter()
            .map(|node| node["username"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(search("京都").await, ["kyoto_rider"]);
    assert_eq!(search("ﾗｲﾀﾞｰ").await, ["kyoto_rider"], "half width");
    assert_eq!(search("らいだー").await, ["kyoto_rider"], "hiragana");
    assert_eq!(search("ネコ").await, ["tokyo_cat"], "katakana");
    assert_eq!(
        search("kyoto").await,
        ["kyoto_rider", "zeta"],
        "by user name"
    );
    assert_eq!(search("東").await, ["tokyo_cat"]);
    assert_eq!(search("k").await, Vec::<String>::new());
    assert_eq!(search("").await, Vec::<String>::new());
    assert_eq!(search("都京").await, Vec::<String>::new());
    assert_eq!(
        search("とのねこ").await,
        Vec::<String>::new(),
        "pieces apart"
    );
    assert_eq!(
        search("tokyoto").await,
        Vec::<String>::new(),
        "pieces of both names"
    );
    // After a change, only the new names find.
    let document = "query($after: String) { searchUsers(text: \"kyoto\", first: 1, after: $after) {
        nodes { username } pageInfo { endCursor hasNextPage } } }";
    let first = nobody.run(document, json!({})).await["searchUsers"].clone();
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = json!({ "after": first["pageInfo"]["endCursor"] });
    let second = nobody.run(document, after).await["searchUsers"].clone();
    assert_eq!(second["nodes"], json!([{ "username": "zeta" }]));
}
