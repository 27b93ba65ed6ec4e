//! The pieces of a user's names lie beside the user, so that a search for several pieces joins rows
//! of one shard; the order of a search has an index of its own.

use sea_orm_migration::prelude::*;

use crate::table::{index, keyed, ordered};

const OLD: &[&str] = &["gram", "username", "user_id"];
const NEW: &[&str] = &["user_id", "gram"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        key_anew(manager, NEW).await?;
        manager.create_index(index("user_grams", OLD)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The index goes with the table.
        key_anew(manager, OLD).await
    }
}

/// Makes the table again with the primary key `keys`. (SQLite cannot change one.)
async fn key_anew(manager: &SchemaManager<'_>, keys: &[&str]) -> Result<(), DbErr> {
    let (table, old) = (Alias::new("user_grams"), Alias::new("old_user_grams"));
    let rename = Table::rename().table(table.clone(), old.clone()).to_owned();
    manager.rename_table(rename).await?;
    manager
        .create_table(
            keyed(manager, "user_grams", keys)
                .col(ordered(manager, "gram", 8))
                .col(ordered(manager, "username", 20))
                .col(ColumnDef::new("user_id").uuid().not_null())
                .to_owned(),
        )
        .await?;
    let columns = OLD.iter().map(|name| Alias::new(*name)).collect::<Vec<_>>();
    let rows = Query::select()
        .columns(columns.clone())
        .from(old.clone())
        .to_owned();
    let mut copy = Query::insert();
    copy.into_table(table).columns(columns);
    copy.select_from(rows)
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    manager.execute(copy).await?;
    manager
        .drop_table(Table::drop().table(old).to_owned())
        .await
}
