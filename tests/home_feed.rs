//! rules.md, Diaries 5: the newest diaries of one's friends, however many friends there are.

use ashiato::{
    bulk::recount::recount,
    config::Rules,
    friendship::newest::{EVERY, Sources, sources},
    ids::{GlobalId, Kind},
    paging::{Page, PageArgs},
};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    chance::{Things, act},
    world::{Person, World},
};

const FRIENDS: usize = 12;

fn ids(nodes: &Value) -> Vec<Uuid> {
    let nodes = nodes.as_array().unwrap().iter();
    nodes
        .map(|node| {
            let id = node["id"].as_str().unwrap();
            let [_, id]: [Uuid; 2] = GlobalId::expect(id, Kind::Diary).unwrap();
            id
        })
        .collect()
}

/// The whole feed, read in pages of `first`.
async fn walked(me: &Person<'_>, first: usize) -> Vec<Uuid> {
    let document =
        "query($first: Int!, $after: String) { viewer { homeFeed(first: $first, after: $after) {
        nodes { id } pageInfo { endCursor hasNextPage hasPreviousPage } } } }";
    let (mut walked, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "first": first, "after": after });
        let page = me.run(document, variables).await["viewer"]["homeFeed"].clone();
        let (found, info) = (ids(&page["nodes"]), page["pageInfo"].clone());
        assert_eq!(info["hasPreviousPage"], !after.is_null());
        walked.extend(&found);
        if info["hasNextPage"] == false {
            return walked;
        }
        assert_eq!(found.len(), first, "a page that others follow is full");
        after = info["endCursor"].clone();
    }
}

/// What it should be: all that the friends show.
async fn merged(me: &Person<'_>) -> Vec<Uuid> {
    let document = "{ viewer { user { friends(first: 100) { nodes { diaries(first: 100) { nodes { id } } } } } } }";
    let friends = me.run(document, json!({})).await["viewer"]["user"]["friends"]["nodes"].clone();
    let friends = friends.as_array().unwrap().iter();
    let mut all: Vec<_> = friends
        .flat_map(|friend| ids(&friend["diaries"]["nodes"]))
        .collect();
    all.sort_unstable_by(|one, other| other.cmp(one));
    all
}

async fn first_sources(me: &Person<'_>, first: i32) -> Sources {
    let page: Page<Uuid> = PageArgs::forward(Some(first), None).page(b'd').unwrap();
    let db = me.world.app.database.reader();
    sources(db, me.viewer.id().unwrap(), &page, &[])
        .await
        .unwrap()
}

#[tokio::test]
async fn it_is_what_all_friends_show_after_random_operations() {
    let world = World::with(Rules {
        friend_limit: 4,
        ..Rules::default()
    })
    .await;
    let people = world.people("person", 8).await;
    let mut chance = StdRng::seed_from_u64(5);
    let mut things = Things::default();
    let mut seen = 0;
    for turn in 0..800 {
        world.clock.advance(chrono::Duration::minutes(7));
        let pick = |chance: &mut StdRng| people.choose(chance).unwrap();
        let (me, other) = (pick(&mut chance), pick(&mut chance));
        if chance.random_bool(0.2) {
            me.write("another", ["FRIENDS", "ONLY_ME"][turn % 2]).await;
        } else if chance.random_bool(0.1) {
            // Refused, where one of them is full.
            for (one, other) in [(me, other), (other, me)] {
                let input = json!({ "userId": other.id() });
                one.attempt("requestFriendship", input, "becameFriends")
                    .await;
            }
        } else {
            act(&mut chance, me, other, &mut things).await;
        }
        if turn == 200 {
            // From here on some have more friends than are told each.
            for tarento in &people[..2] {
                world.make_tarento(tarento).await;
            }
        }
        if turn % 20 == 0 {
            let reader = pick(&mut chance);
            let all = merged(reader).await;
            seen += all.len();
            for first in [1, 3, 100] {
                assert_eq!(
                    walked(reader, first).await,
                    all,
                    "turn {turn}, {first} a page"
                );
            }
        }
    }
    assert!(seen > 200, "no empty exercise: {seen}");
    let db = world.app.database.reader();
    assert_eq!(recount(db).await.unwrap(), []);
}

#[tokio::test]
async fn a_page_looks_at_as_many_authors_as_it_has_diaries_and_one_more() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let friends = world.people("friend", FRIENDS).await;
    let mut written = Vec::new();
    for friend in &friends {
        me.befriend(friend).await;
        world.clock.advance(chrono::Duration::minutes(1));
        written.push((friend, friend.write("shown", "FRIENDS").await));
    }
    // What friends do not see brings nobody forward.
    friends[0].write("hidden", "ONLY_ME").await;
    let of = |people: &[&Person<'_>]| -> Vec<_> {
        let people = people.iter();
        people.map(|person| person.viewer.id().unwrap()).collect()
    };
    let newest: Vec<_> = friends.iter().rev().take(4).collect();
    assert_eq!(first_sources(&me, 3).await.authors, of(&newest));
    world.forget_statements();
    me.run(
        "{ viewer { homeFeed(first: 3) { nodes { title } } } }",
        json!({}),
    )
    .await;
    assert_eq!(world.statements(), 2, "{:#?}", world.statement_texts());
    // Hidden or gone, a diary brings its author forward no more.
    let (last, diary) = written.pop().unwrap();
    let input = json!({ "diaryId": diary, "audience": "ONLY_ME" });
    last.mutate("editDiary", input, "diary { id }").await;
    let (other, diary) = written.pop().unwrap();
    other
        .mutate("deleteDiary", json!({ "diaryId": diary }), "deletedDiaryId")
        .await;
    let newest: Vec<_> = friends.iter().rev().skip(2).take(4).collect();
    assert_eq!(first_sources(&me, 3).await.authors, of(&newest));
    // A friendship begins with what was written before, and ends with all of it.
    let new = world.person("new").await;
    new.write("before", "FRIENDS").await;
    assert_eq!(first_sources(&me, 3).await.authors, of(&newest));
    me.befriend(&new).await;
    assert_eq!(
        first_sources(&me, 1).await.authors[0],
        new.viewer.id().unwrap()
    );
    me.mutate(
        "endFriendship",
        json!({ "userId": new.id() }),
        "user { id }",
    )
    .await;
    assert_eq!(first_sources(&me, 3).await.authors, of(&newest));
}

#[tokio::test]
async fn who_has_more_friends_than_the_cap_tells_none_and_is_looked_at_by_all() {
    let world = World::with(Rules {
        friend_limit: 3,
        ..Rules::default()
    })
    .await;
    let star = world.person("star").await;
    star.write("first", "FRIENDS").await;
    world.make_tarento(&star).await;
    let fans = world.people("fan", 5).await;
    for fan in &fans {
        let input = json!({ "userId": star.id() });
        fan.mutate("requestFriendship", input, "becameFriends")
            .await;
    }
    let told = |fan| async move { first_sources(fan, 1).await.floor };
    let star_id = star.viewer.id().unwrap();
    for fan in &fans {
        let Sources { authors, floor, .. } = first_sources(fan, 1).await;
        assert_eq!((authors, floor), (vec![star_id], None), "{}", fan.username);
    }
    world.forget_statements();
    star.write("second", "FRIENDS").await;
    let texts = world.statement_texts();
    assert!(
        !texts.iter().any(|text| text.contains("UPDATE friendships")),
        "{texts:#?}"
    );
    for fan in &fans {
        assert_eq!(walked(fan, 1).await.len(), 2);
    }
    // With few enough they are told again.
    for fan in &fans[2..] {
        fan.mutate(
            "endFriendship",
            json!({ "userId": star.id() }),
            "user { id }",
        )
        .await;
    }
    star.write("third", "FRIENDS").await;
    let newest = told(&fans[0]).await;
    assert_eq!(newest, None);
    fans[0].befriend(&fans[1]).await;
    fans[1].write("another", "FRIENDS").await;
    assert_eq!(
        first_sources(&fans[0], 1).await.authors,
        [fans[1].viewer.id().unwrap(), star_id],
        "in the order of what they wrote: it is told, not {EVERY}"
    );
    assert_eq!(walked(&fans[0], 2).await.len(), 4);
    let db = world.app.database.reader();
    assert_eq!(recount(db).await.unwrap(), []);
}
