//! For which group of its author's a diary is written.

use entity::values::Audience;
use uuid::Uuid;

use crate::{
    database::Tx,
    friendship::group::{
        service::mine,
        store::{self as groups, CLOSE_FRIENDS, GroupKey},
    },
    rejection::{Rejection, UserError, reason::people::PeopleReason},
    user::store as users,
};

/// That a group is named where `audience` is one, and nowhere else.
///
/// # Errors
/// `FRIEND_GROUP_REQUIRED`, `FRIEND_GROUP_NOT_ALLOWED`.
pub(super) fn check_group(
    audience: Option<Audience>,
    group: Option<GroupKey>,
) -> Result<(), UserError> {
    let reason = match (audience == Some(Audience::Group), group) {
        (true, None) => PeopleReason::FriendGroupRequired,
        (false, Some(_)) => PeopleReason::FriendGroupNotAllowed,
        _ => return Ok(()),
    };
    Err(UserError::on("friendGroupId", reason))
}

/// The own id of the group with `key`, if one is named and is one of `me`; its row stands there, and stays
/// until the transaction ends.
///
/// # Errors
/// `NOT_FOUND`.
pub(super) async fn group_to_write_for(
    tx: &Tx,
    me: Uuid,
    key: Option<GroupKey>,
) -> Result<Option<Uuid>, Rejection> {
    let Some(key) = key else {
        return Ok(None);
    };
    // Who deletes it holds the row, too.
    users::hold(&tx.sql, [me]).await?;
    let group = mine(tx, me, key).await?;
    if group.id == CLOSE_FRIENDS {
        groups::insert_close_friends(&tx.sql, me).await?;
    }
    Ok(Some(group.id))
}
