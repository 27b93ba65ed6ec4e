//! `followed_brands`: which brands' pages somebody follows: the other end of `brand_followers`. (Of a page that was removed
//! both ends stay for moments.)

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "followed_brands")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub brand_id: Uuid,
    /// In the order in which they were followed.
    pub id: Uuid,
    pub since: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
