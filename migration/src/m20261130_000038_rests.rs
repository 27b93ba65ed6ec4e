//! Rests: what a user has chosen, and of each rest that something came in, which numbers of the user's four
//! sequences came in it. Who has never chosen to rest has no row, and a session's tokens, and what is kept of
//! a visitor, tell so: then nobody looks for one.
//!
//! The end of the rest that lasts, or comes next, stands in the row: by it alone those are found whose rest is
//! over. Whether somebody rests is worked out from the rest of the row, and written by nobody.
//!
//! An older program that runs beside this one while it is rolled out knows of no rest: visits through it leave
//! footprints, its live feeds hold nothing, and a session that begins there does not tell of one until the user
//! chooses again. It does not know the notification that a rest is over, either: whoever's rest ends meanwhile
//! finds their list of notifications through the newer program alone.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, drop_all, index, keyed, remove, within_shard};

const RESTS: &str = "rests";
const DIGESTS: &str = "rest_digests";
/// Where it stands that there is a row of the user's.
const MARKED: [&str; 2] = ["session_tokens", "visitors"];
const MARK: &str = "has_rest";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, RESTS, &["user_id"])
                    .col(uuid("user_id"))
                    .col(timestamp_with_time_zone_null("began_at"))
                    .col(timestamp_with_time_zone_null("ends_at"))
                    .col(string_len("weekly", 500).default(""))
                    .col(timestamp_with_time_zone_null("weekly_from"))
                    .col(boolean("is_shown").default(false))
                    .col(timestamp_with_time_zone_null("due_at"))
                    .foreign_key(&mut within_shard(RESTS, &["user_id"], "users", &["id"]))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index(RESTS, &["due_at"])).await?;
        let mut digests = keyed(manager, DIGESTS, &["user_id", "id"]);
        digests
            .col(uuid("user_id"))
            .col(uuid("id"))
            .col(timestamp_with_time_zone("began_at"))
            .col(timestamp_with_time_zone("ended_at"))
            .col(boolean("is_told").default(false));
        for sequence in ["footprint", "request", "comment", "notification"] {
            for end in ["first", "last"] {
                digests.col(big_integer(format!("{end}_{sequence}")).default(0));
            }
        }
        digests.foreign_key(&mut within_shard(DIGESTS, &["user_id"], "users", &["id"]));
        manager.create_table(digests).await?;
        // What is past its time is found by its end.
        manager.create_index(index(DIGESTS, &["ended_at"])).await?;
        for table in MARKED {
            add(manager, table, boolean(MARK).default(false)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in MARKED {
            remove(manager, table, MARK).await?;
        }
        drop_all(manager, &[DIGESTS, RESTS]).await
    }
}
