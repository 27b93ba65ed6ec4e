//! `brand_grams`: the word pieces that brands' pages are searched by.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "brand_grams")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub brand_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub gram: String,
    /// The order of the search.
    pub handle: String,
}

impl ActiveModelBehavior for ActiveModel {}
