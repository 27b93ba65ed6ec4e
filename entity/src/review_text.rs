//! `review_texts`: that searches find a review, and where among the others. (By which terms stands on PostgreSQL in
//! a further column, `terms`, and on SQLite in `review_words`: statements of their own write and read both.)

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review_texts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    /// The item that is reviewed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Orders what is found by when it was written.
    pub place: i64,
    /// When the version was written that is found, where that is not the first.
    pub edited_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
