//! What is found is what is visible: held to what each diary's own id shows, in communities at random.

use std::collections::{BTreeMap, BTreeSet};

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};

use super::*;
use crate::support::times;

const AUDIENCES: [&str; 6] = [
    "PUBLIC",
    "MEMBERS",
    "FRIENDS_OF_FRIENDS",
    "FRIENDS",
    "GROUP",
    "ONLY_ME",
];
const PEOPLE: usize = 9;
/// The last are minors.
const ADULTS: usize = 6;
const DEEDS: usize = 120;

/// A diary of somebody's.
struct Written {
    id: String,
    author: usize,
}

/// Everybody finds those that they see by their ids; but of others than friends nobody who is a minor or does not
/// wish to be found, and minors of these what is for the web alone.
async fn is_what_is_visible(people: &[Person<'_>], shy: &BTreeSet<usize>, diaries: &[Written]) {
    let ids: Vec<_> = diaries.iter().map(|diary| &diary.id).collect();
    for (place, person) in people.iter().enumerate() {
        let mut seen = BTreeMap::new();
        for ids in ids.chunks(50) {
            let document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Diary {
                id audience author { viewerRelation } } } }";
            let nodes = person.run(document, json!({ "ids": ids })).await;
            for node in nodes["nodes"].as_array().unwrap() {
                if !node.is_null() {
                    seen.insert(node["id"].as_str().unwrap().to_owned(), node.clone());
                }
            }
        }
        let mut expected = BTreeSet::new();
        for diary in diaries {
            let Some(node) = seen.get(&diary.id) else {
                continue;
            };
            let relation = node["author"]["viewerRelation"].as_str().unwrap();
            let is_known = matches!(relation, "FRIEND" | "SELF");
            let is_findable = diary.author < ADULTS && !shy.contains(&diary.author);
            let is_open = place < ADULTS || node["audience"] == "PUBLIC";
            if is_known || (is_findable && is_open) {
                expected.insert(diary.id.clone());
            }
        }
        let (mut found, mut after) = (BTreeSet::new(), Value::Null);
        loop {
            let variables = json!({ "text": "雪国", "first": 13, "after": after });
            let page = page(person, variables).await;
            for edge in page["edges"].as_array().unwrap() {
                let is_new = found.insert(edge["node"]["id"].as_str().unwrap().to_owned());
                assert!(is_new, "it came twice");
            }
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(found, expected, "{}", person.username);
    }
}

#[tokio::test]
async fn what_is_found_is_what_is_visible_in_communities_at_random() {
    for seed in 0..u64::try_from(times(2, 40)).unwrap() {
        let world = World::new().await;
        let mut chance = StdRng::seed_from_u64(seed);
        let mut people = world.people("adult", ADULTS).await;
        for number in ADULTS..PEOPLE {
            let name = format!("minor{number}");
            people.push(world.person_born(&name, MINOR).await);
        }
        let mut shy = BTreeSet::new();
        let mut diaries: Vec<Written> = Vec::new();
        for deed in 0..DEEDS {
            world.clock.advance(chrono::Duration::seconds(1));
            let me = chance.random_range(0..PEOPLE);
            let other = (me + chance.random_range(1..PEOPLE)) % PEOPLE;
            let (my, their) = (&people[me], &people[other]);
            match chance.random_range(0..20) {
                0..=4 => {
                    for (by, to) in [(my, their), (their, my)] {
                        let input = json!({ "userId": to.id() });
                        by.attempt("requestFriendship", input, "").await;
                    }
                }
                5 => {
                    let input = json!({ "userId": their.id() });
                    my.attempt("endFriendship", input, "").await;
                }
                6 => {
                    let name = ["blockUser", "unblockUser"].choose(&mut chance).unwrap();
                    my.attempt(name, json!({ "userId": their.id() }), "").await;
                }
                7 | 8 => {
                    let name = ["addToFriendGroup", "removeFromFriendGroup"];
                    let name = name.choose(&mut chance).unwrap();
                    let input = json!({ "friendGroupId": my.close_friends(),
                        "userIds": [their.id()] });
                    my.attempt(name, input, "").await;
                }
                9 => {
                    let is_searchable = !shy.remove(&me);
                    // Who was shy is so no more.
                    let input = json!({ "isSearchable": !is_searchable });
                    my.mutate("editProfile", input, "").await;
                    if is_searchable {
                        shy.insert(me);
                    }
                }
                10 | 11 if !diaries.is_empty() => {
                    let diary = diaries.choose(&mut chance).unwrap();
                    let audience = *AUDIENCES.choose(&mut chance).unwrap();
                    let author = &people[diary.author];
                    let mut input = json!({ "diaryId": diary.id, "audience": audience });
                    if audience == "GROUP" {
                        input["friendGroupId"] = json!(author.close_friends());
                    }
                    author.mutate("editDiary", input, "").await;
                }
                12 if !diaries.is_empty() => {
                    let place = chance.random_range(0..diaries.len());
                    let diary = diaries.remove(place);
                    let input = json!({ "diaryId": diary.id });
                    people[diary.author].mutate("deleteDiary", input, "").await;
                }
                _ => {
                    let audience = *AUDIENCES.choose(&mut chance).unwrap();
                    let title = if deed % 2 == 0 { "雪国" } else { "…" };
                    let mut input = json!({ "title": title, "body": "雪国", "audience": audience });
                    if audience == "GROUP" {
                        input["friendGroupId"] = json!(my.close_friends());
                    }
                    let written = my.mutate("writeDiary", input, "diary { id }").await;
                    let id = written["diary"]["id"].as_str().unwrap().to_owned();
                    diaries.push(Written { id, author: me });
                }
            }
        }
        assert!(diaries.len() > 20, "it is no empty exercise");
        is_what_is_visible(&people, &shy, &diaries).await;
        agrees(&world).await;
    }
}
