//! `brand_handles`: the directory from a handle to the brand's page, sharded by the handle.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "brand_handles")]
pub struct Model {
    /// Lower case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub handle: String,
    /// The nil id where the page is gone: nobody is given its handle again.
    pub brand_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
