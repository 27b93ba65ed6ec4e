//! Publishing takes the same with a million followers as with ten.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{add_editor, agrees, create, feed, follow, key, publish, told};
use crate::support::{backend::is_postgres, sql::own, world::World};

/// So many follow the other page.
const MANY: usize = 100_000;

/// Has so many people who are made up follow the page `brand`: rows as the service writes them.
async fn have_followed(world: &World, brand: &str) {
    let (id, numbers, text) = match is_postgres() {
        true => (
            "gen_random_uuid()",
            format!("generate_series(1, {MANY}) AS n(n)"),
            "CAST(n AS text)",
        ),
        false => (
            "randomblob(16)",
            format!(
                "(WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {MANY}) SELECT n FROM n)"
            ),
            "n",
        ),
    };
    let brand = key(brand).simple().to_string();
    let brand = match is_postgres() {
        true => format!("CAST('{brand}' AS uuid)"),
        false => format!("x'{brand}'"),
    };
    let statements = [
        format!(
            "INSERT INTO users (id, username, nickname, kind, role, bio, birth_date, joined_at) \
             SELECT {id}, 'fan' || {text}, 'Fan', 'MEMBER', 'MEMBER', '', '1986-04-01', \
             '2006-05-01 03:00:00+00:00' FROM {numbers}"
        ),
        "INSERT INTO user_counters (user_id, follow_number) \
         SELECT id, 1 FROM users WHERE nickname = 'Fan'"
            .to_owned(),
        format!(
            "INSERT INTO followed_brands (user_id, brand_id, id, since) \
             SELECT id, {brand}, id, joined_at FROM users WHERE nickname = 'Fan'"
        ),
        format!(
            "INSERT INTO brand_followers (brand_id, user_id) \
             SELECT {brand}, id FROM users WHERE nickname = 'Fan'"
        ),
        format!("UPDATE brands SET follower_count = follower_count + {MANY} WHERE id = {brand}"),
        format!("UPDATE brand_days SET gained = gained + {MANY} WHERE brand_id = {brand}"),
    ];
    for statement in statements {
        world
            .app
            .database
            .write(move |tx| {
                let statement = own(&tx.sql, &statement);
                Box::pin(async move {
                    tx.sql.execute_raw(statement.clone()).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
    }
}

/// How many rows each table has that publishing could write to.
async fn rows(world: &World) -> Vec<(String, i64)> {
    let db = world.app.database.reader();
    let mut all = Vec::new();
    for (table, _) in ashiato::database::shards::TABLES {
        let text = format!("SELECT count(*) FROM {table}");
        let row = db.query_one_raw(own(db, &text)).await.unwrap();
        all.push((
            (*table).to_owned(),
            row.unwrap().try_get_by_index(0).unwrap(),
        ));
    }
    all
}

#[tokio::test]
async fn publishing_takes_the_same_statements_and_rows_for_ten_followers_and_a_hundred_thousand() {
    let world = World::uncached().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let (few, many) = (create(&owner, "few").await, create(&owner, "many").await);
    for page in [&few, &many] {
        follow(&me, page).await;
        publish(&owner, page, "the first").await;
    }
    let others = world.people("other", 9).await;
    for other in &others {
        follow(other, &few).await;
    }
    have_followed(&world, &many).await;
    let counts = told(&owner, &many, "followerCount").await;
    assert_eq!(counts["followerCount"], MANY + 1);
    let mut taken = Vec::new();
    for page in [&few, &many] {
        let before = rows(&world).await;
        world.forget_statements();
        let input = json!({ "brandId": page, "body": "news" });
        owner.mutate("publishBrandPost", input, "").await;
        let statements = world.statement_texts();
        let after = rows(&world).await;
        let more: Vec<_> = before
            .into_iter()
            .zip(after)
            .filter(|(before, after)| before != after)
            .map(|((table, before), (_, after))| (table, after - before))
            .collect();
        taken.push((statements, more));
    }
    assert_eq!(taken[0], taken[1]);
    let (statements, more) = &taken[0];
    assert_eq!(*more, [("brand_posts".to_owned(), 1)]);
    assert!(statements.len() <= 8, "{statements:#?}");
    let said = feed(&me).await;
    assert_eq!(said, ["news", "news", "the first", "the first"]);
}

#[tokio::test]
async fn those_who_run_a_page_publish_change_and_remove_posts() {
    let world = World::new().await;
    let (owner, editor) = (world.person("owner").await, world.person("editor").await);
    let other = world.person("other").await;
    owner.befriend(&editor).await;
    let page = create(&owner, "page").await;
    add_editor(&owner, &page, &editor).await;
    let input = |body: &str| json!({ "brandId": page, "body": body });
    for (who, input, code) in [
        (&other, input("x"), "NOT_YOURS"),
        (&owner, input(" \n "), "TEXT_REQUIRED"),
        (&owner, input(&"x".repeat(5_001)), "TEXT_TOO_LONG"),
        (&owner, input("\u{202e}x"), "TEXT_NOT_ALLOWED"),
    ] {
        assert_eq!(who.refusal("publishBrandPost", input).await, code);
    }
    let fields = "post { id body createdAt editedAt brand { handle } writer { username } }";
    let made = editor
        .mutate("publishBrandPost", input("first\r\nline"), fields)
        .await;
    let post = made["post"]["id"].clone();
    assert_eq!(
        made["post"],
        json!({ "id": post, "body": "first\nline", "createdAt": "2006-05-01T03:00:00.000Z",
            "editedAt": null, "brand": { "handle": "page" }, "writer": { "username": "editor" } })
    );
    world.clock.advance(chrono::Duration::minutes(1));
    let edit = json!({ "postId": post, "body": "second" });
    assert_eq!(
        other.refusal("updateBrandPost", edit.clone()).await,
        "NOT_YOURS"
    );
    let changed = owner.mutate("updateBrandPost", edit.clone(), fields).await;
    assert_eq!(changed["post"]["body"], "second");
    assert_eq!(changed["post"]["editedAt"], "2006-05-01T03:01:00.000Z");
    assert_eq!(changed["post"]["writer"]["username"], "editor");
    let by_id = "query($id: ID!) { node(id: $id) { ... on BrandPost { body brand { name } } } }";
    let seen = world.anonymous().run(by_id, json!({ "id": post })).await;
    assert_eq!(
        seen["node"],
        json!({ "body": "second", "brand": { "name": "PAGE" } })
    );
    let gone = json!({ "postId": post });
    assert_eq!(
        other.refusal("deleteBrandPost", gone.clone()).await,
        "NOT_YOURS"
    );
    let deleted = owner
        .mutate("deleteBrandPost", gone.clone(), "deletedPostId")
        .await;
    assert_eq!(deleted["deletedPostId"], post);
    for (mutation, input) in [("deleteBrandPost", gone), ("updateBrandPost", edit)] {
        assert_eq!(editor.refusal(mutation, input).await, "NOT_FOUND");
    }
    let seen = owner.run(by_id, json!({ "id": post })).await;
    assert_eq!(seen["node"], Value::Null);
    agrees(&world).await;
}

#[tokio::test]
async fn posts_are_paged_both_ways_and_counted() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let page = create(&owner, "page").await;
    for number in 1..=5 {
        publish(&owner, &page, &number.to_string()).await;
    }
    let bodies = |value: &Value| {
        let nodes = value["posts"]["nodes"].as_array().unwrap().clone();
        let bodies = nodes.iter().map(|node| super::text(&node["body"]));
        bodies.collect::<String>()
    };
    let page_info =
        "nodes { body } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
    let first = told(&owner, &page, &format!("posts(first: 2) {{ {page_info} }}")).await;
    assert_eq!(bodies(&first), "54");
    assert_eq!(first["posts"]["totalCount"], 5);
    let after = super::text(&first["posts"]["pageInfo"]["endCursor"]);
    let next = format!("posts(first: 3, after: \"{after}\") {{ {page_info} }}");
    let next = told(&owner, &page, &next).await;
    assert_eq!(bodies(&next), "321");
    assert_eq!(next["posts"]["pageInfo"]["hasNextPage"], false);
    let last = told(&owner, &page, &format!("posts(last: 2) {{ {page_info} }}")).await;
    assert_eq!(bodies(&last), "21");
    let before = super::text(&last["posts"]["pageInfo"]["startCursor"]);
    let back = format!("posts(last: 2, before: \"{before}\") {{ {page_info} }}");
    assert_eq!(bodies(&told(&owner, &page, &back).await), "43");
    let wrong = "query($id: ID!) { node(id: $id) { ... on Brand { posts(after: \"x\") { nodes { id } } } } }";
    let code = owner.error(wrong, json!({ "id": page })).await;
    assert_eq!(code, "INVALID_CURSOR");
}
