//! rules.md, Users 2: what users say about themselves, each for an audience of its own.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    chance::AUDIENCES,
    world::{Person, World},
};

const FACTS: &str =
    "facts { realName birthday { month day } birthYear sex homeRegion hometown occupation }";

async fn facts(viewer: &Person<'_>, username: &str) -> Value {
    let document = format!("query($name: String!) {{ user(username: $name) {{ {FACTS} }} }}");
    viewer.run(&document, json!({ "name": username })).await["user"]["facts"].clone()
}

/// Says everything to `audience`.
async fn say(who: &Person<'_>, audience: &str) {
    let input = json!({
        "realName": "山田 花子", "realNameAudience": audience,
        "birthdayAudience": audience, "birthYearAudience": audience,
        "sex": "FEMALE", "sexAudience": audience, "homeRegionAudience": audience,
        "hometown": "京都", "hometownAudience": audience,
        "occupation": "会社員", "occupationAudience": audience,
    });
    who.mutate("editProfileFacts", input, "").await;
    who.mutate("editProfile", json!({ "homeRegion": "TOKYO" }), "")
        .await;
}

fn everything() -> Value {
    json!({
        "realName": "山田 花子", "birthday": { "month": 4, "day": 1 }, "birthYear": 1986,
        "sex": "FEMALE", "homeRegion": "TOKYO", "hometown": "京都", "occupation": "会社員",
    })
}

fn nothing() -> Value {
    json!({
        "realName": null, "birthday": null, "birthYear": null,
        "sex": null, "homeRegion": null, "hometown": null, "occupation": null,
    })
}

#[tokio::test]
async fn each_audience_sees_what_is_said_to_it_and_nobody_else() {
    let world = World::new().await;
    let me = world.person("me").await;
    let (friend, second) = (world.person("friend").await, world.person("second").await);
    let (stranger, nobody) = (world.person("stranger").await, world.anonymous());
    let blocked = world.person("blocked").await;
    me.befriend(&friend).await;
    friend.befriend(&second).await;
    me.mutate("blockUser", json!({ "userId": blocked.id() }), "")
        .await;
    let viewers = [
        (&nobody, "ANONYMOUS", 1),
        (&stranger, "STRANGER", 2),
        (&second, "FRIEND_OF_FRIEND", 3),
        (&friend, "FRIEND", 4),
        (&me, "", 5),
    ];
    for (place, audience) in AUDIENCES.into_iter().enumerate() {
        say(&me, audience).await;
        for (viewer, name, visible) in viewers {
            let seen = if place < visible {
                everything()
            } else {
                nothing()
            };
            assert_eq!(facts(viewer, "me").await, seen, "{audience} {name}");
            if name.is_empty() {
                continue;
            }
            // The owner can look at it with their eyes.
            let document = format!(
                "query($as: SeenBy!) {{ viewer {{ user {{ asSeenBy(viewer: $as) {{ {FACTS} }} }} }} }}"
            );
            let view = me.run(&document, json!({ "as": name })).await;
            assert_eq!(
                view["viewer"]["user"]["asSeenBy"]["facts"], seen,
                "{audience} {name}"
            );
        }
        let document = format!("query($name: String!) {{ user(username: $name) {{ {FACTS} }} }}");
        let hidden = blocked.run(&document, json!({ "name": "me" })).await;
        assert_eq!(hidden["user"], Value::Null);
    }
}

#[tokio::test]
async fn who_said_nothing_is_asked_for_nothing() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    me.mutate("editProfile", json!({ "homeRegion": "KYOTO" }), "")
        .await;
    assert_eq!(facts(&friend, "me").await, nothing());
    let audiences = "{ viewer { factAudiences {
        realName birthday birthYear sex homeRegion hometown occupation } } }";
    let said = me.run(audiences, json!({})).await["viewer"]["factAudiences"].clone();
    assert_eq!(
        said,
        json!({
            "realName": "ONLY_ME", "birthday": "ONLY_ME", "birthYear": "ONLY_ME",
            "sex": "FRIENDS", "homeRegion": "ONLY_ME", "hometown": "FRIENDS", "occupation": "FRIENDS",
        })
    );
    // One by one, and away again; what is left out stays.
    let edit = async |input: Value| {
        let made = me.mutate("editProfileFacts", input, FACTS).await;
        made["facts"].clone()
    };
    assert_eq!(
        edit(json!({ "hometown": " 京都 " })).await["hometown"],
        "京都"
    );
    assert_eq!(
        edit(json!({ "occupation": "学生" })).await["hometown"],
        "京都"
    );
    let seen = facts(&friend, "me").await;
    assert_eq!(
        (&seen["hometown"], &seen["occupation"]),
        (&json!("京都"), &json!("学生"))
    );
    edit(json!({ "hometown": null, "occupation": "  " })).await;
    assert_eq!(facts(&friend, "me").await, nothing());
}

#[rstest]
#[case("realName", "x".repeat(51), "TEXT_TOO_LONG")]
#[case("hometown", "a\u{0}b".to_owned(), "TEXT_NOT_ALLOWED")]
#[case("occupation", "\u{202e}abc".to_owned(), "TEXT_NOT_ALLOWED")]
#[tokio::test]
async fn what_is_no_fact_is_refused(#[case] field: &str, #[case] text: String, #[case] code: &str) {
    let world = World::new().await;
    let me = world.person("me").await;
    let input = json!({ field: text, "sex": "MALE" });
    let refused = me.attempt("editProfileFacts", input, FACTS).await;
    let why = json!([{ "code": code, "field": [field] }]);
    assert_eq!(
        (&refused["userErrors"], &refused["facts"]),
        (&why, &Value::Null)
    );
    assert_eq!(
        facts(&me, "me").await["sex"],
        Value::Null,
        "nothing of it is written"
    );
}

#[tokio::test]
async fn an_age_is_a_band_and_for_members() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let band = async |viewer: &Person<'_>| {
        let document = "{ user(username: \"me\") { ageBand } }";
        viewer.run(document, json!({})).await["user"]["ageBand"].clone()
    };
    // Born on 1 April 1986; it is May 2006.
    assert_eq!(band(&other).await, "TWENTIES");
    assert_eq!(band(&me).await, "TWENTIES");
    assert_eq!(band(&world.anonymous()).await, Value::Null);
}

#[tokio::test]
async fn one_s_own_profile_as_others_see_it_is_nobody_else_s() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    me.befriend(&other).await;
    for (title, audience) in [
        ("open", "PUBLIC"),
        ("friends", "FRIENDS"),
        ("mine", "ONLY_ME"),
    ] {
        me.write(title, audience).await;
    }
    let document = "query($as: SeenBy!) { user(username: \"me\") { asSeenBy(viewer: $as) {
        diaries { totalCount nodes { title } } } } }";
    let titles = async |by: &str| {
        let view = me.run(document, json!({ "as": by })).await["user"]["asSeenBy"].clone();
        let nodes = view["diaries"]["nodes"].as_array().unwrap().clone();
        assert_eq!(view["diaries"]["totalCount"], nodes.len());
        nodes
            .iter()
            .map(|node| node["title"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(titles("ANONYMOUS").await, ["open"]);
    assert_eq!(titles("FRIEND").await, ["friends", "open"]);
    let seen = other.run(document, json!({ "as": "FRIEND" })).await;
    assert_eq!(seen["user"]["asSeenBy"], Value::Null);
}

/// As many statements for many users as for one.
#[tokio::test]
async fn the_facts_of_a_list_are_one_statement() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let mut counts = Vec::new();
    for number in 0..6 {
        let friend = world.person(&format!("friend{number}")).await;
        me.befriend(&friend).await;
        say(&friend, "FRIENDS").await;
        world.forget_statements();
        let document =
            format!("{{ viewer {{ user {{ friends {{ nodes {{ ageBand {FACTS} }} }} }} }} }}");
        let found = me.run(&document, json!({})).await;
        let nodes = found["viewer"]["user"]["friends"]["nodes"]
            .as_array()
            .unwrap();
        assert!(nodes.iter().all(|node| node["facts"] == everything()));
        counts.push(world.statements());
    }
    assert!(counts.iter().all(|count| count == &counts[0]), "{counts:?}");
}
