//! `run_brands`: the brands' pages that somebody has or writes for: the other end of `brands.owner_id`, and of
//! `brand_editors`.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "run_brands")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub brand_id: Uuid,
    /// In the order in which they came to run them.
    pub id: Uuid,
    pub is_owner: bool,
}

impl ActiveModelBehavior for ActiveModel {}
