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

/// How far two medians may be apart.
const APART: Duration = Duration::from_millis(5);
/// How often each is asked, in turns.
const TIMES: usize = 9;
/// On a busy machine two medians can be apart by chance: not each time.
const TRIES: usize = 5;

/// By how much the times at `place` of all are apart, the shortest first.
async fn apart(one: impl AsyncFn(), other: impl AsyncFn(), place: usize) -> Duration {
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let begun = Instant::now();
        one().await;
        ones.push(begun.elapsed());
        let begun = Instant::now();
        other().await;
        others.push(begun.elapsed());
    }
    ones.sort_unstable();
    others.sort_unstable();
    ones[place].abs_diff(others[place])
}

async fn take_as_long(one: impl AsyncFn(), other: impl AsyncFn(), place: usize, what: &str) {
    let mut tries = Vec::new();
    for _ in 0..TRIES {
        let now = apart(&one, &other, place).await;
        if now < APART {
            return;
        }
        tries.push(now);
    }
    panic!("{what}: they are {tries:?} apart");
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
            TIMES / 2,
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
    // Where others have the processor meanwhile, the shortest says what the work itself takes.
    take_as_long(
        async || try_as("hanako").await,
        async || try_as("nobody_at_all").await,
        0,
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
        TIMES / 2,
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
        TIMES / 2,
        "trying a code",
    )
    .await;
}
