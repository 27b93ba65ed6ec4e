//! Pages that have diaries for groups among them: in order, full, each once; as many statements for many
//! authors as for two.

use ashiato::config::Rules;
use serde_json::{Value, json};

use super::agrees;
use crate::support::world::{Person, World};

/// The titles of all pages of `size`, forwards or backwards, in the list's order.
async fn walked(viewer: &Person<'_>, size: usize, backwards: bool) -> Vec<String> {
    let (first, after, end, more) = match backwards {
        false => ("first", "after", "endCursor", "hasNextPage"),
        true => ("last", "before", "startCursor", "hasPreviousPage"),
    };
    let document = format!(
        "query($size: Int!, $at: String) {{ user(username: \"author\") {{
            diaries({first}: $size, {after}: $at) {{ totalCount nodes {{ title }} pageInfo {{
                startCursor endCursor hasNextPage hasPreviousPage }} }} }} }}"
    );
    let (mut all, mut at) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "size": size, "at": at });
        let page = viewer.run(&document, variables).await["user"]["diaries"].clone();
        let titles = page["nodes"].as_array().unwrap().iter();
        let titles: Vec<_> = titles
            .map(|node| node["title"].as_str().unwrap().to_owned())
            .collect();
        let goes_on = page["pageInfo"][more] == true;
        assert!(titles.len() == size || !goes_on, "a short page");
        all = match backwards {
            false => [all, titles].concat(),
            true => [titles, all].concat(),
        };
        if !goes_on {
            assert_eq!(page["totalCount"], all.len());
            return all;
        }
        at = page["pageInfo"][end].clone();
    }
}

#[tokio::test]
async fn a_list_with_several_groups_in_it_is_one_list() {
    let world = World::new().await;
    let author = world.person("author").await;
    let viewer = world.person("viewer").await;
    author.befriend(&viewer).await;
    let mine = author.make_group("mine", &[&viewer]).await;
    let close = author.close_friends();
    author.regroup("addToFriendGroup", &close, &[&viewer]).await;
    let not_mine = author.make_group("not mine", &[]).await;
    let mut expected = Vec::new();
    for turn in 0..17 {
        let title = format!("diary {turn}");
        match turn % 5 {
            0 => author.write(&title, "FRIENDS").await,
            1 => author.write_for(&title, &mine).await,
            2 => author.write_for(&title, &close).await,
            3 => author.write_for(&title, &not_mine).await,
            _ => author.write(&title, "ONLY_ME").await,
        };
        if turn % 5 < 3 {
            expected.insert(0, title);
        }
    }
    for size in [1, 2, 3, 5, 100] {
        for backwards in [false, true] {
            assert_eq!(walked(&viewer, size, backwards).await, expected, "{size}");
        }
    }
    assert_eq!(walked(&author, 4, false).await.len(), 17);
    // Nothing else is for the viewer.
    author
        .mutate("endFriendship", json!({ "userId": viewer.id() }), "")
        .await;
    author.befriend(&viewer).await;
    author.regroup("addToFriendGroup", &mine, &[&viewer]).await;
    let document = "{ user(username: \"author\") { diaries(first: 2) { nodes { body } } } }";
    let found = viewer.run(document, json!({})).await;
    assert_eq!(
        found["user"]["diaries"]["nodes"],
        json!([{ "body": "…" }, { "body": "…" }])
    );
    agrees(&world).await;
}

/// Friends, their diaries, and what hangs on them: two statements more where any are for groups.
#[tokio::test]
async fn diaries_for_groups_take_two_statements_more_for_two_authors_and_for_twenty() {
    let world = World::uncached().await;
    let (few, many) = (world.person("few").await, world.person("many").await);
    let friends = world.people("friend", 20).await;
    for (place, friend) in friends.iter().enumerate() {
        many.befriend(friend).await;
        friend.write("for friends", "FRIENDS").await;
        let group = friend.make_group("some", &[&many]).await;
        let close = friend.close_friends();
        friend.regroup("addToFriendGroup", &close, &[&many]).await;
        if place < 2 {
            few.befriend(friend).await;
            friend.regroup("addToFriendGroup", &group, &[&few]).await;
        }
        friend.write_for("for some", &group).await;
        friend.write_for("for the close", &close).await;
    }
    let list = "{ viewer { user { friends(first: 20) { nodes { diaries(first: 3) {
        totalCount nodes { title } } } } } } }";
    let feed = "{ viewer { homeFeed(first: 10) { nodes { title } } } }";
    for (viewer, breadth, seen) in [(&few, 2, 2), (&many, 20, 3)] {
        world.forget_statements();
        let data = viewer.run(list, json!({})).await;
        // The viewer, the friends' page, the friends, their diaries.
        assert_eq!(world.statements(), 4 + 2, "{:#?}", world.statement_texts());
        let nodes = data["viewer"]["user"]["friends"]["nodes"]
            .as_array()
            .unwrap();
        assert_eq!(nodes.len(), breadth);
        for node in nodes {
            assert_eq!(node["diaries"]["totalCount"], seen);
            assert_eq!(node["diaries"]["nodes"].as_array().unwrap().len(), seen);
        }
        world.forget_statements();
        let data = viewer.run(feed, json!({})).await;
        assert_eq!(world.statements(), 2 + 2, "{:#?}", world.statement_texts());
        let nodes = data["viewer"]["homeFeed"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 10.min(breadth * seen));
    }
}

#[tokio::test]
async fn who_has_too_many_friends_to_tell_each_has_groups_all_the_same() {
    let world = World::with(Rules {
        friend_limit: 2,
        ..Rules::default()
    })
    .await;
    let star = world.person("star").await;
    world.make_tarento(&star).await;
    let fans = world.people("fan", 4).await;
    for fan in &fans {
        let input = json!({ "userId": star.id() });
        fan.mutate("requestFriendship", input, "becameFriends")
            .await;
    }
    star.write("for all", "FRIENDS").await;
    let group = star.make_group("crew", &[&fans[0], &fans[1]]).await;
    let feed = async || {
        let mut found = Vec::new();
        for fan in &fans {
            let feed = "{ viewer { homeFeed { nodes { title } } } }";
            let data = fan.run(feed, json!({})).await;
            found.push(
                data["viewer"]["homeFeed"]["nodes"]
                    .as_array()
                    .unwrap()
                    .len(),
            );
        }
        found
    };
    assert_eq!(feed().await, [1, 1, 1, 1]);
    let first = star.write_for("for the crew", &group).await;
    let second = star.write_for("and again", &group).await;
    assert_eq!(feed().await, [3, 3, 1, 1]);
    // Who is told of the first is not told of the second.
    world.forget_statements();
    star.write_for("and again", &group).await;
    let texts = world.statement_texts();
    assert!(
        !texts.iter().any(|text| text.contains("UPDATE friendships")),
        "{texts:#?}"
    );
    agrees(&world).await;
    for diary in [first, second] {
        star.mutate("deleteDiary", json!({ "diaryId": diary }), "")
            .await;
    }
    star.regroup("removeFromFriendGroup", &group, &[&fans[0]])
        .await;
    assert_eq!(feed().await, [1, 2, 1, 1]);
    star.mutate("deleteFriendGroup", json!({ "friendGroupId": group }), "")
        .await;
    assert_eq!(feed().await, [1, 1, 1, 1]);
    agrees(&world).await;
    // With few enough friends they are told again, each of what is theirs.
    let close = star.close_friends();
    star.regroup("addToFriendGroup", &close, &[&fans[3]]).await;
    star.write_for("for the last", &close).await;
    for fan in &fans[..2] {
        fan.mutate("endFriendship", json!({ "userId": star.id() }), "")
            .await;
    }
    let told = star.write("told", "FRIENDS").await;
    agrees(&world).await;
    star.mutate("deleteDiary", json!({ "diaryId": told }), "")
        .await;
    assert_eq!(feed().await, [0, 0, 1, 2]);
    agrees(&world).await;
}
