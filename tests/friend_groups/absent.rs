//! A friend who is absent is in no group, as far as its owner can see, until the absence ends.

use rstest::rstest;
use serde_json::{Value, json};

use super::{GROUPS, agrees, groups};
use crate::support::world::{Person, World, account::PASSWORD};

/// Why somebody is absent.
#[derive(Clone, Copy)]
enum Why {
    Suspended,
    Leaving,
}

async fn begin(why: Why, moderator: &Person<'_>, who: &Person<'_>) {
    match why {
        Why::Suspended => {
            let input = json!({ "userId": who.id(), "reason": "spam" });
            moderator.mutate("suspendUser", input, "").await;
        }
        Why::Leaving => {
            let input = json!({ "password": PASSWORD });
            who.mutate("deleteAccount", input, "").await;
        }
    }
}

async fn end(why: Why, moderator: &Person<'_>, who: &Person<'_>) {
    match why {
        Why::Suspended => {
            let input = json!({ "userId": who.id() });
            moderator.mutate("liftSuspension", input, "").await;
        }
        Why::Leaving => {
            who.mutate("cancelAccountDeletion", json!({}), "").await;
        }
    }
}

/// What comes of putting `users` into `group`, or taking them out; and how many statements that took.
async fn regrouped(
    me: &Person<'_>,
    mutation: &str,
    group: &str,
    users: &[String],
) -> (Value, usize) {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ friendGroup {{ id }} \
         userErrors {{ code message field }} }} }}"
    );
    let input = json!({ "friendGroupId": group, "userIds": users });
    me.world.forget_statements();
    let answer = me.answer(&document, json!({ "input": input })).await;
    (answer, me.world.statements())
}

#[rstest]
#[case(Why::Suspended)]
#[case(Why::Leaving)]
#[tokio::test]
async fn who_is_absent_is_in_no_group_and_back_in_it_when_that_is_over(#[case] why: Why) {
    let world = World::uncached().await;
    let moderator = world.moderator("moderator").await;
    let me = world.person("me").await;
    let absent = world.joined("absent").await.0;
    let (friend, stranger) = (world.person("friend").await, world.person("stranger").await);
    me.befriend(&absent).await;
    me.befriend(&friend).await;
    let close = me.close_friends();
    me.regroup("addToFriendGroup", &close, &[&absent, &friend])
        .await;
    let some = me.make_group("some", &[&absent]).await;
    let diary = me.write_for("for some", &some).await;
    let whole = me.run(GROUPS, json!({})).await;
    begin(why, &moderator, &absent).await;

    let named = |name: &str, friends: &[&str]| {
        let friends = friends.iter().map(|friend| (*friend).to_owned());
        (name.to_owned(), friends.collect::<Vec<_>>())
    };
    // With every count that says so.
    let seen = groups(&me).await;
    assert_eq!(
        seen,
        [named("Close friends", &["friend"]), named("some", &[])]
    );
    let document = "{ viewer { friendGroups { nodes { friends(first: 1) {
        nodes { username } pageInfo { hasNextPage } } } } } }";
    let pages = me.run(document, json!({})).await;
    let page = &pages["viewer"]["friendGroups"]["nodes"][0]["friends"];
    assert_eq!(page["nodes"], json!([{ "username": "friend" }]));
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
    // What is done with them is refused as what is done with who is no friend.
    for mutation in ["addToFriendGroup", "removeFromFriendGroup"] {
        for group in [&close, &some] {
            let mut answers = Vec::new();
            for user in [&absent, &stranger] {
                let users = [user.id(), friend.id()];
                answers.push(regrouped(&me, mutation, group, &users).await);
            }
            assert_eq!(answers[0], answers[1]);
            assert!(answers[0].0.to_string().contains("NOT_FRIENDS"));
        }
    }
    let renamed = json!({ "friendGroupId": close, "userIds": [friend.id()] });
    let fields = "friendGroup { friendsCount friends { totalCount } }";
    let taken = me
        .mutate("removeFromFriendGroup", renamed.clone(), fields)
        .await;
    let expected = json!({ "friendsCount": 0, "friends": { "totalCount": 0 } });
    assert_eq!(taken["friendGroup"], expected);
    me.mutate("addToFriendGroup", renamed, "").await;
    agrees(&world).await;

    end(why, &moderator, &absent).await;
    let again = groups(&me).await;
    assert_eq!(again[1], named("some", &["absent"]));
    let mut close = again[0].1.clone();
    close.sort_unstable();
    assert_eq!(close, ["absent", "friend"]);
    assert_eq!(whole["viewer"]["friendGroups"]["totalCount"], 2);
    // And they see what is for the group again.
    let document = "query($id: ID!) { node(id: $id) { ... on Diary { title } } }";
    let back = world.known("absent").await;
    let found = back.run(document, json!({ "id": diary })).await;
    assert_eq!(found["node"]["title"], "for some");
    agrees(&world).await;
}

/// Who ends the friendship meanwhile has them in no group afterwards.
#[tokio::test]
async fn a_friendship_that_ends_meanwhile_is_in_no_count_twice() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    me.make_group("some", &[&friend]).await;
    begin(Why::Suspended, &moderator, &friend).await;
    me.mutate("endFriendship", json!({ "userId": friend.id() }), "")
        .await;
    assert_eq!(groups(&me).await[1].1, Vec::<String>::new());
    end(Why::Suspended, &moderator, &friend).await;
    assert_eq!(groups(&me).await[1].1, Vec::<String>::new());
    agrees(&world).await;
}

/// One statement more for all groups of a level, and none where nobody is absent.
#[tokio::test]
async fn taking_the_absent_off_is_one_statement_however_many_groups_there_are() {
    let world = World::uncached().await;
    let moderator = world.moderator("moderator").await;
    let me = world.person("me").await;
    let friends = world.people("friend", 4).await;
    for friend in &friends {
        me.befriend(friend).await;
    }
    let mut counts = Vec::new();
    for number in 0..6 {
        let name = format!("group {number}");
        me.make_group(&name, &[&friends[number % 4], &friends[0]])
            .await;
        if ![1, 5].contains(&number) {
            continue;
        }
        for is_absent in [false, true] {
            if is_absent {
                begin(Why::Suspended, &moderator, &friends[0]).await;
            }
            world.forget_statements();
            let there = groups(&me).await;
            counts.push(world.statements());
            assert_eq!(format!("{there:?}").contains("friend0"), !is_absent);
        }
        end(Why::Suspended, &moderator, &friends[0]).await;
    }
    // The groups, who is in them, who that is; and how many of them are absent.
    assert_eq!(counts, [3, 4, 3, 4], "{:#?}", world.statement_texts());
}
