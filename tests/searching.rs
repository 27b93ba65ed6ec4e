//! Searching diaries and reviews by their words: what is found is what is visible, in its order, in full pages.

mod frequent;
mod hidden;
mod indexed;
mod names;
mod pages;
mod random;
mod reviews;

use ashiato::bulk::recount::recount;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

/// 16 years old on the day on which the tests begin.
const MINOR: &str = "1990-04-01";

/// Longer than what is looked at of a word.
const LONG: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
const LONGER: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

const DIARIES: &str = "query($text: String!, $first: Int, $after: String) {
    searchDiaries(text: $text, first: $first, after: $after) {
        totalCount isComplete edges { cursor node { id title } }
        pageInfo { endCursor hasNextPage hasPreviousPage } } }";

async fn page(person: &Person<'_>, variables: Value) -> Value {
    person.run(DIARIES, variables).await["searchDiaries"].clone()
}

fn titles(page: &Value) -> Vec<String> {
    let edges = page["edges"].as_array().unwrap().iter();
    let title = |edge: &Value| edge["node"]["title"].as_str().unwrap().to_owned();
    edges.map(title).collect()
}

/// The titles of the diaries that `person` finds by `text`, in their order.
async fn found(person: &Person<'_>, text: &str) -> Vec<String> {
    let page = page(person, json!({ "text": text, "first": 100 })).await;
    assert_eq!(page["isComplete"], true);
    assert_eq!(page["totalCount"], Value::Null);
    titles(&page)
}

/// Writes a diary. Gives its id.
async fn write(person: &Person<'_>, title: &str, body: &str, audience: &str) -> String {
    let input = json!({ "title": title, "body": body, "audience": audience });
    let written = person.mutate("writeDiary", input, "diary { id }").await;
    written["diary"]["id"].as_str().unwrap().to_owned()
}

async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[rstest]
#[case::two_characters("京都へ行きました", "京都", true)]
#[case::across_words("東京都庁", "京都", true)]
#[case::not_there("東京から", "京都", false)]
#[case::three_characters("ここは東京都です", "東京都", true)]
#[case::apart("東京から京都へ", "東京都", false)]
#[case::one_character("うちの猫", "猫", true)]
#[case::one_kana("うちの猫", "の", true)]
#[case::hiragana_as_katakana("カラオケに行く", "からおけ", true)]
#[case::katakana_as_hiragana("からおけ", "カラオケ", true)]
#[case::half_width_kana("ｶﾗｵｹ", "カラオケ", true)]
#[case::half_width_is_asked_for("パーティー", "ﾊﾟｰﾃｨｰ", true)]
#[case::full_width_letters("ＷＩＩを買った", "wii", true)]
#[case::upper_case("Nintendo Wii", "WII", true)]
#[case::a_beginning("my diaries", "diar", true)]
#[case::not_an_end("my diaries", "aries", false)]
#[case::letters_and_kanji("iPhone本体", "iphone本", true)]
#[case::letters_then_others("iPhone本体", "iph本", false)]
#[case::all_words("春の京都と猫", "猫　京都", true)]
#[case::not_all_words("春の京都", "京都 猫", false)]
#[case::an_ideographic_space("a b", "a　b", true)]
#[case::marks_between("「京都」、日帰り。", "京都 日帰り", true)]
#[case::marks_are_passed_over("京都", "京都！？", true)]
#[case::quotes_mean_nothing("it's \"new\"", "'new\" | & !", true)]
#[case::operators_are_words("this and that", "and", true)]
#[case::operators_are_words_in_upper_case("this and that", "this NOT that", false)]
#[case::a_long_word(LONG, LONG, true)]
#[case::a_longer_word(LONG, LONGER, false)]
#[case::hangul("서울에서", "서울", true)]
#[case::accents("Un café", "cafe\u{301}", true)]
#[case::dakuten_apart("か\u{3099}っこう", "ｶﾞｯｺｳ", true)]
#[case::one_dakuten_less("かっこう", "がっこう", false)]
#[case::a_long_vowel("ラーメン", "ﾗｰﾒﾝ", true)]
#[case::a_form_of_a_character("葛\u{e0100}城市", "葛城", true)]
#[case::a_form_is_asked_for("葛城市", "葛\u{e0100}城", true)]
#[case::a_space_of_no_width("京\u{200b}都", "京都", true)]
#[case::a_hyphen_that_is_not_seen("di\u{ad}ary", "diary", true)]
#[case::marks_on_letters("x\u{304}yz", "yz", false)]
#[case::signs_that_repeat("こゝろ", "コヽロ", true)]
#[case::an_old_character("國境", "国境", false)]
#[case::a_compatible_character("\u{fa19}社", "神社", true)]
#[tokio::test]
async fn words_are_found_however_they_are_written(
    #[case] body: &str,
    #[case] text: &str,
    #[case] is_found: bool,
) {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    write(&other, "…", body, "MEMBERS").await;
    write(&other, "…", "else", "MEMBERS").await;
    assert_eq!(found(&me, text).await.len(), usize::from(is_found));
    agrees(&world).await;
}

#[tokio::test]
async fn what_cannot_be_searched_for_is_said_or_finds_nothing() {
    let world = World::new().await;
    let me = world.person("me").await;
    write(&me, "a", "a 🐈 ! b", "PUBLIC").await;
    for text in [
        "",
        " ",
        "a",
        "🐈",
        "!",
        "\u{0}",
        "\u{e101}p",
        "\u{e102}18.1",
        "%",
        "a!",
        "\u{200b}",
        "\u{fe0f}",
    ] {
        assert_eq!(found(&me, text).await, [""; 0], "{text:?}");
    }
    assert_eq!(found(&me, "a b").await, ["a"]);
    let long = json!({ "text": "猫".repeat(101) });
    assert_eq!(me.error(DIARIES, long).await, "INVALID_ARGUMENT");
    for cursor in ["", "x", "RAAA", "0"] {
        let input = json!({ "text": "ab", "after": cursor });
        assert_eq!(me.error(DIARIES, input).await, "INVALID_CURSOR", "{cursor}");
    }
    for first in [0, -1, 101] {
        let input = json!({ "text": "ab", "first": first });
        assert_eq!(me.error(DIARIES, input).await, "INVALID_PAGE");
    }
}

#[tokio::test]
async fn each_audience_finds_what_is_for_it() {
    const AUDIENCES: [&str; 5] = [
        "PUBLIC",
        "MEMBERS",
        "FRIENDS_OF_FRIENDS",
        "FRIENDS",
        "ONLY_ME",
    ];
    let world = World::new().await;
    let author = world.person("author").await;
    let (friend, second) = (world.person("friend").await, world.person("second").await);
    let (stranger, nobody) = (world.person("stranger").await, world.anonymous());
    author.befriend(&friend).await;
    friend.befriend(&second).await;
    let grouped = world.person("grouped").await;
    author.befriend(&grouped).await;
    let group = author.make_group("some", &[&grouped]).await;
    for audience in AUDIENCES {
        write(&author, audience, "雪国", audience).await;
    }
    let for_group = json!({ "title": "GROUP", "body": "雪国", "audience": "GROUP",
        "friendGroupId": group });
    author.mutate("writeDiary", for_group, "").await;
    let close = author.close_friends();
    let for_close = json!({ "title": "CLOSE", "body": "雪国", "audience": "GROUP",
        "friendGroupId": close });
    author.mutate("writeDiary", for_close, "").await;
    let newest_first = |titles: &[&str]| -> Vec<String> {
        titles
            .iter()
            .rev()
            .map(|title| (*title).to_owned())
            .collect()
    };
    for (person, expected) in [
        (&nobody, newest_first(&AUDIENCES[..1])),
        (&stranger, newest_first(&AUDIENCES[..2])),
        (&second, newest_first(&AUDIENCES[..3])),
        (&friend, newest_first(&AUDIENCES[..4])),
        (
            &grouped,
            newest_first(&[
                "PUBLIC",
                "MEMBERS",
                "FRIENDS_OF_FRIENDS",
                "FRIENDS",
                "GROUP",
            ]),
        ),
        (
            &author,
            newest_first(&[&AUDIENCES[..], &["GROUP", "CLOSE"]].concat()),
        ),
    ] {
        assert_eq!(found(person, "雪国").await, expected, "{}", person.username);
    }
    agrees(&world).await;

    // Groups, and friendships, as they are now.
    author
        .regroup("removeFromFriendGroup", &group, &[&grouped])
        .await;
    author.regroup("addToFriendGroup", &close, &[&friend]).await;
    assert!(!found(&grouped, "雪国").await.contains(&"GROUP".to_owned()));
    assert_eq!(found(&friend, "雪国").await[0], "CLOSE");
    let input = json!({ "friendGroupId": group });
    author.mutate("deleteFriendGroup", input, "").await;
    assert!(found(&author, "雪国").await.contains(&"GROUP".to_owned()));
    agrees(&world).await;
    let input = json!({ "userId": friend.id() });
    author.mutate("endFriendship", input, "").await;
    for person in [&friend, &second] {
        assert_eq!(found(person, "雪国").await, newest_first(&AUDIENCES[..2]));
    }
    agrees(&world).await;
}

#[tokio::test]
async fn a_diary_is_found_as_it_was_last_written() {
    let world = World::new().await;
    let (author, reader) = (world.person("author").await, world.person("reader").await);
    let diary = write(&author, "京都", "初めての旅", "MEMBERS").await;
    let edit = async |change: Value| {
        let mut input = change;
        input["diaryId"] = json!(diary);
        author.mutate("editDiary", input, "").await;
        agrees(&world).await;
    };
    assert_eq!(found(&reader, "旅").await, ["京都"]);
    edit(json!({ "body": "二度目" })).await;
    assert_eq!(found(&reader, "旅").await, [""; 0]);
    assert_eq!(found(&reader, "二度").await, ["京都"]);
    edit(json!({ "title": "奈良" })).await;
    assert_eq!(found(&reader, "京都").await, [""; 0]);
    assert_eq!(found(&reader, "奈良").await, ["奈良"]);
    edit(json!({ "audience": "FRIENDS" })).await;
    assert_eq!(found(&reader, "奈良").await, [""; 0]);
    assert_eq!(found(&author, "奈良").await, ["奈良"]);
    edit(json!({ "audience": "PUBLIC" })).await;
    assert_eq!(found(&world.anonymous(), "奈良").await, ["奈良"]);
    author
        .mutate("deleteDiary", json!({ "diaryId": diary }), "")
        .await;
    for person in [&author, &reader] {
        assert_eq!(found(person, "奈良").await, [""; 0]);
    }
    agrees(&world).await;
}

/// What was refused, or taken back, leaves nothing behind.
#[tokio::test]
async fn what_was_not_written_is_not_found() {
    let world = World::new().await;
    let me = world.person("me").await;
    let group = json!({ "title": "…", "body": "雪国", "audience": "GROUP" });
    assert_eq!(
        me.refusal("writeDiary", group).await,
        "FRIEND_GROUP_REQUIRED"
    );
    let photos = json!({ "title": "…", "body": "雪国", "audience": "PUBLIC",
        "photoIds": ["x"] });
    let document = "mutation($input: WriteDiaryInput!) { writeDiary(input: $input) {
        userErrors { code } } }";
    me.error(document, json!({ "input": photos })).await;
    let twice = json!({ "title": "once", "body": "雪国", "idempotencyKey": "k" });
    for _ in 0..2 {
        me.mutate("writeDiary", twice.clone(), "").await;
    }
    assert_eq!(found(&me, "雪国").await, ["once"]);
    agrees(&world).await;
}
