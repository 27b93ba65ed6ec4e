//! `brand_editors`: who writes for a brand's page beside its owner. Each has a row in `run_brands`, too.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "brand_editors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub brand_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// In the order in which they became editors.
    pub id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
