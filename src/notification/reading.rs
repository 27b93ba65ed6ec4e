//! Looking at notifications, and choosing which to get.

use std::sync::Arc;

use entity::values::NotificationKind;
use sea_orm::ActiveEnum;
use uuid::Uuid;

use super::{kinds::unwanted, store};
use crate::{
    app::App,
    idempotency::{Slot, once},
    rejection::Rejection,
};

/// Marks the notifications of `me` as read: those up to `number`, or all.
///
/// # Errors
/// The database's.
pub async fn mark_read(
    app: &Arc<App>,
    me: Uuid,
    number: Option<i64>,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "markNotificationsRead", &number)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            store::hold(&tx.sql, me).await?;
            let inbox = store::inbox(&tx.sql, me).await?;
            let last = inbox.map_or(0, |row| row.number);
            let number = number.map_or(last, |number| number.min(last));
            Ok(store::mark_read(&tx.sql, me, number).await?)
        })
    })
    .await
}

/// Has `me` be told of what is of these `kinds`, from now on, and of nothing else.
///
/// # Errors
/// The database's.
pub async fn choose(
    app: &Arc<App>,
    me: Uuid,
    kinds: Vec<NotificationKind>,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input: Vec<_> = kinds.iter().map(ActiveEnum::to_value).collect();
    let slot = Slot::of(app, me, idempotency_key, "chooseNotifications", &input)?;
    once(app, slot, move |_, tx| {
        let unwanted = unwanted(&kinds);
        Box::pin(async move { Ok(store::choose(&tx.sql, me, unwanted).await?) })
    })
    .await
}
