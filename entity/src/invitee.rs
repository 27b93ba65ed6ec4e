//! `invitees`: whom a user brought in. Their ids are in the order in which they came.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitees")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub inviter_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub invitation_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
