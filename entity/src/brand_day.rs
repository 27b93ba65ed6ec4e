//! `brand_days`: what came to a brand's page on a day in Japan on which anything did.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "brand_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub brand_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// How often somebody began to follow it.
    pub gained: i64,
    /// How often somebody ceased to.
    pub lost: i64,
    /// How many posts were published, those among them that were removed since.
    pub posts: i64,
}

impl ActiveModelBehavior for ActiveModel {}
