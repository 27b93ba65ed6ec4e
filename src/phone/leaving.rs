//! When somebody verified a number, for them to take along, and how the number becomes free.

use entity::{phone_number, user_phone};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::store;
use crate::{database::Tx, rejection::Rejection};

/// Frees the number that `user` verified. Says how many there were.
///
/// # Errors
/// The database's.
pub async fn free_number(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let Some(row) = store::of_user(&tx.sql, user).await? else {
        return Ok(0);
    };
    phone_number::Entity::delete_by_id(row.number_hash)
        .filter(phone_number::Column::UserId.eq(user))
        .exec(&tx.sql)
        .await?;
    let gone = user_phone::Entity::delete_by_id(user).exec(&tx.sql).await?;
    Ok(gone.rows_affected)
}
