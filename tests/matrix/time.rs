//! How long what is hidden takes.

use std::time::{Duration, Instant};

use ashiato::config::Rules;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Ages, Cast, hidden_rows};
use crate::support::{
    outbox::Outbox,
    world::{World, account::PASSWORD},
};

/// How far what two take may be apart, in milliseconds.
const APART: f64 = 5.0;
/// How often two are asked before it is looked at how far they are apart.
const FEW: usize = 9;
/// And how often at the most: where others have the processor meanwhile a few are apart by chance, and
/// many are not.
const MANY: usize = 25 * FEW;

async fn milliseconds(ask: impl AsyncFn()) -> f64 {
    let begun = Instant::now();
    ask().await;
    begun.elapsed().as_secs_f64() * 1_000.0
}

/// How many milliseconds `one` takes more than `other`, by the median of differences: of two that are
/// asked right after each other, in turns this first and that.
async fn longer(one: impl AsyncFn(), other: impl AsyncFn()) -> f64 {
    let mut differences = Vec::new();
    loop {
        for turn in 0..FEW {
            let difference = if turn % 2 == 0 {
                let took = milliseconds(&one).await;
                took - milliseconds(&other).await
            } else {
                let took = milliseconds(&other).await;
                milliseconds(&one).await - took
            };
            differences.push(difference);
        }
        differences.sort_by(f64::total_cmp);
        let median = differences[differences.len() / 2];
        if median.abs() < APART || differences.len() >= MANY {
            return median;
        }
    }
}

async fn take_as_long(one: impl AsyncFn(), other: impl AsyncFn(), what: &str) {
    let longer = longer(one, other).await;
    assert!(longer.abs() < APART, "{what}: {longer} ms more");
}

#[tokio::test]
async fn what_takes_longer_is_seen_to() {
    let sleep = async |milliseconds| tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    let more = longer(async || sleep(8).await, async || sleep(0).await).await;
    assert!(more > APART, "{more}");
}

#[rstest]
#[case::of_adults(Ages::Adults)]
#[case::of_minors(Ages::Minors)]
#[tokio::test]
async fn what_is_hidden_takes_as_long_as_what_never_was(#[case] ages: Ages) {
    let world = World::uncached().await;
    let cast = Cast::new(&world, ages).await;
    for (path, who, place) in hidden_rows() {
        let ask = async |variables: &Value| {
            cast.ask_with(who, path.document, variables.clone()).await;
        };
        let (hidden, absent) = (cast.variables(place), cast.of_nobody());
        let what = format!("{who:?} {place} {}", path.document);
        take_as_long(
            async || ask(&hidden).await,
            async || ask(&absent).await,
            &what,
        )
        .await;
    }
}

/// Whether there is a user of a name is not told by how long a sign-in takes.
#[tokio::test]
async fn a_name_that_nobody_has_is_refused_as_slowly_as_a_wrong_password() {
    let world = World::new().await;
    world.joined("hanako").await;
    let nobody = world.anonymous();
    let try_as = async |name: &str| {
        let input = json!({ "username": name, "password": format!("{PASSWORD}, nearly") });
        assert_eq!(nobody.refusal("signIn", input).await, "SIGN_IN_FAILED");
    };
    take_as_long(
        async || try_as("hanako").await,
        async || try_as("nobody_at_all").await,
        "a sign-in",
    )
    .await;
}

/// Nor whether a number has an account, by how long it takes to ask for a code, or to try one.
#[tokio::test]
async fn a_number_that_nobody_has_takes_as_long_as_one_that_has_an_account() {
    const NUMBERS: [&str; 2] = ["090-1234-5678", "080-0000-0000"];
    let outbox = Outbox::default();
    let rules = Rules {
        phone_codes_per_hour: 100,
        phone_code_tries: 100,
        ..Rules::default()
    };
    let world = World::sending(rules, outbox.clone()).await;
    let (hanako, _) = world.joined("hanako").await;
    let input = json!({ "number": NUMBERS[0] });
    hanako.mutate("requestPhoneCode", input, "").await;
    let phone = json!({ "number": NUMBERS[0], "code": outbox.last_code() });
    hanako
        .mutate(
            "verifyPhoneNumber",
            json!({ "phone": phone, "password": PASSWORD }),
            "",
        )
        .await;
    let nobody = world.anonymous();
    let ask = async |number: &str| {
        let input = json!({ "number": number });
        let asked = nobody
            .mutate("requestPhoneRecovery", input, "recovery")
            .await;
        asked["recovery"].clone()
    };
    take_as_long(
        async || drop(ask(NUMBERS[0]).await),
        async || drop(ask(NUMBERS[1]).await),
        "asking for a code",
    )
    .await;
    let recovery = ask(NUMBERS[0]).await;
    let try_as = async |name: &str| {
        let phone = json!({ "recovery": recovery, "code": "a guess" });
        let input = json!({ "username": name, "newPassword": "four tall mice", "phone": phone });
        let said = nobody.refusal("recoverAccount", input).await;
        assert_eq!(said, "RECOVERY_FAILED");
    };
    take_as_long(
        async || try_as("hanako").await,
        async || try_as("nobody_at_all").await,
        "trying a code",
    )
    .await;
}
