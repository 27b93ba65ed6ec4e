//! What administrators and operators did, for ever: the database itself refuses to change or remove a
//! row of it. (But on Citus, which spreads no table that has triggers: see `database::shards`.)

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

use crate::table::{drop_all, index, keyed};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// SQLite says it a trigger an event.
const ON_SQLITE: [&str; 2] = [
    "CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log \
     BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END",
    "CREATE TRIGGER audit_log_stays_whole BEFORE DELETE ON audit_log \
     BEGIN SELECT RAISE(ABORT, 'nothing of the audit log is removed'); END",
];
const ON_POSTGRES: [&str; 2] = [
    "CREATE FUNCTION audit_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$ \
     BEGIN RAISE EXCEPTION 'the audit log is never changed, and nothing of it is removed'; END $$",
    "CREATE TRIGGER audit_log_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_log_stays()",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "audit_log", &["id"])
                    .col(uuid("id"))
                    .col(uuid_null("actor_id"))
                    .col(string_len("act", 30))
                    .col(uuid_null("subject_id"))
                    .col(string_len("detail", 200))
                    .col(timestamp_with_time_zone("at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("audit_log", &["subject_id", "id"]))
            .await?;
        let statements = match manager.get_database_backend() {
            DatabaseBackend::Sqlite => ON_SQLITE,
            _ => ON_POSTGRES,
        };
        for statement in statements {
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Its triggers go with it.
        drop_all(manager, &["audit_log"]).await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            let connection = manager.get_connection();
            connection
                .execute_unprepared("DROP FUNCTION audit_log_stays()")
                .await?;
        }
        Ok(())
    }
}
