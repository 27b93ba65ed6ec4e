//! The SQL by which notifications go.

use chrono::NaiveDate;
use entity::values::NotificationKind;
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr};
use uuid::Uuid;

use super::NotificationKey;
use crate::sql::{Sql, is_of};

/// Which notifications of a user go.
#[derive(Clone, Copy, Debug)]
pub enum Which<'w> {
    /// Those with these ids.
    These(&'w [Uuid]),
    /// What somebody did, of these kinds.
    By(Uuid, &'w [NotificationKind]),
    /// What was written under a diary of theirs.
    UnderDiary(Uuid),
    /// Up to so many of before a day, the oldest first.
    Before(NaiveDate, i64),
}

/// Removes notifications of `user`. Gives their numbers.
pub async fn remove(
    db: &impl ConnectionTrait,
    user: Uuid,
    which: Which<'_>,
) -> Result<Vec<i64>, DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let those = match which {
        Which::These([id]) => format!("id = {}", sql.bind(*id)),
        Which::These(ids) => sql.among("id", ids),
        Which::By(actor, kinds) => {
            let actor = sql.bind(actor);
            let of_kinds = match kinds {
                [kind] => format!("kind = {}", sql.bind(kind.to_value())),
                _ => {
                    let kinds: Vec<_> = kinds.iter().map(ActiveEnum::to_value).collect();
                    sql.texts_among("kind", &kinds)
                }
            };
            format!("actor_id = {actor} AND {of_kinds}")
        }
        // By the comments, which an index finds, and which are on the same shard.
        Which::UnderDiary(diary) => {
            let diary = sql.bind(diary);
            format!(
                "id IN (SELECT c.id FROM diary_comments AS c WHERE c.diary_author_id = {user} \
                 AND c.diary_id = {diary})"
            )
        }
        Which::Before(day, limit) => {
            let (day, limit) = (sql.bind(day), sql.bind(limit));
            let first = format!(
                "SELECT id FROM notifications WHERE user_id = {user} AND day < {day} \
                 ORDER BY number LIMIT {limit}"
            );
            is_of(&sql, "id", &first)
        }
    };
    let text =
        format!("DELETE FROM notifications WHERE user_id = {user} AND {those} RETURNING number");
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Has a notification tell of nobody: that of `user` that `actor` reached `kiriban`.
pub async fn unname(
    db: &impl ConnectionTrait,
    user: Uuid,
    actor: Uuid,
    kiriban: i64,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let kind = sql.bind(NotificationKind::KiribanReached.to_value());
    let (user, actor) = (sql.bind(user), sql.bind(actor));
    let (kiriban, nobody) = (sql.bind(kiriban), sql.bind(Uuid::nil()));
    let text = format!(
        "UPDATE notifications SET actor_id = {nobody} WHERE user_id = {user} \
         AND actor_id = {actor} AND kind = {kind} AND kiriban = {kiriban}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Up to `limit` users who have notifications of before `day`.
pub async fn with_some_before(
    db: &impl ConnectionTrait,
    day: NaiveDate,
    limit: i64,
) -> Result<Vec<Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let (day, limit) = (sql.bind(day), sql.bind(limit));
    let text = format!(
        "SELECT DISTINCT o.user_id FROM (SELECT user_id FROM notifications WHERE day < {day} \
         ORDER BY day LIMIT {limit}) AS o ORDER BY o.user_id"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The keys of up to `limit` notifications of the doing of `actor`, whoever is told, in the order of who is.
pub async fn by_actor(
    db: &impl ConnectionTrait,
    actor: Uuid,
    limit: i64,
) -> Result<Vec<NotificationKey>, DbErr> {
    let mut sql = Sql::of(db);
    let (actor, limit) = (sql.bind(actor), sql.bind(limit));
    let text = format!(
        "SELECT user_id, id FROM notifications WHERE actor_id = {actor} ORDER BY user_id LIMIT {limit}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok([row.try_get_by_index(0)?, row.try_get_by_index(1)?]))
        .collect()
}
