//! `brand_removals`: brands' pages that are gone, of which followers and posts are still to be removed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "brand_removals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub brand_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
