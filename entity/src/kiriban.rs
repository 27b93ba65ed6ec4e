//! `kiribans`: numbers of visits that owners have named, and who made those visits.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kiribans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    /// Of which of all visits to the owner it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub named_at: DateTimeUtc,
    /// When that visit was made.
    pub reached_at: Option<DateTimeUtc>,
    /// Who made it, where the visitor was named to the owner: of others nothing is kept here.
    pub visitor_id: Option<Uuid>,
    /// Whether the visitor was named to everybody, and not to friends alone and their friends.
    pub named_to_all: bool,
}

impl ActiveModelBehavior for ActiveModel {}
