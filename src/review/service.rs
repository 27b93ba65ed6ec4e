//! What may happen to reviews.

use std::sync::Arc;

use entity::review;
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    cache::Object,
    catalogue::store as catalogue,
    database::Tx,
    idempotency::{Slot, once},
    rejection::{
        Rejection, UserError,
        reason::{catalogue::CatalogueReason, people::PeopleReason, thing::Thing},
    },
    text,
    user::store as users,
};

const LONGEST_BODY: usize = 5_000;

/// Writes the review of `item` by `me`, or changes it.
///
/// # Errors
/// `RATING_INVALID`, texts against the rules, `NOT_FOUND`.
pub async fn write(
    app: &Arc<App>,
    me: Uuid,
    item: Uuid,
    rating: i32,
    body: &str,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let (minimum, limit) = (1, 5);
    if !(minimum..=limit).contains(&rating) {
        let reason = CatalogueReason::RatingInvalid { minimum, limit };
        return Err(UserError::on("rating", reason).into());
    }
    let body = text::optional_body("body", body, LONGEST_BODY)?;
    let input = (item, rating, body.clone());
    let slot = Slot::of(app, me, idempotency_key, "reviewItem", &input)?;
    once(app, slot, move |app, tx| {
        let body = body.clone();
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let now = app.clock.now();
            if let Some(before) = store::review(&tx.sql, [me, item]).await? {
                let row = review::Model {
                    rating,
                    body,
                    edited_at: Some(now),
                    ..before.clone()
                };
                return Ok(store::update(&tx.sql, &before, row).await?);
            }
            let reviewed = catalogue::item(&tx.sql, item).await?;
            let thing = Thing::CatalogueItem;
            let absent = || UserError::on("itemId", PeopleReason::Absent { thing });
            let reviewed = reviewed.ok_or_else(absent)?;
            let row = review::Model {
                author_id: me,
                item_id: item,
                id: app.ids.at(now),
                kind: reviewed.kind,
                rating,
                body,
                created_at: now,
                edited_at: None,
            };
            store::insert(&tx.sql, row).await?;
            tx.changes(Object::User(me));
            Ok(())
        })
    })
    .await
}

/// Removes the review of `item` by `author`, who must be `me`.
///
/// # Errors
/// `NOT_FOUND`, `NOT_YOURS`.
pub async fn delete(
    app: &Arc<App>,
    me: Uuid,
    [author, item]: store::ReviewKey,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = [author, item];
    let slot = Slot::of(app, me, idempotency_key, "deleteReview", &input)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            if author != me {
                let author = app.absent_for_acts(me).veiled(author);
                let seen = store::is_seen(&tx.sql, me, [author, item]).await?;
                return Err(not_yours(seen).into());
            }
            match remove(tx, [author, item]).await? {
                true => Ok(()),
                false => Err(UserError::absent(Thing::Review).into()),
            }
        })
    })
    .await
}

/// Removes the review of `key`. Whoever calls holds its author. Says whether there was one.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &Tx, key: store::ReviewKey) -> Result<bool, Rejection> {
    let Some(row) = store::review(&tx.sql, key).await? else {
        return Ok(false);
    };
    store::delete(&tx.sql, &row).await?;
    // The counters of reviews stand in the user's row.
    tx.changes(Object::User(row.author_id));
    Ok(true)
}

/// Told to who would remove another's review, or one that is not there for them.
fn not_yours(seen: bool) -> UserError {
    if seen {
        UserError::new(PeopleReason::ReviewNotYours)
    } else {
        UserError::absent(Thing::Review)
    }
}
