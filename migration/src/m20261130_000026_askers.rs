//! A data export knows the session that asked for it, which alone is shown its link; and the codes of an
//! invitation are found by it, to be counted, and to go with it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, index, remove};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What the codes of somebody, and of an invitation, are found by.
const FOUND_BY: [&str; 2] = ["inviter_id", "invitation_id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Of those of before, and of those that an older program writes while this one is rolled out, it is
        // not known: asked for again, they are the asker's.
        add(manager, "data_exports", &mut uuid_null("session_id")).await?;
        manager
            .create_index(index("invitation_codes", &FOUND_BY))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop()
            .name(format!("idx_invitation_codes_{}", FOUND_BY.join("_")))
            .table(Alias::new("invitation_codes"))
            .to_owned();
        manager.drop_index(index).await?;
        remove(manager, "data_exports", "session_id").await
    }
}
