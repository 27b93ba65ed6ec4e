//! `introductions`: what friends wrote to introduce somebody, as that user's profile lists them.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "introductions")]
pub struct Model {
    /// Whom it introduces.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    /// A friend of theirs: the row refers to the friendship, and ends with it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    /// Orders introductions by when they were first written.
    pub id: Uuid,
    pub body: String,
    pub created_at: DateTimeUtc,
    pub edited_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
