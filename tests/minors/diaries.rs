//! Of each other's diaries and facts a minor and an adult without a tie see what the web sees, and they
//! write nothing under them.

use ashiato::ids::{GlobalId, Kind};
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{MINOR, NEARLY, asked, next_day, part, tie};
use crate::support::world::{Person, World};

const ADULT: &str = "1986-04-01";
const AUDIENCES: [&str; 5] = [
    "PUBLIC",
    "MEMBERS",
    "FRIENDS_OF_FRIENDS",
    "FRIENDS",
    "ONLY_ME",
];

/// Writes a diary for each audience. Gives the ids.
async fn diaries(author: &Person<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for audience in AUDIENCES {
        all.push(author.write(audience, audience).await);
    }
    all
}

/// The audiences of the diaries of `author` that `me` sees: in the list, which must say as many, and by
/// id.
async fn seen(me: &Person<'_>, author: &Person<'_>, ids: &[String]) -> Vec<String> {
    let document = "query($name: String!, $ids: [ID!]!) {
        user(username: $name) { diaries { totalCount nodes { title } } }
        nodes(ids: $ids) { ... on Diary { title } } }";
    let variables = json!({ "name": author.username, "ids": ids });
    let data = me.run(document, variables).await;
    let titles = |nodes: &Value| -> Vec<String> {
        let nodes = nodes.as_array().unwrap().iter();
        let titles = nodes.filter_map(|node| node["title"].as_str());
        titles.map(str::to_owned).collect()
    };
    let list = &data["user"]["diaries"];
    let mut listed = titles(&list["nodes"]);
    listed.reverse();
    assert_eq!(listed, titles(&data["nodes"]));
    assert_eq!(list["totalCount"], listed.len());
    listed
}

async fn can_comment(me: &Person<'_>, diary: &str) -> Value {
    let document = "query($id: ID!) { node(id: $id) { ... on Diary { viewerCanComment } } }";
    let found = me.run(document, json!({ "id": diary })).await;
    found["node"]["viewerCanComment"].clone()
}

fn comment(diary: &str) -> Value {
    json!({ "diaryId": diary, "body": "hello" })
}

#[rstest]
#[tokio::test]
async fn they_read_what_the_web_reads_until_they_have_a_friend_in_common(
    #[values([MINOR, ADULT], [ADULT, MINOR])] births: [&str; 2],
    #[values(false, true)] is_cached: bool,
) {
    let world = match is_cached {
        true => World::cached().await,
        false => World::uncached().await,
    };
    let author = world.person_born("author", births[0]).await;
    let reader = world.person_born("reader", births[1]).await;
    let alike = world.person_born("alike", births[0]).await;
    let ids = diaries(&author).await;
    let nobody = world.anonymous();
    for (person, count) in [(&reader, 1), (&alike, 2), (&nobody, 1), (&author, 5)] {
        let seen = seen(person, &author, &ids).await;
        assert_eq!(seen, AUDIENCES[..count], "{}", person.username);
        let may = can_comment(person, &ids[0]).await;
        let is_in_reach = ["alike", "author"].contains(&&*person.username);
        assert_eq!(may, is_in_reach, "{}", person.username);
    }
    for id in &ids {
        assert_eq!(
            reader.refusal("commentOnDiary", comment(id)).await,
            "NOT_FOUND"
        );
    }
    alike.mutate("commentOnDiary", comment(&ids[1]), "").await;

    let between = tie(&world, &author, &reader).await;
    assert_eq!(seen(&reader, &author, &ids).await, AUDIENCES[..3]);
    let mut written = Vec::new();
    for id in &ids[..3] {
        assert_eq!(can_comment(&reader, id).await, true);
        let fields = "comment { id }";
        let made = reader.mutate("commentOnDiary", comment(id), fields).await;
        written.push(made["comment"]["id"].clone());
    }
    part(&between, &author).await;
    assert_eq!(seen(&reader, &author, &ids).await, AUDIENCES[..1]);
    assert_eq!(
        reader.refusal("commentOnDiary", comment(&ids[0])).await,
        "NOT_FOUND"
    );
    // What one wrote is one's own to remove; and the author's.
    let (first, last) = (
        json!({ "commentId": written[0] }),
        json!({ "commentId": written[2] }),
    );
    reader.mutate("deleteDiaryComment", first, "").await;
    author.mutate("deleteDiaryComment", last, "").await;
}

/// As with a diary that never was, in the same time.
#[rstest]
#[tokio::test]
async fn what_is_out_of_reach_is_as_what_never_was(
    #[values([MINOR, ADULT], [ADULT, MINOR])] births: [&str; 2],
) {
    let world = World::uncached().await;
    let author = world.person_born("author", births[0]).await;
    let reader = world.person_born("reader", births[1]).await;
    let friend = world.person("friend").await;
    super::force_friends(&world, &reader, &friend).await;
    let ids = diaries(&author).await;
    let owner = author.viewer.id().unwrap();
    let never = GlobalId::encode(Kind::Diary, &[owner, Uuid::from_u128(0xfeed)]).to_string();
    let missing = asked(&reader, "commentOnDiary", comment(&never)).await;
    assert!(missing.0.to_string().contains("NOT_FOUND"));
    for id in &ids {
        assert_eq!(missing, asked(&reader, "commentOnDiary", comment(id)).await);
    }
    let of = |id: &String| json!({ "diaryId": id });
    let missing = asked(&reader, "visitDiary", of(&never)).await;
    for id in &ids[1..] {
        assert_eq!(missing, asked(&reader, "visitDiary", of(id)).await);
    }
    let document = "query($id: ID!) { node(id: $id) { id } }";
    let found = async |id: &str| {
        world.forget_statements();
        let found = reader.run(document, json!({ "id": id })).await;
        (found, world.statements())
    };
    let missing = found(&never).await;
    for id in &ids[1..] {
        assert_eq!(missing, found(id).await);
    }
}

#[tokio::test]
async fn who_comes_of_age_sees_and_is_seen_otherwise_from_that_day_on() {
    for world in [World::uncached().await, World::cached().await] {
        let nearly = world.person_born("nearly", NEARLY).await;
        let (minor, adult) = (
            world.person_born("minor", MINOR).await,
            world.person("adult").await,
        );
        let ids = diaries(&nearly).await;
        let of_adult = diaries(&adult).await;
        for (person, count) in [(&minor, 2), (&adult, 1)] {
            assert_eq!(seen(person, &nearly, &ids).await, AUDIENCES[..count]);
        }
        assert_eq!(seen(&nearly, &adult, &of_adult).await, AUDIENCES[..1]);
        world.clock.set("2006-05-01T14:59:59.999Z");
        assert_eq!(seen(&adult, &nearly, &ids).await, AUDIENCES[..1]);
        next_day(&world);
        for (person, count) in [(&minor, 1), (&adult, 2)] {
            assert_eq!(seen(person, &nearly, &ids).await, AUDIENCES[..count]);
        }
        assert_eq!(seen(&nearly, &adult, &of_adult).await, AUDIENCES[..2]);
        adult.mutate("commentOnDiary", comment(&ids[1]), "").await;
        let refused = minor.refusal("commentOnDiary", comment(&ids[0])).await;
        assert_eq!(refused, "NOT_FOUND");
    }
}

#[tokio::test]
async fn facts_for_members_are_not_for_who_is_out_of_reach() {
    let world = World::new().await;
    let minor = world.person_born("minor", MINOR).await;
    let alike = world.person_born("alike", MINOR).await;
    let adult = world.person("adult").await;
    let input = json!({ "hometown": "Nara", "hometownAudience": "MEMBERS",
        "occupation": "pupil", "occupationAudience": "PUBLIC" });
    minor.mutate("editProfileFacts", input, "").await;
    let document = "{ user(username: \"minor\") { facts { hometown occupation } } }";
    for (person, hometown) in [(&alike, json!("Nara")), (&adult, Value::Null)] {
        let facts = person.run(document, json!({})).await["user"]["facts"].clone();
        assert_eq!(
            facts,
            json!({ "hometown": hometown, "occupation": "pupil" })
        );
    }
    tie(&world, &minor, &adult).await;
    let facts = adult.run(document, json!({})).await["user"]["facts"].clone();
    assert_eq!(facts["hometown"], "Nara");
}

/// Who is of which age is found on the way: as many statements as among adults, for many as for two.
#[tokio::test]
async fn what_a_level_takes_does_not_depend_on_ages() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let host = world.person("host").await;
    let diary = host.write("open", "PUBLIC").await;
    let mut counts = Vec::new();
    for breadth in [2, 12] {
        for number in 0..breadth {
            let birth = if number % 2 == 0 { ADULT } else { MINOR };
            let name = format!("person_{breadth}_{number}");
            let person = world.person_born(&name, birth).await;
            super::force_friends(&world, &host, &person).await;
            person.write("for members", "MEMBERS").await;
        }
        let document = "query($id: ID!, $first: Int) { node(id: $id) { ... on Diary {
            author { friends(first: $first) { nodes { viewerRelation diaries { nodes { title } } } }
        } } } }";
        world.forget_statements();
        let variables = json!({ "id": diary, "first": breadth });
        let data = me.run(document, variables).await;
        counts.push(world.statements());
        let friends = &data["node"]["author"]["friends"]["nodes"];
        let readable = friends.as_array().unwrap().iter();
        let readable = readable.filter(|node| node["diaries"]["nodes"] != json!([]));
        assert_eq!(readable.count(), breadth / 2);
    }
    assert_eq!(counts[0], counts[1], "{:#?}", world.statement_texts());
}
