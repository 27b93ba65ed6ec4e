//! What a block ends, and who may make one (rules.md, Friendships 8).

use std::sync::Arc;

use entity::values::{NotificationKind, RequestDirection};
use uuid::Uuid;

use super::{service::friends_changed, store};
use crate::{
    app::App,
    block::store as blocks,
    cache::Object,
    database::Tx,
    events::Event,
    idempotency::{Slot, once},
    notification::service::withdraw_between,
    rejection::{Rejection, UserError, reason::people::PeopleReason},
    user::{service::no_such_user, store as users},
};

/// What two are told of each other, and that a block ends. (What one wrote under the other's diaries stays, and
/// is hidden.)
const ENDED: [NotificationKind; 3] = [
    NotificationKind::FriendRequestReceived,
    NotificationKind::FriendshipBegun,
    NotificationKind::IntroductionWritten,
];

/// Has `me` block `other`: ends their friendship and every request between them, in the transaction
/// that writes the block. Blocking again changes nothing.
///
/// # Errors
/// `CANNOT_BLOCK_YOURSELF`, `NOT_FOUND` where the user is absent, or hidden because of a block of
/// theirs: nobody finds out by blocking back; `BLOCK_LIMIT_REACHED`.
pub async fn block(
    app: &Arc<App>,
    me: Uuid,
    other: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    if me == other {
        return Err(UserError::on("userId", PeopleReason::CannotBlockYourself).into());
    }
    let slot = Slot::of(app, me, idempotency_key, "blockUser", &other)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            blocks::hold(&tx.sql, me, other).await?;
            let between = blocks::between(&tx.sql, me, other).await?;
            if between.as_ref().is_some_and(|row| row.made.is_some()) {
                return Ok(());
            }
            // Who is absent for a while is hidden from nobody here: they come back.
            if blocks::seen(&tx.sql, me, other).await?.is_none() {
                return Err(no_such_user().into());
            }
            check_limit(app, tx, me).await?;
            end_all(tx, me, other).await?;
            let now = app.clock.now();
            let id = app.ids.at(now);
            blocks::make(&tx.sql, [me, other], between.as_ref(), id, now).await?;
            counted(tx, [me, other]);
            Ok(())
        })
    })
    .await
}

/// Whether `me`, whose row is held, can block one more. (Who is blocked by many has no part in it.)
async fn check_limit(app: &App, tx: &Tx, me: Uuid) -> Result<(), Rejection> {
    let limit = app.rules.block_limit;
    if blocks::made_by(&tx.sql, me, limit).await? < limit {
        return Ok(());
    }
    Err(UserError::new(PeopleReason::BlockLimitReached { limit }).into())
}

/// Ends the friendship of two users and the requests between them.
async fn end_all(tx: &Tx, me: Uuid, other: Uuid) -> Result<(), Rejection> {
    if store::delete(&tx.sql, [me, other]).await? {
        friends_changed(tx, [me, other]);
    }
    for (user, other) in store::both_ends([me, other]) {
        for direction in [RequestDirection::Incoming, RequestDirection::Outgoing] {
            store::delete_request(&tx.sql, user, other, direction).await?;
        }
        tx.after_commit(Event::FriendRequestReceived(user));
    }
    Ok(withdraw_between(tx, [me, other], &ENDED).await?)
}

/// Takes back the block that `me` made. One that `other` made stays.
///
/// # Errors
/// `NOT_BLOCKED` where `me` blocks no such user, whether there is one or not.
pub async fn unblock(
    app: &Arc<App>,
    me: Uuid,
    other: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "unblockUser", &other)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let other = app.absent_for_acts(me).veiled(other);
            // Nobody else takes it back: only where there is one are the rows held.
            mine(tx, me, other).await?;
            users::hold(&tx.sql, [me, other]).await?;
            let row = mine(tx, me, other).await?;
            blocks::unmake(&tx.sql, row).await?;
            counted(tx, [me, other]);
            Ok(())
        })
    })
    .await
}

/// After the counter of blocks changed with both.
fn counted(tx: &Tx, pair: [Uuid; 2]) {
    for user in pair {
        tx.changes(Object::User(user));
    }
}

async fn mine(tx: &Tx, me: Uuid, other: Uuid) -> Result<entity::block::Model, Rejection> {
    let between = blocks::between(&tx.sql, me, other).await?;
    between
        .filter(|row| row.made.is_some())
        .ok_or_else(|| UserError::new(PeopleReason::NotBlocked).into())
}
