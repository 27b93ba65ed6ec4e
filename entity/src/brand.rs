//! `brands`: the pages of brands.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "brands")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// As in `brand_handles`.
    pub handle: String,
    pub name: String,
    pub description: String,
    /// Who has the page. Beside them those of `brand_editors` run it.
    pub owner_id: Uuid,
    pub is_verified: bool,
    /// Rows of `brand_editors`.
    pub editor_count: i64,
    /// Rows of `brand_followers`.
    pub follower_count: i64,
    /// Rows of `brand_posts`.
    pub post_count: i64,
    /// Grows with each post that is published, changed or removed.
    pub post_number: i64,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
