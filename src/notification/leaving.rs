//! What of notifications somebody takes along, and how they go: what the user was told, and what others were
//! told of the user's doing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{notification, values::NotificationKind};
use sea_orm::ActiveEnum;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    kinds::wanted,
    loader::inbox_of,
    service::withdraw,
    store::{self, Which},
};
use crate::{
    block::loader::hidden,
    database::Tx,
    error::Error,
    ids::Kind,
    loaders::Loaders,
    paging::Page,
    rejection::Rejection,
    user::{
        leaving::{Taken, global, named},
        loader::users,
    },
};

/// Notifications of a user that go in one transaction.
const OWN: i64 = 500;
/// Those of others that do.
const OF_OTHERS: i64 = 50;

/// Who is named in `row`. (Who reached a kiriban stands with the kiriban.)
fn actor(row: &notification::Model) -> Option<Uuid> {
    let is_named = !row.actor_id.is_nil() && row.kind != NotificationKind::KiribanReached;
    is_named.then_some(row.actor_id)
}

/// `page` of what `me` was told, the first first.
///
/// # Errors
/// The database's.
pub async fn told(loaders: &Loaders, me: Uuid, page: &Page<i64>) -> Result<Taken<i64>, Error> {
    let hidden = hidden(loaders).await?;
    let slice = store::page(&loaders.db(), me, page, false, hidden.ids()).await?;
    let read = inbox_of(loaders, me).await?.read_number;
    let actors = users(loaders, slice.rows.iter().filter_map(actor), false).await?;
    Ok(slice.filter_map(|row| {
        let actor = actor(&row).and_then(|id| actors.get(&id));
        let diary = row.diary_id.map(|id| global(Kind::Diary, [me, id]));
        let told = json!({
            "kind": row.kind.to_value(), "at": row.at, "day": row.day, "isRead": row.number <= read,
            "actor": named(actor), "diaryId": diary, "kiriban": row.kiriban,
        });
        Some((row.number, Some(told)))
    }))
}

/// Which kinds of notifications `me` wants.
///
/// # Errors
/// The database's.
pub async fn chosen(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let wanted = wanted(inbox_of(loaders, me).await?.unwanted);
    let wanted: Vec<_> = wanted.iter().map(ActiveEnum::to_value).collect();
    Ok(vec![json!({ "notificationChoices": wanted })])
}

/// Removes some of what `user` was told. Says how many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn remove_own(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    // After every day of a notification; and a year of four digits, for SQLite compares texts.
    let all = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    let removed = withdraw(tx, user, Which::Before(all, OWN)).await?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

/// Removes some of what others were told of the doing of `user`. Says how many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn remove_of_others(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let keys = store::by_actor(&tx.sql, user, OF_OTHERS).await?;
    if keys.is_empty() {
        return Ok(0);
    }
    // In the order in which everybody holds several inboxes.
    let mut told: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for [user, id] in keys {
        told.entry(user).or_default().push(id);
    }
    let mut removed = 0;
    for (user, ids) in told {
        removed += withdraw(tx, user, Which::These(&ids)).await?;
    }
    Ok(u64::try_from(removed).unwrap_or(u64::MAX).max(1))
}
