//! Ending a friendship (rules.md, Friendships 5).

use std::sync::Arc;

use entity::values::NotificationKind;
use uuid::Uuid;

use super::{service::friends_changed, store};
use crate::{
    app::App,
    block::store as blocks,
    idempotency::{Slot, once},
    notification::service::withdraw_between,
    rejection::{Rejection, UserError, reason::people::PeopleReason},
    user::service::no_such_user,
};

/// What only friends are told of each other.
const OF_FRIENDS: [NotificationKind; 2] = [
    NotificationKind::FriendshipBegun,
    NotificationKind::IntroductionWritten,
];

/// Ends the friendship of `me` and `other`, in both directions, and with it what either wrote of the other.
///
/// # Errors
/// `NOT_FOUND`, `NOT_FRIENDS`.
pub async fn end(
    app: &Arc<App>,
    me: Uuid,
    other: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "endFriendship", &other)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            blocks::hold(&tx.sql, me, other).await?;
            // Also with who is absent for a while: they would be friends again.
            if store::delete(&tx.sql, [me, other]).await? {
                friends_changed(tx, [me, other]);
                return Ok(withdraw_between(tx, [me, other], &OF_FRIENDS).await?);
            }
            let other = app.absent_for_acts(me).veiled(other);
            match blocks::seen(&tx.sql, me, other).await? {
                Some(_) => Err(UserError::new(PeopleReason::NotFriends).into()),
                None => Err(no_such_user().into()),
            }
        })
    })
    .await
}
