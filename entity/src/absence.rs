//! `absences`: who is absent for everybody, and for what cause: a row a cause.

use sea_orm::entity::prelude::*;

use crate::values::AbsenceCause;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub cause: AbsenceCause,
    /// When it ends by itself; null if it does not.
    pub until: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
