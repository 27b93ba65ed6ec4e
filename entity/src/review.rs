//! `reviews`: reviews as their authors list them.

use sea_orm::entity::prelude::*;

use crate::values::CatalogueKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: Uuid,
    /// Orders reviews by when they were first written.
    pub id: Uuid,
    /// The item's.
    pub kind: CatalogueKind,
    /// 1 to 5.
    pub rating: i32,
    pub body: String,
    pub created_at: DateTimeUtc,
    pub edited_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
