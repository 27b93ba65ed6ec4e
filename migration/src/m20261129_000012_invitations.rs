//! Invitations: of each, how many people can join by it, and who did. A code is found by its hash, as a
//! session is; whom a user was invited by lies with the user, whom they invited with the inviter.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The inviter of those that an operator made is nobody: no row of `users`.
        manager
            .create_table(
                keyed(manager, "invitations", &["inviter_id", "id"])
                    .col(uuid("inviter_id"))
                    .col(uuid("id"))
                    .col(big_integer("places"))
                    .col(big_integer("used"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "invitation_codes", &["code_hash"])
                    .col(binary_len("code_hash", 32))
                    .col(uuid("inviter_id"))
                    .col(uuid("invitation_id"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("invitation_codes", &["expires_at"]))
            .await?;
        manager
            .create_table(
                keyed(manager, "invitees", &["inviter_id", "user_id"])
                    .col(uuid("inviter_id"))
                    .col(uuid("user_id"))
                    .col(uuid("invitation_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "inviters", &["user_id"])
                    .col(uuid("user_id"))
                    .col(uuid("inviter_id"))
                    .col(uuid("invitation_id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = ["inviters", "invitees", "invitation_codes", "invitations"];
        drop_all(manager, &tables).await
    }
}
