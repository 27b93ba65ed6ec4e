//! `suspensions`: who may not come in, until when, and what they are told.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suspensions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// Who did it; null for who holds the service itself.
    pub by_id: Option<Uuid>,
    pub since: DateTimeUtc,
    /// When it ends by itself; null if it does not.
    pub until: Option<DateTimeUtc>,
    /// What the user is told, up to 500 characters.
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
