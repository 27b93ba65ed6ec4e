//! What searches find diaries and reviews by. Each text is cut by the program into its terms, a set of
//! short words, and the database keeps which texts have which: PostgreSQL in a `tsvector` with a GIN index,
//! SQLite in a table of FTS5's, which keeps no text. A row a term would take forty times the text itself.
//!
//! A row here is written with the text, and goes with it. It says, too, which version of the text was cut:
//! what an older program writes while this one is rolled out, and what is there before this step, has none,
//! or one of before, by which the program finds what it has to do (see `src/indexing.rs`).
//!
//! `place` orders what is found by when it was written: milliseconds in its upper 48 bits. On SQLite it is
//! the number of the row among the words, and so nobody else's.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

use crate::table::{drop_all, index, keyed, within_shard};

/// What is found, by which words, and whose text it is: the table, and its key.
const KINDS: [(&str, &str, &str, [&str; 2]); 2] = [
    ("diary_texts", "diary_words", "diaries", ["author_id", "id"]),
    (
        "review_texts",
        "review_words",
        "reviews",
        ["author_id", "item_id"],
    ),
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        for (texts, words, of, keys) in KINDS {
            let mut table = keyed(manager, texts, &["author_id", "id"]);
            table
                .col(uuid("author_id"))
                .col(uuid("id"))
                .col(big_integer("place"))
                .col(timestamp_with_time_zone_null("edited_at"))
                .foreign_key(&mut within_shard(texts, &["author_id", "id"], of, &keys));
            if is_postgres {
                table.col(ColumnDef::new("terms").custom("tsvector").not_null());
            }
            manager.create_table(table).await?;
            let connection = manager.get_connection();
            if is_postgres {
                let found_by =
                    format!("CREATE INDEX idx_{texts}_terms ON {texts} USING gin (terms)");
                connection.execute_unprepared(&found_by).await?;
                continue;
            }
            manager
                .create_index(index(texts, &["place"]).unique().to_owned())
                .await?;
            for made in [
                // The program cuts the terms: a space divides them, and nothing else in them does.
                format!(
                    "CREATE VIRTUAL TABLE {words} USING fts5(terms, content = '', \
                     contentless_delete = 1, detail = 'none', tokenize = 'ascii')"
                ),
                // For the recount.
                format!("CREATE VIRTUAL TABLE {words}_listed USING fts5vocab({words}, 'instance')"),
                // Also where the text itself goes, and this row with it.
                format!(
                    "CREATE TRIGGER {words}_go AFTER DELETE ON {texts} \
                     BEGIN DELETE FROM {words} WHERE rowid = old.place; END"
                ),
            ] {
                connection.execute_unprepared(&made).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (texts, words, _, _) in KINDS {
            drop_all(manager, &[texts]).await?;
            if manager.get_database_backend() == DatabaseBackend::Sqlite {
                let listed = format!("{words}_listed");
                drop_all(manager, &[listed.as_str(), words]).await?;
            }
        }
        Ok(())
    }
}
