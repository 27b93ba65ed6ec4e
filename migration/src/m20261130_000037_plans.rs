//! Plans that are paid for: what somebody ordered, who of those that a payment provider knows is whose, and a
//! ledger of all that was paid and given back, which nothing but grows: the database itself refuses to change
//! a row of it. (But on Citus, which spreads no table that has triggers: see `database::shards`.)
//!
//! The ledger never holds the id of a user. It knows a payer by an id of their own, which leads to a user for
//! as long as there is one.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

use crate::table::{drop_all, index, keyed, keyed_with_texts, within_shard};

const ORDERS: &str = "orders";
const PAYERS: &str = "payers";
const LEDGER: &str = "ledger_entries";
const EVENTS: &str = "payment_events";
const ENDINGS: &str = "payment_endings";

/// The longest name that a provider gives to anything.
const NAME: u32 = 255;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// SQLite says it a trigger an event.
const ON_SQLITE: [&str; 2] = [
    "CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger_entries \
     BEGIN SELECT RAISE(ABORT, 'the ledger is never changed'); END",
    "CREATE TRIGGER ledger_stays_whole BEFORE DELETE ON ledger_entries \
     BEGIN SELECT RAISE(ABORT, 'nothing of the ledger is removed'); END",
];
/// An empty one can be emptied: that is how an empty database is filled at once.
const ON_POSTGRES: [&str; 2] = [
    "CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$ \
     BEGIN IF TG_OP = 'TRUNCATE' AND NOT EXISTS (SELECT FROM ledger_entries) THEN RETURN NULL; END IF; \
     RAISE EXCEPTION 'the ledger is never changed, and nothing of it is removed'; END $$",
    "CREATE TRIGGER ledger_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries \
     FOR EACH STATEMENT EXECUTE FUNCTION ledger_stays()",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed_with_texts(ORDERS, &["user_id", "id"])
                    .col(uuid("user_id"))
                    .col(uuid("id"))
                    .col(string_len("plan", 20))
                    .col(big_integer("yen"))
                    .col(big_integer("megabytes"))
                    .col(big_integer("take_backs"))
                    .col(string_len("state", 20))
                    .col(uuid("payer_id"))
                    .col(string_len_null("customer", NAME))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("open_until"))
                    .col(string_len_null("checkout", NAME))
                    .col(string_len_null("checkout_url", 2_000))
                    .col(string_len_null("subscription", NAME))
                    .col(timestamp_with_time_zone_null("paid_at"))
                    .col(timestamp_with_time_zone_null("paid_until"))
                    .col(timestamp_with_time_zone_null("holds_until"))
                    .col(timestamp_with_time_zone_null("failed_at"))
                    .col(timestamp_with_time_zone_null("cancelled_at"))
                    .col(timestamp_with_time_zone_null("ended_at"))
                    .col(timestamp_with_time_zone_null("told_at"))
                    .col(big_integer("paid_yen").default(0))
                    .col(big_integer("refunded_yen").default(0))
                    .foreign_key(&mut within_shard(ORDERS, &["user_id"], "users", &["id"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index(ORDERS, &["user_id", "holds_until"]))
            .await?;
        manager
            .create_table(
                keyed(manager, PAYERS, &["customer"])
                    .col(string_len("customer", NAME))
                    .col(uuid("payer_id"))
                    .col(uuid_null("user_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, LEDGER, &["payer_id", "number"])
                    .col(uuid("payer_id"))
                    .col(big_integer("number"))
                    .col(string_len("kind", 20))
                    .col(big_integer("yen"))
                    .col(big_integer("balance"))
                    .col(uuid_null("order_id"))
                    .col(string_len("reference", NAME))
                    .col(timestamp_with_time_zone_null("covers_until"))
                    .col(timestamp_with_time_zone("at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, EVENTS, &["id"])
                    .col(string_len("id", NAME))
                    .col(string_len("kind", 100))
                    .col(timestamp_with_time_zone("at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index(EVENTS, &["at"])).await?;
        manager
            .create_table(
                keyed(manager, ENDINGS, &["reference"])
                    .col(string_len("reference", NAME))
                    .col(string_len("way", 20))
                    .col(timestamp_with_time_zone("next_at"))
                    .col(big_integer("tries").default(0))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index(ENDINGS, &["next_at"])).await?;
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
        drop_all(manager, &[ENDINGS, EVENTS, LEDGER, PAYERS, ORDERS]).await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            let connection = manager.get_connection();
            connection
                .execute_unprepared("DROP FUNCTION ledger_stays()")
                .await?;
        }
        Ok(())
    }
}
