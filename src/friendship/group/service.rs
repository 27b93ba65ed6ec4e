//! What may happen to a user's groups of friends, but for what becomes of diaries.

use std::sync::Arc;

use entity::friend_group;
use uuid::Uuid;

use super::store::{self, CLOSE_FRIENDS, GroupKey};
use crate::{
    app::App,
    database::Tx,
    friendship::store as friends,
    idempotency::{Slot, once},
    paging::MAX_PAGE,
    rejection::{Rejection, UserError, reason::people::PeopleReason},
    search, text,
    user::store as users,
};

const LONGEST_NAME: usize = 50;

/// Makes a group of `me`. Gives its key.
///
/// # Errors
/// Texts against the rules, `FRIEND_GROUP_NAME_TAKEN`, `FRIEND_GROUP_LIMIT_REACHED`.
pub async fn create(
    app: &Arc<App>,
    me: Uuid,
    name: &str,
    idempotency_key: Option<String>,
) -> Result<GroupKey, Rejection> {
    let name = text::name("name", name, LONGEST_NAME)?;
    let input = name.clone();
    let operation = "createFriendGroup";
    let slot = Slot::of(app, me, idempotency_key, operation, &input)?;
    once(app, slot, move |app, tx| {
        let name = name.clone();
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let there = store::all(&tx.sql, me).await?;
            let name_key = free_key(&there, &name, None)?;
            let made = there.iter().filter(|group| group.id != CLOSE_FRIENDS);
            let limit = app.rules.friend_group_limit;
            if i64::try_from(made.count()).is_ok_and(|made| made >= limit) {
                let reason = PeopleReason::FriendGroupLimitReached { limit };
                return Err(UserError::new(reason).into());
            }
            let row = friend_group::Model {
                owner_id: me,
                id: app.ids.at(app.clock.now()),
                name,
                name_key,
                friend_count: 0,
                diary_count: 0,
            };
            let key = [me, row.id];
            store::insert(&tx.sql, row).await?;
            Ok(key)
        })
    })
    .await
}

/// Gives a group of `me` another name.
///
/// # Errors
/// Texts against the rules, `NOT_FOUND`, `CLOSE_FRIENDS_STAY`, `FRIEND_GROUP_NAME_TAKEN`.
pub async fn rename(
    app: &Arc<App>,
    me: Uuid,
    key: GroupKey,
    name: &str,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let name = text::name("name", name, LONGEST_NAME)?;
    let input = (key, name.clone());
    let operation = "renameFriendGroup";
    let slot = Slot::of(app, me, idempotency_key, operation, &input)?;
    once(app, slot, move |_, tx| {
        let name = name.clone();
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let group = mine(tx, me, key).await?;
            unless_close_friends(&group)?;
            let there = store::all(&tx.sql, me).await?;
            let name_key = free_key(&there, &name, Some(group.id))?;
            store::rename(&tx.sql, key, &name, &name_key).await?;
            Ok(())
        })
    })
    .await
}

/// What `name` is compared by, where none of the groups that are `there` has the same, but for that with
/// the id `own`.
fn free_key(
    there: &[friend_group::Model],
    name: &str,
    own: Option<Uuid>,
) -> Result<String, UserError> {
    let name_key = search::fold(name);
    let mut others = there.iter().filter(|group| Some(group.id) != own);
    if others.any(|group| group.name_key == name_key) {
        return Err(UserError::on("name", PeopleReason::FriendGroupNameTaken));
    }
    Ok(name_key)
}

/// The group with `key`, if it is one of `me`, whose row is held. Whether it is somebody else's, or
/// nobody's, takes as long.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn mine(
    tx: &Tx,
    me: Uuid,
    [owner, id]: GroupKey,
) -> Result<friend_group::Model, Rejection> {
    let row = store::one(&tx.sql, [me, id]).await?;
    row.filter(|_| owner == me)
        .ok_or_else(|| UserError::on("friendGroupId", PeopleReason::NoSuchGroup).into())
}

/// # Errors
/// `CLOSE_FRIENDS_STAY` where `group` is that of the close friends.
pub fn unless_close_friends(group: &friend_group::Model) -> Result<(), UserError> {
    if group.id != CLOSE_FRIENDS {
        return Ok(());
    }
    let reason = PeopleReason::CloseFriendsStay;
    Err(UserError::on("friendGroupId", reason))
}

/// `users`, each once, where one call takes so many.
///
/// # Errors
/// `NUMBER_OUT_OF_RANGE`.
pub fn few(mut users: Vec<Uuid>) -> Result<Vec<Uuid>, UserError> {
    let most = usize::try_from(MAX_PAGE).unwrap_or(0);
    if !(1..=most).contains(&users.len()) {
        let reason = PeopleReason::TooManyUsers {
            minimum: 1,
            limit: MAX_PAGE,
        };
        return Err(UserError::on("userIds", reason));
    }
    users.sort_unstable();
    users.dedup();
    Ok(users)
}

/// That `users` are friends of `me` all, whose row is held. Who is none, who blocks `me`, who is absent and
/// who is not there are told alike.
///
/// # Errors
/// `NOT_FRIENDS`.
pub async fn all_friends(app: &App, tx: &Tx, me: Uuid, users: &[Uuid]) -> Result<(), Rejection> {
    let absent = app.absent_for_acts(me);
    let users: Vec<_> = users.iter().map(|user| absent.veiled(*user)).collect();
    let friends = friends::friends_among(&tx.sql, me, &users).await?;
    if users.iter().all(|user| friends.contains(user)) {
        return Ok(());
    }
    Err(UserError::on("userIds", PeopleReason::NotAllFriends).into())
}
