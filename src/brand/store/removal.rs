//! The SQL of pages that are gone, of which something is left.

use entity::brand_removal;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use uuid::Uuid;

use super::{followers, posts};
use crate::sql::Sql;

/// Notes that the followers and posts of `brand`, which is gone, are to be removed.
pub async fn ask(db: &impl ConnectionTrait, brand: Uuid) -> Result<(), DbErr> {
    let row = brand_removal::Model { brand_id: brand };
    brand_removal::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// A page of which something is to be removed.
pub async fn next(db: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let text = "SELECT brand_id FROM brand_removals ORDER BY brand_id LIMIT 1";
    let rows = Sql::of(db).rows(db, text).await?;
    rows.first().map(|row| row.try_get_by_index(0)).transpose()
}

/// Removes up to `limit` rows of `brand`; where none is left, what says that some are. Says how many it removed.
pub async fn remove_some(db: &impl ConnectionTrait, brand: Uuid, limit: i64) -> Result<u64, DbErr> {
    let gone = followers::forget_some(db, brand, limit).await?;
    if gone > 0 {
        return Ok(gone);
    }
    let gone = posts::forget_some(db, brand, limit).await?;
    if gone > 0 {
        return Ok(gone);
    }
    let days = entity::brand_day::Entity::delete_many()
        .filter(entity::brand_day::Column::BrandId.eq(brand))
        .exec(db)
        .await?;
    brand_removal::Entity::delete_by_id(brand).exec(db).await?;
    Ok(days.rows_affected + 1)
}
