//! Names that would pass for another's.

use ashiato::text;
use rstest::rstest;
use serde_json::json;

use crate::support::world::World;

#[rstest]
#[case::zero_width_space("ha\u{200b}nako")]
#[case::word_joiner("ha\u{2060}nako")]
#[case::byte_order_mark("ha\u{feff}nako")]
#[case::soft_hyphen("ha\u{ad}nako")]
#[case::closed_embedding("ha\u{202a}na\u{202c}ko")]
#[case::closed_isolate("ha\u{2066}na\u{2069}ko")]
#[case::left_to_right("ha\u{200e}nako")]
#[case::right_to_left("ha\u{200f}nako")]
#[case::arabic_letter_mark("ha\u{61c}nako")]
#[case::grapheme_joiner("ha\u{34f}nako")]
#[case::filler("花\u{3164}子")]
#[case::annotation("花\u{fff9}子")]
#[case::joiner_of_latin("ha\u{200d}nako")]
#[case::non_joiner_of_latin("ha\u{200c}nako")]
#[case::joiner_of_ideographs("花\u{200d}子")]
#[case::joiner_at_the_end("👨\u{200d}")]
#[case::two_joiners("👨\u{200d}\u{200d}👩")]
#[case::two_non_joiners("می\u{200c}\u{200c}خ")]
#[case::non_joiner_after_what_does_not_join("دا\u{200c}خ")]
#[case::selector_of_a_letter("ha\u{fe0f}nako")]
#[case::selector_of_a_digit("hanako1\u{fe0f}")]
#[case::ideographic_selector_of_a_letter("ha\u{e0100}nako")]
#[case::two_selectors("葛\u{e0100}\u{e0100}城")]
#[case::tags_of_a_letter("ha\u{e0067}nako")]
#[case::at_the_front("\u{200d}hanako")]
fn a_name_with_what_is_not_seen_is_refused(#[case] name: &str) {
    let refused = text::name("nickname", name, 32).unwrap_err();
    assert_eq!(format!("{:?}", refused.code), "TextNotAllowed");
    // Elsewhere it is harmless.
    assert!(text::line("title", name, 32).is_ok());
}

#[rstest]
#[case::plain("花子")]
#[case::family("👨\u{200d}👩\u{200d}👧\u{200d}👦 家族")]
#[case::skin("👩🏽\u{200d}🚀")]
#[case::heart_on_fire("❤\u{fe0f}\u{200d}🔥")]
#[case::rainbow_flag("🏳\u{fe0f}\u{200d}🌈")]
#[case::scotland("🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}")]
#[case::keycap("1\u{fe0f}\u{20e3}")]
#[case::variant_of_an_ideograph("葛\u{e0100}城")]
#[case::persian("می\u{200c}خواهم")]
#[case::persian_with_a_mark("بِ\u{200c}ه")]
#[case::hindi("क\u{94d}\u{200d}ष क\u{94d}\u{200c}ष")]
#[case::sinhala("ශ\u{dca}\u{200d}\u{dbb}ී")]
#[case::malayalam("അവന\u{d4d}\u{200d}")]
#[case::mongolian("ᠠ\u{180b}")]
#[case::hebrew("שָׁלוֹם")]
#[case::combined("e\u{301}")]
fn a_name_of_any_script_or_emoji_is_kept(#[case] name: &str) {
    assert_eq!(text::name("nickname", name, 32).as_deref(), Ok(name));
}

fn form(username: &str) -> serde_json::Value {
    json!({ "username": username, "nickname": "花子", "password": "correct horse",
        "birthDate": "1986-04-01" })
}

#[tokio::test]
async fn nobody_is_called_as_the_service_is() {
    let world = World::new().await;
    let (nobody, hanako) = (world.anonymous(), world.person("hanako").await);
    for name in [
        "admin",
        "Administrator",
        "system",
        "ROOT",
        "support",
        "moderator",
        "ashiato",
        "mixi",
        "null",
        "undefined",
        "deleted",
        " anonymous ",
    ] {
        let refused = nobody.refusal("signUp", form(name)).await;
        assert_eq!(refused, "USERNAME_RESERVED", "{name}");
        let edit = json!({ "username": name });
        let refused = hanako.refusal("editProfile", edit).await;
        assert_eq!(refused, "USERNAME_RESERVED", "{name}");
    }
    nobody.mutate("signUp", form("admin_fan"), "token").await;
}

#[tokio::test]
async fn who_has_such_a_name_already_keeps_it() {
    let world = World::new().await;
    let admin = world.person("admin").await;
    let edit = json!({ "username": "admin", "bio": "よろしく" });
    let edited = admin
        .mutate("editProfile", edit, "user { username bio }")
        .await;
    assert_eq!(
        edited["user"],
        json!({ "username": "admin", "bio": "よろしく" })
    );
}

#[tokio::test]
async fn a_nickname_shows_all_that_it_holds() {
    let world = World::new().await;
    let hanako = world.person("hanako").await;
    for nickname in ["花\u{200b}子", "花\u{feff}子"] {
        let edit = json!({ "nickname": nickname });
        let refused = hanako.refusal("editProfile", edit).await;
        assert_eq!(refused, "TEXT_NOT_ALLOWED");
        let mut join = form("jiro");
        join["nickname"] = json!(nickname);
        let refused = world.anonymous().refusal("signUp", join).await;
        assert_eq!(refused, "TEXT_NOT_ALLOWED");
    }
}
