//! The SQL of recoveries by a number that are under way.

use chrono::{DateTime, Utc};
use entity::phone_recovery;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};

use crate::sql::{Row, Sql, is_ended, row};

row! {
    phone_recovery::Model { recovery_hash, number_hash, code_hash, tries, used_at, expires_at }
}

/// A hash, of 32 bytes.
pub type Hash = [u8; 32];

/// Writes a recovery that somebody asked for.
pub async fn insert(db: &impl ConnectionTrait, row: phone_recovery::Model) -> Result<(), DbErr> {
    phone_recovery::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Takes one of the `most` tries of the code of `recovery`, if it lives at `now`, used or not. Gives it. Of
/// those who try at the same time, too, no more get one.
pub async fn take_try(
    db: &impl ConnectionTrait,
    recovery: &Hash,
    most: i64,
    now: DateTime<Utc>,
) -> Result<Option<phone_recovery::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (recovery, most) = (sql.bind(recovery.to_vec()), sql.bind(most));
    let now = sql.bind(now);
    let columns = phone_recovery::Model::COLUMNS.join(", ");
    let text = format!(
        "UPDATE phone_recoveries SET tries = tries + 1 WHERE recovery_hash = {recovery} \
         AND tries < {most} AND expires_at > {now} RETURNING {columns}"
    );
    Ok(sql.models(db, text).await?.pop())
}

/// Gives a try of `recovery` back: its code was right.
pub async fn give_back(db: &impl ConnectionTrait, recovery: &Hash) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let recovery = sql.bind(recovery.to_vec());
    let text = format!(
        "UPDATE phone_recoveries SET tries = tries - 1 WHERE recovery_hash = {recovery} AND tries > 0"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Marks `recovery` as used at `at`. Gives the hash of its number, unless it was used before.
pub async fn use_up(
    db: &impl ConnectionTrait,
    recovery: &Hash,
    at: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, DbErr> {
    let mut sql = Sql::of(db);
    let (at, recovery) = (sql.bind(at), sql.bind(recovery.to_vec()));
    let text = format!(
        "UPDATE phone_recoveries SET used_at = {at} WHERE recovery_hash = {recovery} \
         AND used_at IS NULL RETURNING number_hash"
    );
    let rows = sql.rows(db, text).await?;
    let number = rows.first().map(|row| row.try_get_by_index(0));
    number.transpose()
}

/// Forgets `recovery`.
pub async fn remove(db: &impl ConnectionTrait, recovery: &Hash) -> Result<(), DbErr> {
    phone_recovery::Entity::delete_by_id(recovery.to_vec())
        .exec(db)
        .await?;
    Ok(())
}

/// Removes up to `limit` recoveries whose time was over before `now`. Says how many there were.
pub async fn purge(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    let (table, key) = ("phone_recoveries", "recovery_hash");
    let mut sql = Sql::of(db);
    let these = is_ended(&mut sql, table, key, "expires_at", now, limit);
    sql.run(db, format!("DELETE FROM {table} WHERE {these}"))
        .await
}
