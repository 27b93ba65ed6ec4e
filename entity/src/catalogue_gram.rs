//! `catalogue_grams`: the word pieces that items are searched by.

use sea_orm::entity::prelude::*;

use crate::values::CatalogueKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "catalogue_grams")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub gram: String,
    /// The order of the search.
    #[sea_orm(primary_key, auto_increment = false)]
    pub title_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: Uuid,
    pub kind: CatalogueKind,
}

impl ActiveModelBehavior for ActiveModel {}
