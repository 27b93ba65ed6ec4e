//! To whom a visitor is named, and whose names an owner sees.

use ashiato::paging::cursor;
use serde_json::{Value, json};

use super::{choose, is_sound, mine, names, numbers, visit};
use crate::support::{
    chance::POLICIES,
    world::{Person, World, next},
};

const FEED: &str = "subscription($after: String) { footprintLeft(after: $after) {
    node { number origin visitor { username } } } }";
const NODE: &str =
    "query($id: ID!) { node(id: $id) { ... on Footprint { visitor { username } } } }";

/// What two users are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tie {
    Friend,
    FriendOfFriend,
    Stranger,
}

/// What the rule says.
fn is_named(policy: &str, tie: Tie) -> bool {
    match policy {
        "NAMED" => true,
        "CONNECTIONS" => tie != Tie::Stranger,
        _ => false,
    }
}

async fn policy(person: &Person<'_>) -> Value {
    let document = "{ viewer { footprintPolicy } }";
    person.run(document, json!({})).await["viewer"]["footprintPolicy"].clone()
}

async fn tie(world: &World, one: &Person<'_>, other: &Person<'_>, tie: Tie) {
    match tie {
        Tie::Friend => one.befriend(other).await,
        Tie::FriendOfFriend => {
            let name = format!("between_{}", other.username);
            let between = world.person(&name).await;
            one.befriend(&between).await;
            between.befriend(other).await;
        }
        Tie::Stranger => {}
    }
}

/// Every choice of the visitor, by every choice of the owner, by all that they can be to each other: in
/// the list, its counts, by id and live.
#[tokio::test]
async fn visitors_are_named_as_they_choose_and_owners_see_names_as_they_choose() {
    let world = World::new().await;
    let guest = world.person("guest").await;
    let ties = [Tie::Friend, Tie::FriendOfFriend, Tie::Stranger];
    let cases = POLICIES.iter().flat_map(|theirs| {
        let own = POLICIES.iter();
        own.flat_map(move |own| ties.map(|tie| (*theirs, *own, tie)))
    });
    for (number, (theirs, own, between)) in cases.enumerate() {
        let case = format!("a visitor who chose {theirs}, {between:?} of who chose {own}");
        let owner = world.person(&format!("owner{number}")).await;
        let visitor = world.person(&format!("visitor{number}")).await;
        tie(&world, &owner, &visitor, between).await;
        choose(&visitor, theirs).await;
        choose(&owner, own).await;
        assert!(visit(&visitor, &owner).await, "{case}: it counts");
        // Somebody who is named to everybody, and whom the owner does not know.
        assert!(visit(&guest, &owner).await);

        let mut expected = vec![(2, is_named(own, Tie::Stranger).then_some("guest"))];
        if is_named(theirs, between) {
            let name = is_named(own, between).then_some(&*visitor.username);
            expected.push((1, name));
        }
        let seen = mine(&owner).await;
        let found: Vec<_> = numbers(&seen).into_iter().zip(names(&seen)).collect();
        let listed = expected.iter();
        let listed: Vec<_> = listed
            .map(|(number, name)| (*number, json!(name)))
            .collect();
        assert_eq!(found, listed, "{case}");
        assert_eq!(seen["visitCount"], 2, "{case}");
        assert_eq!(seen["newFootprintCount"], expected.len(), "{case}");
        assert_eq!(seen["footprints"]["totalCount"], expected.len(), "{case}");
        for (node, (_, name)) in seen["footprints"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .zip(&expected)
        {
            assert_eq!(node["origin"], "SEARCH", "{case}: the rest is there");
            assert_eq!(node["visitedAt"], "2006-05-01T03:00:00.000Z", "{case}");
            let id = json!({ "id": node["id"] });
            let found = owner.run(NODE, id.clone()).await;
            assert_eq!(found["node"]["visitor"]["username"], json!(name), "{case}");
            assert!(visitor.run(NODE, id).await["node"].is_null(), "{case}");
        }
        let all = json!({ "after": cursor(b'n', &0_i64) });
        let mut feed = Box::pin(owner.subscribe(FEED, all));
        for (number, name) in expected.iter().rev() {
            let event = next(&mut feed).await;
            let node = &event["data"]["footprintLeft"]["node"];
            assert_eq!(node["number"], *number, "{case}: {event}");
            assert_eq!(node["origin"], "SEARCH", "{case}");
            assert_eq!(node["visitor"]["username"], json!(name), "{case}");
        }
        // Nobody's choice has become another's.
        assert_eq!(policy(&visitor).await, theirs, "{case}");
        assert_eq!(policy(&owner).await, own, "{case}");
        assert_eq!(policy(&guest).await, "NAMED", "{case}");
    }
    is_sound(&world).await;
}

#[tokio::test]
async fn an_owner_sees_names_by_the_present_choice_and_the_present_ties() {
    let world = World::new().await;
    let (owner, friend) = (world.person("owner").await, world.person("friend").await);
    let (second, stranger) = (world.person("second").await, world.person("stranger").await);
    owner.befriend(&friend).await;
    friend.befriend(&second).await;
    for visitor in [&friend, &second, &stranger] {
        visit(visitor, &owner).await;
    }
    let all = [json!("stranger"), json!("second"), json!("friend")];
    let nobody = [Value::Null, Value::Null, Value::Null];
    let known = [Value::Null, json!("second"), json!("friend")];
    for (chosen, expected) in [
        ("NAMED", &all),
        ("CONNECTIONS", &known),
        ("ANONYMOUS", &nobody),
        ("CONNECTIONS", &known),
        ("NAMED", &all),
        ("CONNECTIONS", &known),
    ] {
        choose(&owner, chosen).await;
        let seen = mine(&owner).await;
        assert_eq!(names(&seen), expected, "{chosen}");
        assert_eq!(seen["footprints"]["totalCount"], 3);
        assert_eq!(seen["newFootprintCount"], 3);
        // What a list tells at once is what each footprint finds by itself.
        let node = "number visitor { username }";
        let list = |node: &str| format!("{{ viewer {{ footprints {{ nodes {{ {node} }} }} }} }}");
        let told = owner.text(&list(node)).await;
        let found = owner.text(&list(&format!("{node} {node}"))).await;
        assert_eq!(told, found, "{chosen}");
    }
    // The friend's friend is none without the friend.
    let input = json!({ "userId": friend.id() });
    owner.mutate("endFriendship", input, "").await;
    assert_eq!(names(&mine(&owner).await), nobody);
    choose(&owner, "NAMED").await;
    assert_eq!(names(&mine(&owner).await), all);
}

/// What is true at the visit counts, and what was left stays as it was.
#[tokio::test]
async fn a_choice_and_a_tie_are_of_the_visit_and_not_of_later() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    let hour = chrono::Duration::hours(1);
    choose(&visitor, "CONNECTIONS").await;
    assert!(visit(&visitor, &owner).await);
    owner.befriend(&visitor).await;
    let seen = mine(&owner).await;
    assert_eq!(numbers(&seen), [0_i64; 0], "as a stranger");
    assert_eq!(seen["visitCount"], 1);
    world.clock.advance(hour);
    assert!(visit(&visitor, &owner).await);
    assert_eq!(numbers(&mine(&owner).await), [2], "as a friend");
    let input = json!({ "userId": owner.id() });
    visitor.mutate("endFriendship", input, "").await;
    choose(&visitor, "ANONYMOUS").await;
    let before = mine(&owner).await["footprints"].clone();
    assert_eq!(before["nodes"][0]["visitor"]["username"], "visitor");
    for visits in 3..5 {
        world.clock.advance(hour);
        assert!(visit(&visitor, &owner).await);
        let seen = mine(&owner).await;
        assert_eq!(seen["footprints"], before, "the day's footprint stays");
        assert_eq!(seen["visitCount"], visits);
        assert_eq!(seen["newFootprintCount"], 1);
    }
    owner.mutate("markFootprintsSeen", json!({}), "").await;
    world.clock.advance(hour);
    assert!(visit(&visitor, &owner).await);
    assert_eq!(mine(&owner).await["newFootprintCount"], 0, "nothing is new");
    choose(&visitor, "NAMED").await;
    world.clock.advance(hour);
    assert!(visit(&visitor, &owner).await);
    let seen = mine(&owner).await;
    assert_eq!(numbers(&seen), [6], "the day's footprint moves up again");
    assert_eq!(
        seen["footprints"]["nodes"][0]["id"],
        before["nodes"][0]["id"]
    );
    assert_eq!(seen["newFootprintCount"], 1);
    is_sound(&world).await;
}

/// A friend in common is looked for among the friends of who has fewer.
#[tokio::test]
async fn who_is_a_friend_of_a_friend_is_named_whoever_of_the_two_has_more_friends() {
    let world = World::new().await;
    let friends = world.people("friend", 8).await;
    for (index, (own, theirs, is_tied)) in [
        (0..1, 0..6, true),
        (0..6, 5..6, true),
        (0..4, 3..7, true),
        (0..1, 1..6, false),
        (0..5, 7..8, false),
        (0..3, 3..6, false),
        (0..0, 0..3, false),
        (0..3, 0..0, false),
        (0..0, 0..0, false),
    ]
    .into_iter()
    .enumerate()
    {
        let owner = world.person(&format!("owner{index}")).await;
        let visitor = world.person(&format!("visitor{index}")).await;
        for (person, theirs) in [(&owner, own), (&visitor, theirs)] {
            for friend in &friends[theirs] {
                person.befriend(friend).await;
            }
        }
        choose(&visitor, "CONNECTIONS").await;
        assert!(visit(&visitor, &owner).await);
        let seen = mine(&owner).await;
        assert_eq!(numbers(&seen).len(), usize::from(is_tied), "case {index}");
        assert_eq!(seen["visitCount"], 1);
    }
}

/// A diary names its visitor to its author, or not, as a profile does.
#[tokio::test]
async fn who_is_not_named_is_named_at_no_diary_either() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    let diary = owner.write("open", "MEMBERS").await;
    for (chosen, expected) in [("ANONYMOUS", &[][..]), ("NAMED", &[2][..])] {
        choose(&visitor, chosen).await;
        let input = json!({ "diaryId": diary });
        let fields = "leftFootprint diary { title }";
        let payload = visitor.mutate("visitDiary", input, fields).await;
        assert_eq!(payload["leftFootprint"], true);
        assert_eq!(payload["diary"]["title"], "open");
        assert_eq!(numbers(&mine(&owner).await), expected);
        world.clock.advance(chrono::Duration::minutes(5));
    }
}

#[tokio::test]
async fn a_choice_is_kept_and_a_repeated_call_chooses_nothing_more() {
    let world = World::new().await;
    let me = world.person("me").await;
    assert_eq!(policy(&me).await, "NAMED", "who chose nothing");
    let once = json!({ "policy": "ANONYMOUS", "idempotencyKey": "once" });
    let fields = "footprintPolicy";
    let chosen = me.mutate("setFootprintPolicy", once.clone(), fields).await;
    assert_eq!(chosen["footprintPolicy"], "ANONYMOUS");
    choose(&me, "CONNECTIONS").await;
    let again = me.mutate("setFootprintPolicy", once, fields).await;
    assert_eq!(again["footprintPolicy"], "CONNECTIONS", "as it is");
    assert_eq!(policy(&me).await, "CONNECTIONS");
    let document = "mutation($input: SetFootprintPolicyInput!) {
        setFootprintPolicy(input: $input) { footprintPolicy } }";
    let other = json!({ "input": { "policy": "NAMED", "idempotencyKey": "once" } });
    assert_eq!(me.error(document, other).await, "IDEMPOTENCY_KEY_REUSED");
}
