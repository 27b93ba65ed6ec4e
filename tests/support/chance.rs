//! Whatever members do, at random.

use rand::{RngExt, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

use super::world::Person;

/// All of them, the widest first.
pub const AUDIENCES: [&str; 5] = [
    "PUBLIC",
    "MEMBERS",
    "FRIENDS_OF_FRIENDS",
    "FRIENDS",
    "ONLY_ME",
];

/// To whom a visitor can be named.
pub const POLICIES: [&str; 3] = ["NAMED", "CONNECTIONS", "ANONYMOUS"];

/// What there is to act upon; some of it is gone again.
#[derive(Default)]
pub struct Things {
    pub requests: Vec<Value>,
    pub diaries: Vec<Value>,
    pub comments: Vec<Value>,
    pub items: Vec<Value>,
    pub reviews: Vec<Value>,
    pub groups: Vec<Value>,
}

fn pick(chance: &mut StdRng, from: &[Value]) -> Value {
    from.choose(chance)
        .cloned()
        .unwrap_or_else(|| json!("none"))
}

/// One operation. It may be refused: that must count nothing.
pub async fn act(chance: &mut StdRng, me: &Person<'_>, other: &Person<'_>, things: &mut Things) {
    let user = json!({ "userId": other.id() });
    let attempt = async |name: &str, input: Value, fields: &str| {
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let document = format!(
            "mutation($input: {kind}!) {{ {name}(input: $input) {{ {fields} userErrors {{ code }} }} }}"
        );
        let answer = me.answer(&document, json!({ "input": input })).await;
        answer["data"][name].clone()
    };
    let keep = |list: &mut Vec<Value>, made: &Value| {
        if made.is_string() {
            list.push(made.clone());
        }
    };
    match chance.random_range(0..23) {
        0 | 1 => {
            let made = attempt("requestFriendship", user, "friendRequest { id }").await;
            keep(&mut things.requests, &made["friendRequest"]["id"]);
        }
        2 | 3 => {
            let input = json!({ "requestId": pick(chance, &things.requests) });
            attempt("acceptFriendRequest", input, "").await;
        }
        4 => {
            let input = json!({ "requestId": pick(chance, &things.requests) });
            attempt("declineFriendRequest", input, "").await;
        }
        5 => {
            let input = json!({ "requestId": pick(chance, &things.requests) });
            attempt("cancelFriendRequest", input, "").await;
        }
        6 => {
            attempt("endFriendship", user, "").await;
        }
        7 => {
            let audience = AUDIENCES.choose(chance).unwrap();
            let input = json!({ "title": "t", "body": "b", "audience": audience });
            let made = attempt("writeDiary", input, "diary { id }").await;
            keep(&mut things.diaries, &made["diary"]["id"]);
        }
        8 => {
            let audience = AUDIENCES.choose(chance).unwrap();
            let input = json!({ "diaryId": pick(chance, &things.diaries), "audience": audience });
            attempt("editDiary", input, "").await;
        }
        9 => {
            let input = json!({ "diaryId": pick(chance, &things.diaries) });
            attempt("deleteDiary", input, "").await;
        }
        10 => {
            let input = json!({ "diaryId": pick(chance, &things.diaries), "body": "b" });
            let made = attempt("commentOnDiary", input, "comment { id }").await;
            keep(&mut things.comments, &made["comment"]["id"]);
        }
        11 => {
            let input = json!({ "commentId": pick(chance, &things.comments) });
            attempt("deleteDiaryComment", input, "").await;
        }
        12 => {
            let title = format!("title {}", chance.random_range(0..5));
            let made = attempt(
                "addCatalogueItem",
                json!({ "title": title, "kind": "CD" }),
                "item { id }",
            )
            .await;
            keep(&mut things.items, &made["item"]["id"]);
        }
        13 => {
            let rating = chance.random_range(0..=6);
            let input = json!({ "itemId": pick(chance, &things.items), "rating": rating });
            let made = attempt("reviewItem", input, "review { id }").await;
            keep(&mut things.reviews, &made["review"]["id"]);
        }
        14 => {
            let input = json!({ "reviewId": pick(chance, &things.reviews) });
            attempt("deleteReview", input, "").await;
        }
        15 => {
            attempt("blockUser", user, "").await;
        }
        16 | 17 if chance.random_bool(0.8) => {
            attempt("unblockUser", user, "").await;
        }
        20 => {
            let name = format!("group {}", chance.random_range(0..3));
            let input = json!({ "name": name });
            let made = attempt("createFriendGroup", input, "friendGroup { id }").await;
            keep(&mut things.groups, &made["friendGroup"]["id"]);
            if chance.random_bool(0.3) {
                let input = json!({ "friendGroupId": pick(chance, &things.groups) });
                attempt("deleteFriendGroup", input, "").await;
            }
        }
        21 => {
            let group = match chance.random_bool(0.5) {
                true => json!(me.close_friends()),
                false => pick(chance, &things.groups),
            };
            let input = json!({ "friendGroupId": group, "userIds": [other.id()] });
            match chance.random_bool(0.7) {
                true => attempt("addToFriendGroup", input, "").await,
                false => attempt("removeFromFriendGroup", input, "").await,
            };
        }
        22 => {
            let group = match chance.random_bool(0.5) {
                true => json!(me.close_friends()),
                false => pick(chance, &things.groups),
            };
            let mut input = json!({ "audience": "GROUP", "friendGroupId": group });
            if chance.random_bool(0.3) {
                input["diaryId"] = pick(chance, &things.diaries);
                attempt("editDiary", input, "").await;
            } else {
                (input["title"], input["body"]) = (json!("t"), json!("b"));
                let made = attempt("writeDiary", input, "diary { id }").await;
                keep(&mut things.diaries, &made["diary"]["id"]);
            }
        }
        18 => {
            let name = format!("{}{}", me.username, chance.random_range(0..3));
            let edit = match chance.random_bool(0.5) {
                true => json!({ "username": name, "nickname": name }),
                false => json!({ "bio": name }),
            };
            attempt("editProfile", edit, "").await;
        }
        _ => {
            attempt("visitProfile", user.clone(), "").await;
            if chance.random_bool(0.3) {
                attempt("markFootprintsSeen", json!({}), "").await;
            }
            if chance.random_bool(0.2) {
                let policy = POLICIES.choose(chance).unwrap();
                attempt("setFootprintPolicy", json!({ "policy": policy }), "").await;
            }
            if chance.random_bool(0.2) {
                attempt("takeBackFootprint", user, "").await;
            }
        }
    }
}
