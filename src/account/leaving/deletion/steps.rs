//! What of a user's goes, one thing after the other. A feature that keeps something of users adds its part
//! here.
//!
//! A step removes one batch in a transaction of its caller's, with everything that counts it, and says how
//! many rows there were: none where nothing is left of it. So no step remembers anything, and each can be
//! cut off, and done again.
//!
//! A step that has held rows of several users tells of one at least, also where what it had found was gone
//! when it held them: that ends the transaction. A further step would hold what everybody holds earlier.

use futures_util::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    account::{
        leaving::{export::store as exports, reports},
        recovery::store as recovery,
        session::end_all,
        two_factor::store as two_factor,
    },
    app::App,
    block::leaving as block,
    brand::leaving as brand,
    database::Tx,
    diary::leaving as diary,
    footprint::{kiriban::leaving as kiriban, leaving as footprint},
    friendship::leaving as friendship,
    invitation::leaving as invitation,
    music::leaving as music,
    notification::leaving as notification,
    phone::leaving as phone,
    photo::leaving as photo,
    plan::leaving as plan,
    rejection::Rejection,
    rest::leaving as rest,
    review::leaving as review,
    sql::{Sql, is_of},
    usage::leaving as usage,
    user::{
        leaving::{self as user, hold, hold_counters},
        store as users,
    },
};

/// A step.
pub type Step = for<'t> fn(&'t App, &'t Tx, Uuid) -> BoxFuture<'t, Result<u64, Rejection>>;

/// What was told, of everything below: first, so that nothing of it tells of what is gone.
const TOLD: [Step; 2] = [
    |_, tx, user| Box::pin(notification::remove_of_others(tx, user)),
    |_, tx, user| Box::pin(notification::remove_own(tx, user)),
];

/// What lies with others, or is counted with others. Others can add to it until the user is gone.
const TIES: [Step; 6] = [
    |_, tx, user| Box::pin(friendship::end_friendships(tx, user)),
    |_, tx, user| Box::pin(friendship::end_requests(tx, user)),
    |_, tx, user| Box::pin(block::end_blocks(tx, user)),
    |_, tx, user| Box::pin(invitation::remove_invitations(tx, user)),
    |app, tx, user| Box::pin(brand::run_less(app, tx, user)),
    |app, tx, user| Box::pin(brand::follow_less(app, tx, user)),
];

/// What the user left with others.
const LEFT: [Step; 5] = [
    |_, tx, user| Box::pin(diary::empty_comments(tx, user)),
    |_, tx, user| Box::pin(footprint::remove_left(tx, user)),
    |_, tx, user| Box::pin(footprint::forget_unlisted(tx, user)),
    |_, tx, user| Box::pin(kiriban::forget_reached(tx, user)),
    |_, tx, user| Box::pin(brand::forget_author(tx, user)),
];

/// What lies with the user: after the ties, so that nobody need be told of each.
const OWN: [Step; 18] = [
    |app, tx, user| Box::pin(diary::remove_diaries(app, tx, user)),
    |app, tx, user| Box::pin(photo::remove_photos(app, tx, user)),
    |app, tx, user| Box::pin(plan::remove_orders(app, tx, user)),
    |_, tx, user| Box::pin(friendship::remove_groups(tx, user)),
    |_, tx, user| Box::pin(reports::remove(tx, user)),
    |_, tx, user| Box::pin(review::remove_reviews(tx, user)),
    |_, tx, user| Box::pin(music::remove_favourites(tx, user)),
    |_, tx, user| Box::pin(music::forget_last(tx, user)),
    |_, tx, user| Box::pin(music::remove_listens(tx, user)),
    |_, tx, user| Box::pin(music::remove_weeks(tx, user)),
    |_, tx, user| Box::pin(footprint::remove_received(tx, user)),
    // What is kept of the user as a visitor tells of a rest while there is one.
    |_, tx, user| Box::pin(rest::remove(tx, user)),
    |_, tx, user| Box::pin(footprint::forget_choice(tx, user)),
    |_, tx, user| Box::pin(kiriban::remove_named(tx, user)),
    |_, tx, user| Box::pin(usage::remove(tx, user)),
    |_, tx, user| Box::pin(phone::free_number(tx, user)),
    |_, tx, user| Box::pin(remove_exports(tx, user)),
    |_, tx, user| Box::pin(forget_keys(tx, user)),
];

/// Before everything else: whoever has the account's tokens and passwords has them in vain from here on.
///
/// # Errors
/// The database's.
pub async fn lock_out(tx: &Tx, user: Uuid) -> Result<(), Rejection> {
    end_all(tx, user).await?;
    entity::credential::Entity::delete_by_id(user)
        .exec(&tx.sql)
        .await?;
    two_factor::remove(&tx.sql, user).await?;
    recovery::remove(&tx.sql, user, None).await?;
    Ok(())
}

/// Removes the next batch. Says how many rows there were: none where nothing is left but the user.
///
/// # Errors
/// The database's.
pub async fn next(app: &App, tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    for step in TOLD.into_iter().chain(TIES).chain(LEFT).chain(OWN) {
        let removed = step(app, tx, user).await?;
        if removed > 0 {
            return Ok(removed);
        }
    }
    Ok(0)
}

/// Removes the user, of whom nothing else was left, unless something has come meanwhile. Says whether the
/// user is gone: if not, [`next`] finds what came.
///
/// # Errors
/// The database's.
pub async fn finish(tx: &Tx, id: Uuid) -> Result<bool, Rejection> {
    // Whoever would add something waits here, and finds nobody then.
    hold(&tx.sql, vec![id]).await?;
    hold_counters(&tx.sql, vec![id]).await?;
    // What has come ends where both are held in the order of their ids, as everybody does: not here,
    // where one is held already, and the other's deletion may wait for that one.
    let is_tied = friendship::has_ties(tx, id).await?
        || block::has_blocks(tx, id).await?
        || invitation::has_invitations(tx, id).await?
        || photo::has_photos(tx, id).await?
        || plan::has_orders(tx, id).await?
        || brand::has_pages(tx, id).await?;
    if is_tied {
        return Ok(false);
    }
    // The operator can have given the account a password again.
    if users::by_id(&tx.sql, id).await?.is_some() {
        lock_out(tx, id).await?;
    }
    user::remove(tx, id).await?;
    Ok(true)
}

/// Removes what came on its way while the user went: a request that was under way can have left
/// something with others. Says how many rows that were.
///
/// # Errors
/// The database's.
pub async fn look_again(app: &App, tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    for step in TOLD.into_iter().chain(LEFT).chain(TIES) {
        let removed = step(app, tx, user).await?;
        if removed > 0 {
            return Ok(removed);
        }
    }
    reports::remove(tx, user).await
}

/// Exports' parts that go in one transaction: some megabytes.
const PARTS: i64 = 16;
/// Idempotency keys that do.
const KEYS: i64 = 500;

async fn remove_exports(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let row = entity::data_export::Entity::find()
        .filter(entity::data_export::Column::UserId.eq(user))
        .one(&tx.sql)
        .await?;
    let Some(row) = row else {
        return Ok(0);
    };
    let key = [row.user_id, row.id];
    let parts = exports::remove_parts(&tx.sql, key, PARTS).await?;
    if parts > 0 {
        return Ok(parts);
    }
    exports::remove(&tx.sql, key).await?;
    Ok(1)
}

async fn forget_keys(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let mut sql = Sql::of(&tx.sql);
    let (user, limit) = (sql.bind(user), sql.bind(KEYS));
    let first = format!(
        "SELECT key FROM idempotency_keys WHERE user_id = {user} ORDER BY key LIMIT {limit}"
    );
    let these = is_of(&sql, "key", &first);
    let text = format!("DELETE FROM idempotency_keys WHERE user_id = {user} AND {these}");
    Ok(sql.run(&tx.sql, text).await?)
}
