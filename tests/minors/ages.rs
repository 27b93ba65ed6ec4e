//! Joining takes an age of 15, by Japan's calendar.

use ashiato::config::Rules;
use rstest::rstest;
use serde_json::json;

use crate::support::world::World;

fn form(birth_date: &str) -> serde_json::Value {
    json!({ "username": "hanako", "nickname": "h", "password": "correct horse",
        "birthDate": birth_date })
}

#[rstest]
// The birthday is tomorrow; it is today; it was yesterday.
#[case("2006-05-01T03:00:00Z", 15, "1991-05-02", false)]
#[case("2006-05-01T03:00:00Z", 15, "1991-05-01", true)]
#[case("2006-05-01T03:00:00Z", 15, "1991-04-30", true)]
// The day begins at midnight in Japan, nine hours before it does in Greenwich.
#[case("2006-05-01T14:59:59.999Z", 15, "1991-05-02", false)]
#[case("2006-05-01T15:00:00Z", 15, "1991-05-02", true)]
#[case("2006-05-01T15:00:00Z", 15, "1991-05-03", false)]
#[case("2005-12-31T14:59:59Z", 15, "1991-01-01", false)]
#[case("2005-12-31T15:00:00Z", 15, "1991-01-01", true)]
// Who was born on 29 February has the birthday on 1 March, where there is no such day.
#[case("2007-02-28T03:00:00Z", 15, "1992-02-29", false)]
#[case("2007-02-28T14:59:59Z", 15, "1992-02-29", false)]
#[case("2007-02-28T15:00:00Z", 15, "1992-02-29", true)]
#[case("2008-02-28T03:00:00Z", 16, "1992-02-29", false)]
#[case("2008-02-28T15:00:00Z", 16, "1992-02-29", true)]
#[tokio::test]
async fn joining_takes_an_age_which_is_reached_on_the_birthday_in_japan(
    #[case] now: &str,
    #[case] minimum_age: u32,
    #[case] birth_date: &str,
    #[case] is_taken: bool,
) {
    let rules = Rules {
        minimum_age,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    world.clock.set(now);
    let nobody = world.anonymous();
    if is_taken {
        nobody.mutate("signUp", form(birth_date), "token").await;
    } else {
        let refused = nobody.refusal("signUp", form(birth_date)).await;
        assert_eq!(refused, "TOO_YOUNG");
        // Nobody is there, and on the day itself they come in.
        world.clock.advance(chrono::Duration::days(2));
        nobody.mutate("signUp", form(birth_date), "token").await;
    }
}

#[tokio::test]
async fn who_asks_is_told_the_ages() {
    let document = "{ joining { minimumAge adultAge } }";
    let world = World::new().await;
    let told = world.anonymous().run(document, json!({})).await;
    let expected = json!({ "joining": { "minimumAge": 15, "adultAge": 18 } });
    assert_eq!(told, expected);
}
