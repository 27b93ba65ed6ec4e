//! What becomes of diaries where groups change: who is put into one sees what is for it, who is taken out
//! sees it no more, and what was for one that is deleted is for its author alone.

use std::{collections::BTreeMap, sync::Arc};

use sea_orm::DbErr;
use uuid::Uuid;

use super::grouped::store as grouped;
use crate::{
    app::App,
    cache::Object,
    database::Tx,
    friendship::{
        group::{
            service::{all_friends, few, mine, unless_close_friends},
            store::{self as groups, CLOSE_FRIENDS, GroupKey},
        },
        newest,
    },
    idempotency::{Slot, once},
    rejection::Rejection,
    user::store as users,
};

/// Puts friends of `me` into a group. Who is in it already stays.
///
/// # Errors
/// `NUMBER_OUT_OF_RANGE`, `NOT_FOUND`, `NOT_FRIENDS`.
pub async fn add(
    app: &Arc<App>,
    me: Uuid,
    key: GroupKey,
    friends: Vec<Uuid>,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let friends = few(friends)?;
    let input = (key, friends.clone());
    let operation = "addToFriendGroup";
    let slot = Slot::of(app, me, idempotency_key, operation, &input)?;
    once(app, slot, move |app, tx| {
        let friends = friends.clone();
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let group = mine(tx, me, key).await?;
            all_friends(app, tx, me, &friends).await?;
            if group.id == CLOSE_FRIENDS {
                groups::insert_close_friends(&tx.sql, me).await?;
            }
            let now = app.clock.now();
            let rows: Vec<_> = friends
                .iter()
                .map(|friend| [*friend, app.ids.at(now)])
                .collect();
            groups::add(&tx.sql, key, &rows).await?;
            if group.diary_count > 0 {
                tell(tx, me, &friends, None).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Takes friends of `me` out of a group. Who is not in it is passed over.
///
/// # Errors
/// `NUMBER_OUT_OF_RANGE`, `NOT_FOUND`, `NOT_FRIENDS`.
pub async fn take_out(
    app: &Arc<App>,
    me: Uuid,
    key: GroupKey,
    friends: Vec<Uuid>,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let friends = few(friends)?;
    let input = (key, friends.clone());
    let operation = "removeFromFriendGroup";
    let slot = Slot::of(app, me, idempotency_key, operation, &input)?;
    once(app, slot, move |app, tx| {
        let friends = friends.clone();
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let group = mine(tx, me, key).await?;
            all_friends(app, tx, me, &friends).await?;
            groups::take_out(&tx.sql, key, &friends).await?;
            if group.diary_count > 0 {
                tell(tx, me, &friends, None).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Deletes a group of `me`. Nobody sees more than before.
///
/// # Errors
/// `NOT_FOUND`, `CLOSE_FRIENDS_STAY`.
pub async fn delete(
    app: &Arc<App>,
    me: Uuid,
    key: GroupKey,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let operation = "deleteFriendGroup";
    let slot = Slot::of(app, me, idempotency_key, operation, &key)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            // Who writes for the group holds the row, too: no diary is for one that has gone.
            users::hold(&tx.sql, [me]).await?;
            let group = mine(tx, me, key).await?;
            unless_close_friends(&group)?;
            if group.diary_count == 0 {
                return Ok(groups::delete(&tx.sql, key).await?);
            }
            let members = groups::members(&tx.sql, me, &[group.id]).await?;
            grouped::close(&tx.sql, key).await?;
            groups::delete(&tx.sql, key).await?;
            tell(tx, me, &members, None).await?;
            tx.changes(Object::Diaries(me));
            tx.changes(Object::User(me));
            Ok(())
        })
    })
    .await
}

/// Tells `friends` of `author`, whose row is held, what is the newest for each of them, and whether there
/// are diaries for groups that they are in. Others see `newest`, if that is known already.
///
/// # Errors
/// The database's.
pub async fn tell(
    tx: &Tx,
    author: Uuid,
    friends: &[Uuid],
    newest: Option<Option<Uuid>>,
) -> Result<(), DbErr> {
    if friends.is_empty() {
        return Ok(());
    }
    let newest = match newest {
        Some(newest) => newest,
        None => newest::of(&tx.sql, &[author]).await?.remove(&author),
    };
    let grouped = grouped::newest_of_each(&tx.sql, author, friends).await?;
    let mut alike: BTreeMap<_, Vec<Uuid>> = BTreeMap::new();
    for friend in friends {
        let own = grouped.get(friend).copied();
        // (None is less than any.)
        let told = (newest.max(own), own.is_some());
        alike.entry(told).or_default().push(*friend);
    }
    for ((newest, sees), friends) in alike {
        newest::tell_some(&tx.sql, author, &friends, newest, sees).await?;
    }
    Ok(())
}
