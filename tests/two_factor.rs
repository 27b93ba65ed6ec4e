//! Two-factor sign-in: a code of an authenticator app beside the password.

mod keys;
mod once;

use ashiato::{account::reset::disable_two_factor, housekeeping};
use chrono::Duration;
use entity::two_factor;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::support::world::{
    Person, World,
    account::{PASSWORD, refused},
};

async fn is_on(person: &Person<'_>) -> bool {
    let data = person
        .run("{ viewer { twoFactorEnabled } }", json!({}))
        .await;
    data["viewer"]["twoFactorEnabled"].as_bool().unwrap()
}

async fn begin(person: &Person<'_>) -> Value {
    let input = json!({ "password": PASSWORD });
    person.mutate("beginTwoFactor", input, "secret uri").await
}

fn factor(text: &str) -> Value {
    json!({ "secondFactor": text })
}

#[tokio::test]
async fn a_second_factor_is_begun_confirmed_used_and_taken_away() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    let phone = world.sign_in("hanako", json!({})).await["token"].clone();
    let begun = begin(&hanako).await;
    let secret = begun["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 32, "160 bits in base32");
    let uri = format!("otpauth://totp/Ashiato:hanako?secret={secret}&issuer=Ashiato");
    assert_eq!(begun["uri"], uri);
    // Nothing is so yet.
    assert!(!is_on(&hanako).await);
    assert_eq!(refused(&world.sign_in("hanako", json!({})).await), "");
    let confirm = |code: &str| json!({ "code": code });
    let fields = "twoFactorEnabled recoveryCodesLeft";
    for wrong in ["000000", "", "nonsense", &codes[0]] {
        let payload = hanako
            .attempt("confirmTwoFactor", confirm(wrong), fields)
            .await;
        let errors = json!([{ "code": "SECOND_FACTOR_WRONG", "field": ["code"] }]);
        assert_eq!(payload["userErrors"], errors, "{wrong}");
        assert_eq!(payload["twoFactorEnabled"], false);
    }
    let code = world.code(secret);
    let grouped = format!("{} {}", &code[..3], &code[3..]);
    let done = hanako
        .mutate("confirmTwoFactor", confirm(&grouped), fields)
        .await;
    assert_eq!(
        (&done["twoFactorEnabled"], &done["recoveryCodesLeft"]),
        (&json!(true), &json!(10))
    );
    assert!(is_on(&hanako).await);
    assert!(world.lives(&phone).await, "sessions go on");

    let without = world.sign_in("hanako", json!({})).await;
    assert_eq!(
        without["userErrors"],
        json!([{ "code": "SECOND_FACTOR_REQUIRED", "field": ["secondFactor"] }])
    );
    assert_eq!(without["token"], Value::Null);
    // The code that confirmed it was used with that.
    for wrong in [code.as_str(), "123", "", "0000-0000-0000-0000"] {
        let payload = world.sign_in("hanako", factor(wrong)).await;
        let errors = json!([{ "code": "SECOND_FACTOR_WRONG", "field": ["secondFactor"] }]);
        assert_eq!(payload["userErrors"], errors, "{wrong}");
    }
    let came = world
        .sign_in("hanako", factor(&world.next_code(secret)))
        .await;
    assert!(world.lives(&came["token"]).await);
    let by_paper = world.sign_in("hanako", factor(&codes[0])).await;
    assert!(world.lives(&by_paper["token"]).await);
    let again = world.sign_in("hanako", factor(&codes[0])).await;
    assert_eq!(refused(&again), "SECOND_FACTOR_WRONG");

    let disable = |factor: Value| json!({ "password": PASSWORD, "secondFactor": factor });
    let refusal = async |input| hanako.refusal("disableTwoFactor", input).await;
    assert_eq!(
        refusal(disable(Value::Null)).await,
        "SECOND_FACTOR_REQUIRED"
    );
    assert_eq!(
        refusal(disable(json!("000000"))).await,
        "SECOND_FACTOR_WRONG"
    );
    let mut wrong = disable(json!(codes[1]));
    wrong["password"] = json!("wrong");
    assert_eq!(refusal(wrong).await, "PASSWORD_WRONG");
    let fields = "twoFactorDisabled";
    let done = hanako
        .mutate("disableTwoFactor", disable(json!(codes[1])), fields)
        .await;
    assert_eq!(done["twoFactorDisabled"], true);
    assert!(!is_on(&hanako).await);
    assert_eq!(refused(&world.sign_in("hanako", json!({})).await), "");
    // Whose is off gives none, and none is used up.
    world.sign_in("hanako", factor(&codes[2])).await;
    hanako
        .mutate("disableTwoFactor", disable(Value::Null), "")
        .await;
    let left = hanako
        .run("{ viewer { recoveryCodesLeft } }", json!({}))
        .await;
    assert_eq!(left["viewer"]["recoveryCodesLeft"], 8);
}

#[tokio::test]
async fn who_only_found_a_token_sets_none_up_and_takes_none_away() {
    let world = World::new().await;
    let (hanako, codes) = world.joined("hanako").await;
    let wrong = json!({ "password": "wrong" });
    assert_eq!(
        hanako.refusal("beginTwoFactor", wrong).await,
        "PASSWORD_WRONG"
    );
    let secret = hanako.enable_two_factor().await;
    for (name, input) in [
        ("createRecoveryCodes", json!({ "password": PASSWORD })),
        ("disableTwoFactor", json!({ "password": PASSWORD })),
        (
            "changePassword",
            json!({ "currentPassword": PASSWORD, "newPassword": "four tall mice" }),
        ),
    ] {
        assert_eq!(
            hanako.refusal(name, input.clone()).await,
            "SECOND_FACTOR_REQUIRED",
            "{name}"
        );
        let mut wrong = input;
        wrong["secondFactor"] = json!("000000");
        assert_eq!(
            hanako.refusal(name, wrong).await,
            "SECOND_FACTOR_WRONG",
            "{name}"
        );
    }
    let again = json!({ "password": PASSWORD });
    assert_eq!(
        hanako.refusal("beginTwoFactor", again).await,
        "TWO_FACTOR_ENABLED"
    );
    let confirm = json!({ "code": world.next_code(&secret) });
    assert_eq!(
        hanako.refusal("confirmTwoFactor", confirm).await,
        "TWO_FACTOR_ENABLED"
    );
    // A code on paper does, and is not kept with those that take its place.
    let input = json!({ "password": PASSWORD, "secondFactor": codes[0] });
    hanako
        .mutate("createRecoveryCodes", input, "recoveryCodes")
        .await;
    let came = world.sign_in("hanako", factor(&codes[1])).await;
    assert_eq!(refused(&came), "SECOND_FACTOR_WRONG");
    let left = hanako
        .run("{ viewer { recoveryCodesLeft } }", json!({}))
        .await;
    assert_eq!(left["viewer"]["recoveryCodesLeft"], 10);
}

#[tokio::test]
async fn the_first_code_is_waited_for_an_hour() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    let confirm = async |secret: &Value| {
        let input = json!({ "code": world.code(secret.as_str().unwrap()) });
        let payload = hanako.attempt("confirmTwoFactor", input, "").await;
        refused(&payload).to_owned()
    };
    let made_up = json!("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_eq!(confirm(&made_up).await, "TWO_FACTOR_NOT_BEGUN");
    let first = begin(&hanako).await["secret"].clone();
    let second = begin(&hanako).await["secret"].clone();
    assert_ne!(first, second);
    assert_eq!(confirm(&first).await, "SECOND_FACTOR_WRONG");
    world.clock.advance(Duration::hours(1));
    assert_eq!(confirm(&second).await, "TWO_FACTOR_NOT_BEGUN");
    world.clock.advance(Duration::milliseconds(1));
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.pending_two_factors, 1);
    let rows = two_factor::Entity::find().count(world.app.database.reader());
    assert_eq!(rows.await.unwrap(), 0);
    // What is on stays for ever.
    hanako.enable_two_factor().await;
    world.clock.advance(Duration::days(1));
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.pending_two_factors, 0);
    assert!(is_on(&hanako).await);
}

/// Who does not know the password learns nothing, by the answer, the statements, or the work.
#[tokio::test]
async fn a_wrong_password_does_not_tell_whether_there_is_a_second_factor() {
    let world = World::uncached().await;
    let (hanako, codes) = world.joined("hanako").await;
    world.joined("taro").await;
    let secret = hanako.enable_two_factor().await;
    let code = world.next_code(&secret);
    let document = "mutation($input: SignInInput!) { signIn(input: $input) {
        token userErrors { code message field } } }";
    let mut answers = Vec::new();
    for username in ["hanako", "taro", "nobody"] {
        for factor in [Value::Null, json!(code), json!("000000"), json!(codes[0])] {
            let input =
                json!({ "username": username, "password": "wrong", "secondFactor": factor });
            let checks = world.app.passwords.checks();
            world.forget_statements();
            let answer = world
                .anonymous()
                .answer(document, json!({ "input": input }))
                .await;
            let checks = world.app.passwords.checks() - checks;
            answers.push((answer, checks, world.statement_texts()));
        }
    }
    assert_eq!(
        answers[0].0["data"]["signIn"]["userErrors"][0]["code"],
        "SIGN_IN_FAILED"
    );
    assert_eq!(answers[0].1, 1);
    for answer in &answers {
        assert_eq!(*answer, answers[0]);
    }
    // Nor was anything used up by it.
    let came = world.sign_in("hanako", factor(&code)).await;
    assert!(world.lives(&came["token"]).await);
}

#[tokio::test]
async fn the_operator_takes_it_from_who_has_lost_it() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    hanako.enable_two_factor().await;
    let id = hanako.viewer.id().unwrap();
    assert!(disable_two_factor(&world.app, id).await.unwrap());
    assert!(!is_on(&hanako).await);
    assert_eq!(refused(&world.sign_in("hanako", json!({})).await), "");
    assert!(!disable_two_factor(&world.app, id).await.unwrap());
}
