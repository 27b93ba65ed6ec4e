//! What a bank takes back of who paid, and gives again: the ledger says by which dispute, so that each is written
//! once. And by its times, and by who pays, the ledger is looked through by who holds the service.
//!
//! An older program that runs beside this one while it is rolled out knows no such entry: what the provider tells
//! of a payer who has one it refuses, and is told again, until it comes to the newer. Nor does it tell the provider
//! anything while a plan waits there that is taken up again: the newer one does.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, index, remove};

const LEDGER: &str = "ledger_entries";
const PAYERS: &str = "payers";
const DISPUTE: &str = "dispute";

/// The longest name that a provider gives to anything.
const NAME: u32 = 255;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, LEDGER, &mut string_len_null(DISPUTE, NAME)).await?;
        manager
            .create_index(index(LEDGER, &["at", "payer_id", "number"]))
            .await?;
        manager.create_index(index(PAYERS, &["payer_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in [(PAYERS, "payer_id"), (LEDGER, "at_payer_id_number")] {
            let mut gone = Index::drop();
            gone.name(format!("idx_{table}_{columns}"))
                .table(Alias::new(table));
            manager.drop_index(gone).await?;
        }
        remove(manager, LEDGER, DISPUTE).await
    }
}
