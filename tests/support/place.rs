//! A database of a test's own, and plain SQL on it.

use std::{collections::BTreeMap, sync::Arc};

use ashiato::{
    app::{App, Parts},
    clock::Clock,
    config::Rules,
};
use sea_orm::{ConnectionTrait, TryGetable};

use super::{
    backend::{Fresh, is_postgres},
    keys, sql,
};

/// A service on a database in a folder that goes with it.
pub struct Place {
    pub app: Arc<App>,
    pub database: Fresh,
}

impl Place {
    /// With the default rules and the machine's clock.
    pub async fn new() -> Self {
        Self::with(Rules::default(), None).await
    }

    /// With `rules` and `clock`.
    pub async fn with(rules: Rules, clock: Option<Arc<dyn Clock>>) -> Self {
        let database = Fresh::new().await;
        let mut parts = Parts::new(database.place(), rules);
        parts.keys = keys();
        parts.on_statement = Some(Arc::new(|info| sql::hold(info.statement)));
        if let Some(clock) = clock {
            parts.clock = clock;
        }
        let app = App::open(parts).await.unwrap();
        Self { app, database }
    }

    /// For a further service, or the command line, on the same database.
    pub fn url(&self) -> String {
        self.database.url.clone()
    }

    /// Writes a file into the folder and says where it is.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> std::path::PathBuf {
        let path = self.database.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Every first column.
    pub async fn all<T: TryGetable>(&self, sql: &str) -> Vec<T> {
        let db = self.app.database.reader();
        let statement = sql::own(db, sql);
        let rows = db.query_all_raw(statement).await.unwrap();
        rows.iter()
            .map(|row| row.try_get_by_index(0).unwrap())
            .collect()
    }

    /// The first column of the first row.
    pub async fn one<T: TryGetable>(&self, sql: &str) -> T {
        self.all(sql).await.into_iter().next().unwrap()
    }

    /// The second column by the first.
    pub async fn map<T: TryGetable>(&self, sql: &str) -> BTreeMap<String, T> {
        let db = self.app.database.reader();
        let statement = sql::own(db, sql);
        let rows = db.query_all_raw(statement).await.unwrap();
        rows.iter()
            .map(|row| {
                (
                    row.try_get_by_index(0).unwrap(),
                    row.try_get_by_index(1).unwrap(),
                )
            })
            .collect()
    }

    /// Everything that stands in the database, as SQL values, table by table.
    pub async fn everything(&self) -> BTreeMap<String, Vec<String>> {
        let tables: Vec<String> = self
            .all(if is_postgres() {
                "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' \
                 AND tablename NOT LIKE 'seaql%' ORDER BY 1"
            } else {
                "SELECT name FROM sqlite_master WHERE type = 'table' \
                 AND name NOT LIKE 'seaql%' AND name NOT LIKE 'sqlite%' ORDER BY 1"
            })
            .await;
        let mut everything = BTreeMap::new();
        for table in tables {
            let row = if is_postgres() {
                format!("{table}::text")
            } else {
                let columns: Vec<String> = self
                    .all(&format!("SELECT name FROM pragma_table_info('{table}')"))
                    .await;
                let quoted: Vec<_> = columns.iter().map(|c| format!("quote({c})")).collect();
                quoted.join(" || ',' || ")
            };
            let rows = self
                .all(&format!("SELECT {row} FROM {table} ORDER BY 1"))
                .await;
            everything.insert(table, rows);
        }
        everything
    }
}
