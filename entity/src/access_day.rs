//! `access_days`: how many operations were carried out on a day in Japan, for everybody together.

use sea_orm::entity::prelude::*;

use crate::values::Device;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub device: Device,
    pub operations: i64,
}

impl ActiveModelBehavior for ActiveModel {}
