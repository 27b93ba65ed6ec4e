//! `diary_comments`: comments, kept with the diary that they stand under.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "diary_comments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub diary_author_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub diary_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub author_id: Uuid,
    /// The order in which others' comments reached the diary's author; 0 for the author's own.
    pub number: i64,
    pub body: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
