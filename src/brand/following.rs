//! Following a page. Its count is one row that everybody writes who follows it: it is written last, and held to the
//! commit alone. (Many who follow one page at the same time wait for each other there, some tenths of a millisecond
//! each; on SQLite they are written in groups anyhow.)

use std::sync::Arc;

use entity::{followed_brand, user_counter};
use uuid::Uuid;

use super::{
    running::no_such_brand,
    store::{self, followers},
};
use crate::{
    app::App,
    clock::day_in_japan,
    database::Tx,
    events::Event,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError, UserErrorCode},
    user::{service::existing, store as users},
};

/// Has `me` follow the page `brand`. Who follows it already does so still.
///
/// # Errors
/// `NOT_FOUND`, `FOLLOWED_BRAND_LIMIT_REACHED`.
pub async fn follow(
    app: &Arc<App>,
    me: Uuid,
    brand: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "followBrand", &brand)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            existing(tx, me).await?;
            if store::find(&tx.sql, brand).await?.is_none() {
                return Err(no_such_brand().into());
            }
            if followers::follows(&tx.sql, me, brand).await? {
                return Ok(());
            }
            check_limit(app, tx, me).await?;
            changed(tx, me).await?;
            let now = app.clock.now();
            let row = followed_brand::Model {
                user_id: me,
                brand_id: brand,
                id: app.ids.at(now),
                since: now,
            };
            // It may be removed just now.
            match followers::insert(&tx.sql, row, day_in_japan(now)).await? {
                true => Ok(()),
                false => Err(no_such_brand().into()),
            }
        })
    })
    .await
}

/// Whether `me`, whose row is held, can follow one page more.
async fn check_limit(app: &App, tx: &Tx, me: Uuid) -> Result<(), Rejection> {
    let limit = app.rules.followed_brand_limit;
    if followers::count(&tx.sql, me, limit).await? < limit {
        return Ok(());
    }
    let said = format!("You follow {limit} pages, as many as a user can.");
    Err(UserError::new(UserErrorCode::FollowedBrandLimitReached, said).into())
}

/// Has `me` follow the page `brand` no more. Who does not follow it does not still.
///
/// # Errors
/// The database's.
pub async fn unfollow(
    app: &Arc<App>,
    me: Uuid,
    brand: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "unfollowBrand", &brand)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let day = day_in_japan(app.clock.now());
            if followers::follows(&tx.sql, me, brand).await? {
                changed(tx, me).await?;
                followers::remove(&tx.sql, me, brand, day).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Tells the live feeds of `me` to look again which pages they follow.
async fn changed(tx: &Tx, me: Uuid) -> Result<(), Rejection> {
    let number = user_counter::Column::FollowNumber;
    users::next_number(&tx.sql, me, number).await?;
    tx.after_commit(Event::FollowsChanged(me));
    Ok(())
}
