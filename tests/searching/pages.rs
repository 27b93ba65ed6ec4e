//! The order of what is found, and its pages.

use super::*;

#[tokio::test]
async fn what_has_all_words_in_the_title_comes_first_then_the_newest() {
    let world = World::new().await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    for (title, body) in [
        ("京都の猫", "…"),
        ("京都", "猫がいた"),
        ("旅", "猫と京都"),
        ("猫、京都で", "…"),
        ("京都", "犬がいた"),
        ("猫", "京都の"),
    ] {
        write(&author, title, body, "MEMBERS").await;
    }
    let both = ["猫、京都で", "京都の猫", "猫", "旅", "京都"];
    assert_eq!(found(&me, "京都 猫").await, both);
    let one = ["京都", "猫、京都で", "京都", "京都の猫", "猫", "旅"];
    assert_eq!(found(&me, "京都").await, one);
}

/// Everything that is there from the beginning to the end comes once, whatever comes and goes meanwhile.
#[tokio::test]
async fn pages_go_on_where_the_last_one_ended_whatever_is_written_meanwhile() {
    let world = World::new().await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let friend = world.person("friend").await;
    me.befriend(&friend).await;
    let mut expected = Vec::new();
    for number in 0..30 {
        let by = if number % 3 == 0 { &friend } else { &author };
        let (title, body) = match number % 2 {
            0 => (format!("雪国 {number:02}"), "…"),
            _ => (format!("title {number:02}"), "雪国"),
        };
        let audience = match number % 5 {
            0 if number % 3 == 0 => "FRIENDS",
            1 => "PUBLIC",
            _ => "MEMBERS",
        };
        write(by, &title, body, audience).await;
        expected.push(title);
        // Half of them in the same moment.
        if number % 4 == 0 {
            world.clock.advance(chrono::Duration::minutes(1));
        }
    }
    expected.reverse();
    expected.sort_by_key(|title| !title.starts_with("雪国"));
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    for turn in 0.. {
        let variables = json!({ "text": "雪国", "first": 7, "after": after });
        let page = page(&me, variables).await;
        let some = titles(&page);
        let info = &page["pageInfo"];
        assert_eq!(info["hasPreviousPage"], turn > 0);
        assert_eq!(some.len(), if turn < 4 { 7 } else { 2 }, "pages are full");
        assert_eq!(page["isComplete"], true);
        let last = page["edges"].as_array().unwrap().last().unwrap();
        assert_eq!(info["endCursor"], last["cursor"]);
        after = info["endCursor"].clone();
        seen.extend(some);
        if info["hasNextPage"] == false {
            break;
        }
        // Before all of these.
        write(&author, "雪国, later", "雪国", "MEMBERS").await;
    }
    assert_eq!(seen, expected);
    agrees(&world).await;
}

/// Of a full page exactly there is no further one.
#[tokio::test]
async fn the_last_page_says_that_it_is_the_last() {
    let world = World::new().await;
    let me = world.person("me").await;
    for title in ["one", "two", "three"] {
        write(&me, title, "雪国", "PUBLIC").await;
    }
    for (first, more) in [(2, true), (3, false), (4, false)] {
        let page = page(&me, json!({ "text": "雪国", "first": first })).await;
        assert_eq!(page["pageInfo"]["hasNextPage"], more, "{first}");
    }
}

/// The terms can stand apart: then the diary is not what was looked for, and the page goes on; but not for ever.
#[tokio::test]
async fn pages_are_full_though_much_has_the_pieces_and_not_the_word() {
    let world = World::new().await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let mut expected = Vec::new();
    for number in 0..90 {
        let (title, body) = match number % 9 {
            4 => (format!("found {number:02}"), "東京都にて"),
            _ => (format!("apart {number:02}"), "東京から京都へ"),
        };
        write(&author, &title, body, "MEMBERS").await;
        if number % 9 == 4 {
            expected.insert(0, title);
        }
    }
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = page(&me, json!({ "text": "東京都", "first": 4, "after": after })).await;
        assert_eq!(page["isComplete"], true);
        let some = titles(&page);
        let more = page["pageInfo"]["hasNextPage"] == true;
        assert_eq!(some.len(), if more { 4 } else { 2 });
        after = page["pageInfo"]["endCursor"].clone();
        seen.extend(some);
        if !more {
            break;
        }
    }
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_search_in_which_nearly_all_stands_apart_stops_and_says_where_it_goes_on() {
    const APART: usize = 450;
    let world = World::new().await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    write(&author, "the oldest", "東京都にて", "MEMBERS").await;
    for _ in 0..APART {
        write(&author, "…", "東京から京都へ", "MEMBERS").await;
    }
    let first = page(&me, json!({ "text": "東京都", "first": 2 })).await;
    assert_eq!(titles(&first), [""; 0]);
    assert_eq!(first["isComplete"], false);
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = &first["pageInfo"]["endCursor"];
    assert_ne!(*after, Value::Null);
    let second = page(&me, json!({ "text": "東京都", "first": 2, "after": after })).await;
    assert_eq!(titles(&second), ["the oldest"]);
    assert_eq!(second["isComplete"], true);
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
}

/// As many statements for a page of a hundred by a hundred authors as for one of one.
#[tokio::test]
async fn a_page_takes_as_many_statements_whatever_its_breadth() {
    let world = World::uncached().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let authors = world.people("author", 20).await;
    for author in &authors {
        friend.befriend(author).await;
        for audience in ["PUBLIC", "MEMBERS", "FRIENDS_OF_FRIENDS"] {
            let diary = write(author, "雪国", "…", audience).await;
            let input = json!({ "diaryId": diary, "body": "hello" });
            friend.mutate("commentOnDiary", input, "").await;
        }
    }
    write(&friend, "雪国", "…", "FRIENDS").await;
    let document = "query($first: Int) { searchDiaries(text: \"雪国\", first: $first) { nodes {
        title body author { nickname } commentCount
        comments(first: 2) { nodes { body author { nickname } } } } } }";
    let mut counted = Vec::new();
    for (first, many) in [(2, 2), (40, 40)] {
        world.forget_statements();
        let data = me.run(document, json!({ "first": first })).await;
        let nodes = data["searchDiaries"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), many);
        counted.push(world.statements());
    }
    assert_eq!(counted[0], counted[1], "{:#?}", world.statement_texts());
    assert!(counted[0] <= 14, "{:#?}", world.statement_texts());
}
