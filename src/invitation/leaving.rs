//! What of somebody's invitations they take along, and how those go: nobody joins by them any more, and
//! nobody remembers by whom they came.

use entity::{invitee, inviter};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::store;
use crate::{
    block::loader::hidden,
    database::Tx,
    error::Error,
    loaders::Loaders,
    paging::Page,
    rejection::Rejection,
    sql::Sql,
    user::leaving::{Taken, ids, with_users},
};

/// Invitations, codes, and people who came by them, that go in one transaction.
const INVITATIONS: i64 = 100;

/// `page` of the invitations that `me` made, the last first.
///
/// # Errors
/// The database's.
pub async fn invitations(
    loaders: &Loaders,
    me: Uuid,
    page: &Page<Uuid>,
) -> Result<Taken<Uuid>, Error> {
    let slice = store::invitations_page(&loaders.db(), me, page).await?;
    Ok(slice.filter_map(|row| {
        let told = json!({
            "places": row.places, "used": row.used,
            "createdAt": row.created_at, "expiresAt": row.expires_at,
        });
        Some((row.id, Some(told)))
    }))
}

/// `page` of those who joined by invitations of `me`, the last first.
///
/// # Errors
/// The database's.
pub async fn invitees(
    loaders: &Loaders,
    me: Uuid,
    page: &Page<Uuid>,
) -> Result<Taken<Uuid>, Error> {
    let hidden = hidden(loaders).await?;
    let slice = store::invitees_page(&loaders.db(), me, page, hidden.ids()).await?;
    let tell = |row: invitee::Model, user| (row.user_id, json!({ "user": user }));
    with_users(loaders, slice, |row| row.user_id, tell).await
}

/// Removes some invitations of `user`, and what remembers them. Says how many rows; none where there are
/// no more.
///
/// # Errors
/// The database's.
pub async fn remove_invitations(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let db = &tx.sql;
    let mut removed = 0;
    // The codes first: then nobody comes after those who are forgotten.
    for (table, key) in [("invitation_codes", "code_hash"), ("invitations", "id")] {
        let mut sql = Sql::of(db);
        let (user, limit) = (sql.bind(user), sql.bind(INVITATIONS));
        let text = format!(
            "DELETE FROM {table} WHERE inviter_id = {user} AND {key} IN (SELECT {key} FROM {table} \
             WHERE inviter_id = {user} ORDER BY {key} LIMIT {limit})"
        );
        removed += sql.run(db, text).await?;
    }
    let mut sql = Sql::of(db);
    let (by, limit) = (sql.bind(user), sql.bind(INVITATIONS));
    let text = format!(
        "SELECT user_id FROM invitees WHERE inviter_id = {by} ORDER BY user_id LIMIT {limit}"
    );
    for came in ids(db, sql, text).await? {
        removed += forget(tx, user, came).await?;
    }
    if let Some(by) = store::inviter_of(db, user).await? {
        removed += forget(tx, by, user).await?;
    }
    Ok(removed)
}

/// Whether there is something of what [`remove_invitations`] removes.
///
/// # Errors
/// The database's.
pub async fn has_invitations(tx: &Tx, user: Uuid) -> Result<bool, Rejection> {
    for table in ["invitation_codes", "invitations", "invitees"] {
        let mut sql = Sql::of(&tx.sql);
        let by = sql.bind(user);
        let text = format!("SELECT inviter_id FROM {table} WHERE inviter_id = {by} LIMIT 1");
        if !ids(&tx.sql, sql, text).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(store::inviter_of(&tx.sql, user).await?.is_some())
}

/// Has nobody remember that `came` joined by an invitation of `by`.
async fn forget(tx: &Tx, by: Uuid, came: Uuid) -> Result<u64, Rejection> {
    let one = inviter::Entity::delete_by_id(came)
        .filter(inviter::Column::InviterId.eq(by))
        .exec(&tx.sql)
        .await?;
    let other = invitee::Entity::delete_by_id((by, came))
        .exec(&tx.sql)
        .await?;
    Ok(one.rows_affected + other.rows_affected)
}
