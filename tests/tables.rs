//! The steps that make the tables, and how the tables lie on a cluster.

use std::{collections::BTreeMap, process::Command};

use ashiato::{
    app::{App, Parts},
    config::Rules,
    database::{
        Place,
        shards::{self, Lies, TABLES},
        tables::{self, Steps},
    },
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;

use crate::support::{
    backend::{Fresh, is_citus},
    world::World,
};

async fn connect(database: &Fresh) -> DatabaseConnection {
    database.place().connect_to_migrate().await.unwrap()
}

async fn refusal(place: Place) -> String {
    let refused = App::open(Parts::new(place, Rules::default())).await;
    format!("{:#}", refused.unwrap_err())
}

fn ashiato(args: &[&str], database: &Fresh) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .args(args)
        .args(["--database-url", &database.url])
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_starts_first_makes_the_tables_and_the_others_wait() {
    let database = Fresh::empty().await;
    let starting = (0..4).map(|_| {
        let place = database.place();
        tokio::spawn(async move { App::open(Parts::new(place, Rules::default())).await })
    });
    for started in futures_util::future::join_all(starting).await {
        started.unwrap().unwrap().database.close().await;
    }
    let steps = Steps::read(&connect(&database).await).await.unwrap();
    assert!(!steps.taken.is_empty());
    assert_eq!((steps.missing.len(), steps.unknown.len()), (0, 0));
}

/// One in fifty of these was told at once that the file is locked, before a start asked again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_those_who_open_a_new_file_at_once_wait_for_each_other() {
    for _ in 0..100 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/new.db", folder.path().display());
        let opening = (0..4).map(|_| {
            let place = Place::new(&url);
            tokio::spawn(async move { place.connect_to_migrate().await })
        });
        for opened in futures_util::future::join_all(opening).await {
            opened.unwrap().unwrap().close().await.unwrap();
        }
    }
}

/// What a newer version's steps may do while this one serves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_goes_on_while_a_newer_version_adds_columns() {
    const EVERYTHING: &str = "{ statistics { day } viewer { usage(days: 1) { day } user { friends { nodes { username } }
        diaries { nodes { title body comments { nodes { body author { username } } } } }
        reviews { nodes { rating body item { otherTitles reviews { nodes { rating } } } } } }
        homeFeed { nodes { title body } } footprints { nodes { visitor { username } } }
        footprintPolicy footprintsToTakeBack plan { paidUntil } orders { nodes { state } }
        notifications { nodes { kind isRead actor { username } subject { __typename } } }
        blockedUsers { nodes { username } }
        user { favouriteSongs { nodes { artist { name } } } recentListens { nodes { song { title } } } }
        writtenIntroductions { nodes { body subject { introductions { nodes { body } } } } }
        incomingFriendRequests { nodes { message sender { username } } } } }";
    let world = World::new().await;
    let (hanako, taro) = (world.person("hanako").await, world.person("taro").await);
    let use_it = async |turn: usize| {
        let visitor = world.person(&format!("visitor{turn}")).await;
        let item = json!({ "kind": "BOOK", "title": format!("{turn}"), "otherTitles": ["雪国"] });
        let item = visitor
            .mutate("addCatalogueItem", item, "item { id }")
            .await;
        let review = json!({ "itemId": item["item"]["id"], "rating": 5, "body": "…" });
        hanako.mutate("reviewItem", review, "").await;
        let diary = json!({ "diaryId": hanako.write("t", "PUBLIC").await, "body": "…" });
        let comment = taro
            .mutate("commentOnDiary", diary.clone(), "comment { id }")
            .await;
        let next = json!({ "number": turn + 1 });
        hanako.mutate("nameKiriban", next, "").await;
        let visit = json!({ "username": "hanako" });
        visitor.mutate("visitProfile", visit, "user { id }").await;
        let ask = json!({ "userId": hanako.id() });
        visitor.mutate("requestFriendship", ask, "").await;
        let blocked = world.person(&format!("blocked{turn}")).await;
        hanako
            .mutate("blockUser", json!({ "userId": blocked.id() }), "")
            .await;
        let read = hanako.run(EVERYTHING, json!({})).await;
        let nodes = json!({ "ids": [hanako.id(), diary["diaryId"], comment["comment"]["id"]] });
        let named = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        assert_eq!(
            taro.run(named, nodes.clone()).await["nodes"]
                .as_array()
                .unwrap()
                .len(),
            3
        );
        read.to_string().matches("{").count()
    };
    hanako.befriend(&taro).await;
    let introduction = json!({ "userId": taro.id(), "body": "…" });
    hanako
        .mutate("writeIntroduction", introduction, "user { id }")
        .await;
    let before = use_it(0).await;
    let db = connect(&world.database).await;
    for (table, _) in TABLES {
        let step = format!("ALTER TABLE {table} ADD COLUMN later text NOT NULL DEFAULT 'x'");
        db.execute_unprepared(&step).await.unwrap();
    }
    assert!(use_it(1).await > before);
}

#[tokio::test]
async fn tables_that_are_newer_or_older_than_the_program_are_refused() {
    let database = Fresh::new().await;
    let strict = || Place {
        migrate: false,
        ..database.place()
    };
    let db = connect(&database).await;
    tables::up(&db).await.unwrap();
    let open = App::open(Parts::new(strict(), Rules::default())).await;
    open.unwrap().database.close().await;

    let taken_back = tables::down(&db, 1).await.unwrap();
    let said = refusal(strict()).await;
    assert!(
        said.contains(&taken_back[0]) && said.contains("migrate up"),
        "{said}"
    );
    assert_eq!(tables::up(&db).await.unwrap(), taken_back);
    assert_eq!(tables::up(&db).await.unwrap(), Vec::<String>::new());

    let newer =
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_000001_x', 0)";
    db.execute_unprepared(newer).await.unwrap();
    for place in [strict(), database.place()] {
        let said = refusal(place).await;
        assert!(
            said.contains("newer Ashiato") && said.contains("m99990101"),
            "{said}"
        );
    }
    assert!(
        tables::down(&db, 1).await.is_err(),
        "it cannot undo what it does not know"
    );
}

#[tokio::test]
async fn the_command_line_takes_steps_takes_them_back_and_lists_them() {
    let database = Fresh::empty().await;
    let (done, said) = ashiato(&["migrate", "up"], &database);
    assert!(done && said.contains("took m2026"), "{said}");
    let (done, said) = ashiato(&["migrate", "status"], &database);
    assert!(
        done && said.contains("taken   m2026") && !said.contains("missing"),
        "{said}"
    );
    let (done, said) = ashiato(&["migrate", "down"], &database);
    assert!(!done && said.contains("--yes"), "{said}");
    assert!(said.contains("signs everybody out"), "{said}");
    let (done, said) = ashiato(&["migrate", "down", "--steps", "1000", "--yes"], &database);
    assert!(done && said.contains("took back m2026"), "{said}");
    let (done, said) = ashiato(&["migrate", "status"], &database);
    assert!(
        done && said.contains("missing m2026") && !said.contains("taken"),
        "{said}"
    );
    let (done, said) = ashiato(&["migrate", "--distribute"], &database);
    assert!(
        done && (is_citus() || said.contains("is no Citus cluster: nothing was spread")),
        "{said}"
    );
}

/// The rows of `sql`, each a list of texts.
async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<Vec<String>> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| {
            let columns = 0..row.column_names().len();
            columns
                .map(|at| row.try_get_by_index(at).unwrap())
                .collect()
        })
        .collect()
}

const TABLE_NAMES: &str = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' \
    AND tablename NOT LIKE 'seaql%' ORDER BY 1";
/// Table, whether it is the primary key, its columns in order.
const UNIQUE_INDEXES: &str = "SELECT t.relname::text, i.indisprimary::text, \
    string_agg(a.attname, ',' ORDER BY k.place) FROM pg_index AS i \
    JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_namespace AS s ON s.oid = t.relnamespace \
    CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(number, place) \
    JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.number \
    WHERE i.indisunique AND s.nspname = 'public' AND t.relname NOT LIKE 'seaql%' \
    GROUP BY i.indexrelid, t.relname, i.indisprimary";
/// Table, its columns, the other table, its columns.
const FOREIGN_KEYS: &str = "SELECT t.relname::text, (SELECT string_agg(a.attname, ',' ORDER BY k.place) \
    FROM unnest(c.conkey) WITH ORDINALITY AS k(number, place) JOIN pg_attribute AS a \
    ON a.attrelid = c.conrelid AND a.attnum = k.number), f.relname::text, \
    (SELECT string_agg(a.attname, ',' ORDER BY k.place) \
    FROM unnest(c.confkey) WITH ORDINALITY AS k(number, place) JOIN pg_attribute AS a \
    ON a.attrelid = c.confrelid AND a.attnum = k.number) FROM pg_constraint AS c \
    JOIN pg_class AS t ON t.oid = c.conrelid JOIN pg_class AS f ON f.oid = c.confrelid \
    WHERE c.contype = 'f'";

/// What in the catalogue of PostgreSQL stands against sharding (design.md, section 4).
async fn against_sharding(db: &DatabaseConnection) -> Vec<String> {
    let lies: BTreeMap<&str, Lies> = TABLES.iter().copied().collect();
    let mut against = Vec::new();
    for row in rows(db, TABLE_NAMES).await {
        if !lies.contains_key(row[0].as_str()) {
            against.push(format!("{} lies nowhere", row[0]));
        }
    }
    for row in rows(db, UNIQUE_INDEXES).await {
        let (table, is_primary, columns) = (&row[0], row[1] == "true", &row[2]);
        let columns: Vec<_> = columns.split(',').collect();
        if let Some(Lies::With(shard) | Lies::By(shard) | Lies::Beside(_, shard)) =
            lies.get(table.as_str())
        {
            let fits = if is_primary {
                columns.first() == Some(shard)
            } else {
                columns.contains(shard)
            };
            if !fits {
                against.push(format!("{table} is unique by {columns:?}, not by {shard}"));
            }
        }
    }
    for row in rows(db, FOREIGN_KEYS).await {
        let [table, columns, other, others] = row.as_slice() else {
            panic!("{row:?}");
        };
        let together = match (lies.get(table.as_str()), lies.get(other.as_str())) {
            (_, Some(Lies::Everywhere)) => true,
            (Some(Lies::With(shard)), Some(Lies::With(other_shard))) => columns
                .split(',')
                .zip(others.split(','))
                .any(|pair| pair == (*shard, *other_shard)),
            _ => false,
        };
        if !together {
            against.push(format!(
                "{table}({columns}) refers across shards to {other}"
            ));
        }
    }
    against
}

#[tokio::test]
async fn on_sqlite_every_table_has_a_place_on_a_cluster() {
    let database = Fresh::new().await;
    // (What FTS5 keeps is SQLite's alone.)
    let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_words%' ESCAPE '\\' \
        AND name NOT LIKE 'seaql%' AND name NOT LIKE 'sqlite%' ORDER BY 1";
    let db = connect(&database).await;
    tables::up(&db).await.unwrap();
    let names = rows(&db, names).await.concat();
    let mut known: Vec<_> = TABLES.iter().map(|(name, _)| (*name).to_owned()).collect();
    known.sort_unstable();
    assert_eq!(names, known);
}

/// Its catalogue tells; the same steps make the tables of SQLite.
#[tokio::test]
async fn on_postgres_every_table_is_ready_for_sharding() {
    let database = Fresh::new().await;
    let db = connect(&database).await;
    assert_eq!(against_sharding(&db).await, Vec::<String>::new());
    assert_eq!(rows(&db, TABLE_NAMES).await.len(), TABLES.len());
    // And it would tell.
    for spoil in [
        "CREATE TABLE nowhere (id uuid PRIMARY KEY)",
        "CREATE UNIQUE INDEX across ON friendships (id)",
        "ALTER TABLE friendships ADD FOREIGN KEY (friend_id) REFERENCES users (id)",
    ] {
        let database = Fresh::new().await;
        let db = connect(&database).await;
        db.execute_unprepared(spoil).await.unwrap();
        assert_eq!(against_sharding(&db).await.len(), 1, "{spoil}");
    }
}

#[tokio::test]
async fn tables_are_spread_over_nothing_but_a_cluster() {
    let database = Fresh::new().await;
    let db = connect(&database).await;
    // There everything is spread already.
    let spread = is_citus().then(Vec::new);
    assert_eq!(shards::distribute(&db).await.unwrap(), spread);
}

/// Functions that keep what they were called with stand in for Citus, which few machines have
/// (`tests/citus.rs` is for those). What is shown is which calls are made, in which order, and that
/// they are made once.
#[tokio::test]
async fn on_postgres_the_tables_are_spread_over_a_cluster_once() {
    const STAND_IN: &str = "
        CREATE TABLE pg_dist_partition (logicalrelid regclass, how text,
            partmethod text DEFAULT 'h', repmodel text DEFAULT 's');
        CREATE FUNCTION create_reference_table(t text) RETURNS void LANGUAGE sql AS
            $$ INSERT INTO pg_dist_partition VALUES (t::regclass, 'everywhere') $$;
        CREATE FUNCTION create_distributed_table(t text, c text, colocate_with text)
            RETURNS void LANGUAGE sql AS
            $$ INSERT INTO pg_dist_partition VALUES (t::regclass, c || ' with ' || colocate_with) $$;
        CREATE FUNCTION truncate_local_data_after_distributing_table(t text)
            RETURNS void LANGUAGE sql AS $$ $$;";
    let database = Fresh::new().await;
    let db = connect(&database).await;
    db.execute_unprepared(STAND_IN).await.unwrap();
    let spread = shards::distribute(&db).await.unwrap().unwrap();
    assert_eq!(spread.len(), TABLES.len());
    assert_eq!(shards::distribute(&db).await.unwrap().unwrap().len(), 0);
    let calls = rows(&db, "SELECT logicalrelid::text, how FROM pg_dist_partition").await;
    let call = |table: &str| calls.iter().position(|call| call[0] == table).unwrap();
    assert_eq!(calls[call("users")][1], "id with none");
    assert_eq!(calls[call("footprints")][1], "owner_id with users");
    assert_eq!(calls[call("catalogue_items")][1], "everywhere");
    assert_eq!(calls[call("item_ratings")][1], "item_id with item_reviews");
    assert!(call("users") < call("diaries") && call("diaries") < call("diary_comments"));
}
