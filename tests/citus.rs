//! How the tables lie on a Citus cluster, and which shards are asked (`make test-citus`).

mod tables;

use ashiato::bulk::recount::recount;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};

use crate::support::{
    backend::{Fresh, is_citus, run},
    process::Process,
    soon,
    world::World,
};

async fn connect(database: &Fresh) -> DatabaseConnection {
    assert!(is_citus(), "a test of Citus runs by `make test-citus`");
    database.place().connect_to_migrate().await.unwrap()
}

/// The first column of the rows of `sql`.
async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let texts = texts(db, &format!("SELECT ({sql})::text")).await;
    texts[0].parse().unwrap()
}

/// Statements that Citus carried out on several shards, and on one.
async fn asked(db: &DatabaseConnection) -> (i64, i64) {
    let of = |which: &str| {
        format!(
            "SELECT query_execution_{which}_shard FROM citus_stat_counters \
             WHERE name = current_database()"
        )
    };
    let several = number(db, &of("multi")).await;
    (several, number(db, &of("single")).await)
}

#[tokio::test]
async fn on_citus_what_is_one_user_s_is_asked_of_one_shard() {
    let world = World::new().await;
    let me = world.person("me").await;
    let friends = world.people("friend", 12).await;
    for friend in &friends {
        me.befriend(friend).await;
    }
    let mine = me.write("mine", "FRIENDS").await;
    let theirs = friends[0].write("theirs", "FRIENDS").await;
    let db = connect(&world.database).await;
    let (before, single) = asked(&db).await;
    for page in [
        "{ viewer { user { nickname friends(first: 1) { totalCount nodes { nickname } } } } }",
        "{ viewer { user { diaries(first: 5) { nodes { title comments(first: 5) { nodes { body } } } } } } }",
        "{ viewer { user { reviews(first: 5) { nodes { rating } } } } }",
        "{ viewer { newFootprintCount footprints(first: 5) { totalCount } } }",
        "{ user(username: \"friend1\") { nickname viewerRelation } }",
    ] {
        me.run(page, json!({})).await;
    }
    for id in [&mine, &theirs] {
        me.run(
            "query($id: ID!) { node(id: $id) { id } }",
            json!({ "id": id }),
        )
        .await;
    }
    me.write("another", "ONLY_ME").await;
    let (several, one) = asked(&db).await;
    assert_eq!(several, before);
    assert!(one > single + 20, "{one} {single}");
    // Of two users who act with each other the ages are asked at once, wherever they lie.
    let visit = json!({ "username": "friend2" });
    me.mutate("visitProfile", visit, "").await;
    let comment = json!({ "diaryId": theirs, "body": "hello" });
    me.mutate("commentOnDiary", comment, "").await;
    me.mutate("endFriendship", json!({ "userId": friends[3].id() }), "")
        .await;
    let before = asked(&db).await.0;
    assert!(before <= several + 3, "{before} {several}");
    // As are those of many who visit at the same time, and so in one transaction, or two.
    let visit = json!({ "username": "me" });
    let visits = friends.iter();
    let visits = visits.map(|friend| friend.mutate("visitProfile", visit.clone(), ""));
    futures_util::future::join_all(visits).await;
    let after = asked(&db).await.0;
    assert!(after <= before + 2, "{after} {before}");
    let before = after;
    // And it would tell: these users lie on several.
    let page = "{ viewer { user { friends(first: 12) { nodes { nickname } } } } }";
    me.run(page, json!({})).await;
    assert_eq!(asked(&db).await.0, before + 1);
    // What is for friends is told to all of them at once.
    me.write("for friends", "MEMBERS").await;
    assert_eq!(asked(&db).await.0, before + 2);
}

/// Lists of several parents, of one and of none, forwards and backwards, and what is found by keys.
const PAGES: &str = "query($diary: ID!, $item: ID!) {
    viewer { homeFeed(first: 3) { nodes { title } pageInfo { hasNextPage } } friendSuggestions { nodes { username } }
        suggestedFriends { nodes { mutualFriendCount mutualFriends { nodes { username } } } }
        near: pathTo(username: \"friend1\") { length } pathTo(username: \"third\") { length users { username } }
        user { friends(first: 3) { nodes { username viewerRelation mutualFriends { nodes { username } }
            diaries(first: 2) { nodes { title comments(last: 2) { nodes { body author { username } } } } }
            reviews(first: 2) { nodes { rating } } } } } }
    user(username: \"second\") { viewerRelation diaries(first: 5) { nodes { title } } }
    node(id: $diary) { ... on Diary { title } }
    catalogueItem(id: $item) { rating { mean } reviews(first: 2) { nodes { rating } } mine: reviews(by: FRIENDS) { nodes { rating } } }
    catalogueItems: searchCatalogue(text: \"game\") { nodes { title reviews(first: 1) { nodes { rating } } } }
    searchUsers(text: \"friend\") { nodes { username friends(first: 2) { nodes { username } } } }
}";

/// A server that takes the database for a cluster puts its statements otherwise; they say the same.
#[tokio::test]
async fn on_postgres_a_server_that_speaks_to_citus_answers_alike() {
    let world = World::new().await;
    let me = world.person("me").await;
    let second = world.person("second").await;
    let third = world.person("third").await;
    second.befriend(&third).await;
    let mut last = (String::new(), Value::Null);
    for friend in world.people("friend", 4).await {
        me.befriend(&friend).await;
        friend.befriend(&second).await;
        let input = json!({ "kind": "VIDEO_GAME", "title": format!("game {}", friend.username) });
        let item = friend
            .mutate("addCatalogueItem", input, "item { id }")
            .await["item"]["id"]
            .clone();
        let input = json!({ "itemId": item, "rating": 4 });
        friend.mutate("reviewItem", input, "").await;
        for audience in ["PUBLIC", "FRIENDS", "ONLY_ME"] {
            let diary = friend.write(audience, audience).await;
            let input = json!({ "diaryId": diary, "body": "hello" });
            friend.mutate("commentOnDiary", input.clone(), "").await;
            if audience == "FRIENDS" {
                me.mutate("commentOnDiary", input, "").await;
                last = (diary, item.clone());
            }
        }
    }
    let variables = json!({ "diary": last.0, "item": last.1 });
    let plain = me.run(PAGES, variables.clone()).await;
    if !is_citus() {
        let stand_in =
            "CREATE FUNCTION create_distributed_table(t text) RETURNS void LANGUAGE sql AS $$ $$";
        run(&world.url, stand_in).await;
    }
    // The server's clock is not the world's.
    for table in ["sessions", "session_tokens"] {
        let sql = format!("UPDATE {table} SET expires_at = '2100-01-01'");
        run(&world.url, &sql).await;
    }
    let server = Process::serve(&world.url);
    let answer = server.ask(Some(&me.token), PAGES, variables).await.unwrap();
    assert_eq!(answer["data"], plain, "{answer}");
    assert_eq!(plain["node"]["title"], "FRIENDS");
    assert!(plain["viewer"]["homeFeed"]["nodes"][2].is_object());
    assert_eq!(
        plain["viewer"]["suggestedFriends"]["nodes"][0]["mutualFriendCount"],
        4
    );
    assert_eq!(plain["viewer"]["pathTo"]["length"], 3);
    // What each of its connections was asked last: between two requests it may sweep the house.
    let db = world.database.place().connect_to_migrate().await.unwrap();
    let for_citus = "SELECT query FROM pg_stat_activity WHERE datname = current_database() \
        AND query LIKE '%AND t.id = ANY(%' AND pid <> pg_backend_pid()";
    let names = "{ viewer { user { friends { nodes { username } } } } }";
    soon(async {
        while texts(&db, for_citus).await.is_empty() {
            server.ask(Some(&me.token), names, json!({})).await.unwrap();
        }
    })
    .await;
}

/// The same of visits, and of what they leave: users are held and written one after the other.
#[tokio::test]
async fn on_postgres_a_server_that_speaks_to_citus_names_and_counts_alike() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", 4).await;
    let friend = world.person("friend").await;
    owner.befriend(&friend).await;
    friend.befriend(&visitors[0]).await;
    if !is_citus() {
        let stand_in =
            "CREATE FUNCTION create_distributed_table(t text) RETURNS void LANGUAGE sql AS $$ $$";
        run(&world.url, stand_in).await;
    }
    for table in ["sessions", "session_tokens"] {
        let sql = format!("UPDATE {table} SET expires_at = '2100-01-01'");
        run(&world.url, &sql).await;
    }
    let server = Process::serve(&world.url);
    let ask = async |token: &str, document: &str| {
        let answer = server.ask(Some(token), document, json!({})).await.unwrap();
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"].clone()
    };
    for (visitor, policy) in visitors
        .iter()
        .zip(["CONNECTIONS", "CONNECTIONS", "ANONYMOUS"])
    {
        let choose = format!(
            "mutation {{ setFootprintPolicy(input: {{ policy: {policy} }}) {{ footprintPolicy }} }}"
        );
        let chosen = ask(&visitor.token, &choose).await;
        assert_eq!(chosen["setFootprintPolicy"]["footprintPolicy"], policy);
    }
    // At the same time; and then again, within the pause.
    let visit = "mutation { visitProfile(input: { username: \"owner\" }) { leftFootprint } }";
    for counted in [true, false] {
        let visits = visitors.iter().map(|visitor| ask(&visitor.token, visit));
        for left in futures_util::future::join_all(visits).await {
            assert_eq!(left["visitProfile"]["leftFootprint"], counted);
        }
    }
    let list =
        "{ viewer { visitCount newFootprintCount footprints { nodes { visitor { username } } } } }";
    let seen = ask(&owner.token, list).await["viewer"].clone();
    assert_eq!(
        (&seen["visitCount"], &seen["newFootprintCount"]),
        (&json!(4), &json!(2))
    );
    let names = seen["footprints"]["nodes"].as_array().unwrap().iter();
    let mut names: Vec<_> = names
        .map(|node| node["visitor"]["username"].clone())
        .collect();
    names.sort_by_key(Value::to_string);
    assert_eq!(
        names,
        ["visitor0", "visitor3"],
        "a friend's friend, and who is named"
    );
    let left = "{ user(username: \"owner\") { viewerFootprint { day } } }";
    for (visitor, is_left) in visitors.iter().zip([true, false, false, true]) {
        let found = ask(&visitor.token, left).await;
        assert_eq!(found["user"]["viewerFootprint"].is_object(), is_left);
    }
    let take_back = format!(
        "mutation {{ takeBackFootprint(input: {{ userId: \"{}\" }}) {{ footprintsToTakeBack }} }}",
        owner.id()
    );
    let taken = ask(&visitors[3].token, &take_back).await;
    assert_eq!(taken["takeBackFootprint"]["footprintsToTakeBack"], 9);
    let seen = ask(&owner.token, list).await["viewer"].clone();
    assert_eq!(
        (&seen["visitCount"], &seen["newFootprintCount"]),
        (&json!(4), &json!(1))
    );
    assert_eq!(recount(world.app.database.reader()).await.unwrap(), []);
}
