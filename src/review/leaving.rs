//! What of somebody's reviews they take along, and how those go, with the figures that count them.

use entity::review;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::store;
use crate::{
    cache::Object,
    catalogue::store as catalogue,
    database::Tx,
    error::Error,
    ids::Kind,
    loaders::Loaders,
    paging::Page,
    rejection::Rejection,
    user::{
        leaving::{Taken, global},
        store as users,
    },
};

/// Reviews that go in one transaction.
const REVIEWS: u64 = 50;

/// `page` of the reviews by `me`, the last first.
///
/// # Errors
/// The database's.
pub async fn reviews(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let db = &loaders.db();
    let mut found = store::of_authors(db, &[me], page, None).await?;
    let slice = found.remove(&me).unwrap_or_default();
    let items: Vec<_> = slice.rows.iter().map(|row| row.item_id).collect();
    let items = catalogue::items(db, &items).await?;
    Ok(slice.filter_map(|row| {
        let told = json!({
            "itemId": global(Kind::CatalogueItem, [row.item_id]), "kind": row.kind.to_value(),
            "title": items.get(&row.item_id).map(|item| item.title.as_str()),
            "rating": row.rating, "body": row.body,
            "createdAt": row.created_at, "editedAt": row.edited_at,
        });
        Some((row.id, Some(told)))
    }))
}

/// Removes some reviews by `user`. Says how many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn remove_reviews(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    users::hold(&tx.sql, [user]).await?;
    let rows = review::Entity::find()
        .filter(review::Column::AuthorId.eq(user))
        .order_by_asc(review::Column::ItemId)
        .limit(REVIEWS)
        .all(&tx.sql)
        .await?;
    for row in &rows {
        store::delete(&tx.sql, row).await?;
    }
    tx.changes(Object::User(user));
    Ok(rows.len().try_into().unwrap_or(u64::MAX))
}
