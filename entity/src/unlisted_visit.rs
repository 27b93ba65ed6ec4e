//! `unlisted_visits`: a visitor's last visit to an owner where no footprint tells of it, as long as
//! the pause after it lasts.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unlisted_visits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub visitor_id: Uuid,
    pub visited_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
