//! `statistics_days`: the service's figures, each of a day or of the month that begins with one.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_days")]
pub struct Model {
    /// What is counted.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Which of the groups that the kind falls into; nothing where it falls into none.
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: String,
    pub figure: i64,
}

impl ActiveModelBehavior for ActiveModel {}
