//! `invitations`: how many people can join by each, and how many did.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    /// Who invites; the nil id where it was the operator.
    #[sea_orm(primary_key, auto_increment = false)]
    pub inviter_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// How many people can join by it.
    pub places: i64,
    /// How many of them did.
    pub used: i64,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
