//! A PostgreSQL that plans for 100,000 users.

use ashiato::database::Place;
use sea_orm::ConnectionTrait;
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::{
    Fault,
    bounds::{self, Unique},
};
use crate::support::{backend::Fresh, sql::known::Known};

/// A connection to it.
pub struct Community {
    client: Client,
    unique: Unique,
}

/// A statement of a test, whose types PostgreSQL finds out.
pub fn statement(text: &str) -> Known {
    Known {
        text: text.to_owned(),
        types: String::new(),
    }
}

impl Community {
    pub async fn connect() -> Self {
        static LOADED: OnceCell<Fresh> = OnceCell::const_new();
        let database = LOADED.get_or_init(load).await;
        let (client, connection) = tokio_postgres::connect(&database.url, NoTls).await.unwrap();
        tokio::spawn(connection);
        // As the service has it (see src/database/postgres.rs): what is bound makes no difference.
        client
            .batch_execute("SET plan_cache_mode = force_generic_plan; SET jit = off")
            .await
            .unwrap();
        let keys = "SELECT c.relname, (SELECT array_agg(a.attname::text) FROM pg_attribute AS a \
                WHERE a.attrelid = k.indexrelid) \
            FROM pg_index AS k JOIN pg_index AS i ON i.indrelid = k.indrelid \
            JOIN pg_class AS c ON c.oid = i.indexrelid WHERE k.indisunique";
        let mut unique = Unique::new();
        for row in client.query(keys, &[]).await.unwrap() {
            unique.entry(row.get(0)).or_default().push(row.get(1));
        }
        Self { client, unique }
    }

    /// Which of `known` read too much.
    pub async fn faults(&self, known: &[Known]) -> Vec<Fault> {
        let mut faults = Vec::new();
        for known in known {
            let plan = self.plan(known).await;
            let why = bounds::faults(&plan, &self.unique);
            if !why.is_empty() {
                let text = known.text.clone();
                faults.push(Fault { text, why });
            }
        }
        faults
    }

    /// The same, were there no such `index`.
    pub async fn faults_without(&self, index: &str, known: &[Known]) -> Vec<Fault> {
        let without = format!("BEGIN; DROP INDEX {index}");
        self.client.batch_execute(&without).await.unwrap();
        let faults = self.faults(known).await;
        self.client.batch_execute("ROLLBACK").await.unwrap();
        faults
    }

    async fn plan(&self, known: &Known) -> serde_json::Value {
        let Known { text, types } = known;
        let prepare = if types.is_empty() {
            format!("PREPARE p AS {text}")
        } else {
            format!("PREPARE p ({types}) AS {text}")
        };
        let prepared = self.client.batch_execute(&prepare).await;
        prepared.unwrap_or_else(|error| {
            panic!("{text}: {error:?} (a statement of before? `make statements` writes them anew)")
        });
        let count = "SELECT cardinality(parameter_types) FROM pg_prepared_statements \
            WHERE name = 'p'";
        let count: i32 = self.client.query_one(count, &[]).await.unwrap().get(0);
        let nulls = vec!["NULL"; usize::try_from(count).unwrap()].join(", ");
        let explain = if nulls.is_empty() {
            "EXPLAIN (FORMAT JSON) EXECUTE p".to_owned()
        } else {
            format!("EXPLAIN (FORMAT JSON) EXECUTE p({nulls})")
        };
        let said = self.client.simple_query(&explain).await.unwrap();
        let plan = said.iter().find_map(|said| match said {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        let plan: serde_json::Value = serde_json::from_str(plan.unwrap()).unwrap();
        self.client.batch_execute("DEALLOCATE p").await.unwrap();
        plan[0]["Plan"].clone()
    }
}

async fn load() -> Fresh {
    let database = Fresh::new().await;
    let db = Place::new(&database.url).connect_to_migrate().await;
    let db = db.unwrap();
    db.execute_unprepared(include_str!("community.sql"))
        .await
        .unwrap();
    db.close().await.unwrap();
    database
}
