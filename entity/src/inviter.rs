//! `inviters`: who brought a user in, of those whom somebody did.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inviters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The nil id where it was the operator.
    pub inviter_id: Uuid,
    pub invitation_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
