//! The SQL of sessions: a user's list, what has ended, and when one was last used.

use chrono::{DateTime, Utc};
use entity::session;
use foldhash::HashMap;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{Page, Position, Slice, by_keys, columns},
    sql::{Sql, remove_ended, row},
};

row! {
    session::Model { user_id, id, created_at, expires_at, device, last_used_at }
}

/// The sessions with `keys`, (user, id), that nobody has ended; those past their time, too.
pub async fn by_users_and_ids(
    db: &impl Source,
    keys: &[[Uuid; 2]],
) -> Result<HashMap<[Uuid; 2], session::Model>, DbErr> {
    let key_of = |row: &session::Model| [row.user_id, row.id];
    by_keys(db, "sessions", ["user_id", "id"], keys, key_of).await
}

/// `page` of the sessions of `user` that live at `now`, the newest first.
pub async fn page(
    db: &impl ConnectionTrait,
    user: Uuid,
    page: &Page<Uuid>,
    now: DateTime<Utc>,
) -> Result<Slice<session::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, now) = (sql.bind(user), sql.bind(now));
    let below = sql.bind(page.before.unwrap_or_else(Uuid::least));
    let above = sql.bind(page.after.unwrap_or_else(Uuid::greatest));
    let limit = sql.bind(i64::from(page.limit + 1));
    let direction = if page.backwards { "ASC" } else { "DESC" };
    let read = columns::<session::Model>("t");
    let text = format!(
        "SELECT {read} FROM sessions AS t WHERE t.user_id = {user} AND t.id > {below} \
         AND t.id < {above} AND t.expires_at > {now} ORDER BY t.id {direction} LIMIT {limit}"
    );
    Ok(Slice::new(sql.models(db, text).await?, page))
}

/// How many sessions of `user` live at `now`.
pub async fn count(
    db: &impl ConnectionTrait,
    user: Uuid,
    now: DateTime<Utc>,
) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, now) = (sql.bind(user), sql.bind(now));
    let text =
        format!("SELECT count(*) FROM sessions WHERE user_id = {user} AND expires_at > {now}");
    let rows = sql.rows(db, text).await?;
    let count = rows.first().map(|row| row.try_get_by_index(0));
    Ok(count.transpose()?.unwrap_or(0))
}

/// Up to `limit` sessions of `user` that live at `now`, but for the one that is `kept`: those that were used least
/// lately, of those that were at the same time the older first.
pub async fn least_lately(
    db: &impl ConnectionTrait,
    [user, kept]: [Uuid; 2],
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, kept, now) = (sql.bind(user), sql.bind(kept), sql.bind(now));
    let limit = sql.bind(limit);
    let text = format!(
        "SELECT id FROM sessions WHERE user_id = {user} AND id <> {kept} AND expires_at > {now} \
         ORDER BY coalesce(last_used_at, created_at), id LIMIT {limit}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Keeps that the session with the key (`user`, `session`) was used at `now`, unless it is kept that
/// it was after `before`.
pub async fn note_use(
    db: &impl ConnectionTrait,
    [user, session]: [Uuid; 2],
    now: DateTime<Utc>,
    before: DateTime<Utc>,
) -> Result<(), DbErr> {
    let of_session = || {
        let mut sql = Sql::of(db);
        let (user, session) = (sql.bind(user), sql.bind(session));
        let those = format!("WHERE user_id = {user} AND session_id = {session}");
        (sql, those)
    };
    // In the order in which everybody holds them. (Citus holds none of several shards.)
    let (sql, those) = of_session();
    if sql.is_postgres() && !sql.is_citus() {
        let text = format!("SELECT 1 FROM session_tokens {those} ORDER BY token_hash FOR UPDATE");
        sql.rows(db, text).await?;
    }
    let (mut sql, those) = of_session();
    let (at, before) = (sql.bind(now), sql.bind(before));
    let text = format!(
        "UPDATE session_tokens SET used_at = {at} {those} \
         AND (used_at IS NULL OR used_at <= {before})"
    );
    if sql.run(db, text).await? == 0 {
        return Ok(());
    }
    let mut sql = Sql::of(db);
    let (user, session, at) = (sql.bind(user), sql.bind(session), sql.bind(now));
    let text = format!(
        "UPDATE sessions SET last_used_at = {at} WHERE user_id = {user} AND id = {session}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Removes `sessions` of `user`, and their tokens.
pub async fn remove(db: &impl ConnectionTrait, user: Uuid, sessions: &[Uuid]) -> Result<(), DbErr> {
    for (table, id) in [("session_tokens", "session_id"), ("sessions", "id")] {
        let mut sql = Sql::of(db);
        let of_user = sql.bind(user);
        let these = sql.among(id, sessions);
        let text = format!("DELETE FROM {table} WHERE user_id = {of_user} AND {these}");
        sql.run(db, text).await?;
    }
    Ok(())
}

/// Removes up to `limit` tokens that ended before `now`, and their sessions. Says how many tokens
/// there were.
pub async fn purge(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    // One after the other: a token lies by its hash, its session beside its user.
    let of = ["user_id", "session_id"];
    let sessions = remove_ended(db, "session_tokens", "token_hash", of, now, limit).await?;
    let mut sql = Sql::of(db);
    let ended = sql.keys("k", &sessions);
    let text = format!("DELETE FROM sessions WHERE (user_id, id) IN (SELECT k0, k1 FROM {ended})");
    sql.run(db, text).await?;
    Ok(sessions.len().try_into().unwrap_or(u64::MAX))
}
