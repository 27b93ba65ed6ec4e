//! What may happen between two users (rules.md, Friendships 1-5).

use std::sync::Arc;

use entity::{
    user,
    values::{NotificationKind, RequestDirection, UserKind},
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    newest,
    reach::{People, have_common_friend},
    store,
};
use crate::{
    app::App,
    block::store as blocks,
    cache::Object,
    database::Tx,
    events::Event,
    idempotency::{Slot, once},
    notification::{
        service::{News, tell, withdraw},
        store::Which,
    },
    rejection::{Rejection, UserError, reason::people::PeopleReason},
    text,
    user::{
        service::{existing, no_such_user},
        store as users,
    },
};

const LONGEST_MESSAGE: usize = 500;

/// What asking came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    /// The request waits for an answer.
    Waiting,
    /// They are friends now: the requests crossed, or the other is a tarento.
    Friends,
}

/// Asks `other` to become a friend of `me`. Asking again changes nothing; requests that cross are
/// one friendship; a tarento accepts at once.
///
/// # Errors
/// `CANNOT_BEFRIEND_YOURSELF`, `NOT_FOUND`, `ALREADY_FRIENDS`, `FRIEND_LIMIT_REACHED` where one's
/// own list is full, `OTHER_CANNOT_ACCEPT` where the other's is or the other is out of reach, texts
/// against the rules.
pub async fn request(
    app: &Arc<App>,
    me: Uuid,
    other: Uuid,
    message: &str,
    idempotency_key: Option<String>,
) -> Result<Asked, Rejection> {
    if me == other {
        return Err(UserError::on("userId", PeopleReason::CannotBefriendYourself).into());
    }
    let message = text::optional_body("message", message, LONGEST_MESSAGE)?;
    let input = (other, message.clone());
    let slot = Slot::of(app, me, idempotency_key, "requestFriendship", &input)?;
    once(app, slot, move |app, tx| {
        let message = message.clone();
        Box::pin(async move { ask(app, tx, me, other, &message).await })
    })
    .await
}

async fn ask(app: &App, tx: &Tx, me: Uuid, other: Uuid, message: &str) -> Result<Asked, Rejection> {
    let other = app.absent_for_acts(me).veiled(other);
    blocks::hold(&tx.sql, me, other).await?;
    let asking = existing(tx, me).await?;
    let asked = blocks::seen(&tx.sql, me, other).await?;
    let asked = asked.ok_or_else(no_such_user)?;
    if store::tie(&tx.sql, me, other).await?.are_friends {
        return Err(UserError::new(PeopleReason::AlreadyFriends).into());
    }
    let is_accepted = asked.kind == UserKind::Tarento
        || match store::request(&tx.sql, me, other).await? {
            Some(mine) if mine.direction == RequestDirection::Outgoing => {
                return Ok(Asked::Waiting);
            }
            Some(_) => true,
            // A request that I refused is gone from my list, not from theirs: asking back accepts it.
            None => store::request(&tx.sql, other, me).await?.is_some(),
        };
    if !is_accepted && is_full(app, &asking) {
        return Err(friend_limit_reached(app).into());
    }
    // Who is out of reach is refused as who is full, and it takes as long.
    let has_no_room = !is_accepted && is_full(app, &asked);
    let is_divided = app.majority().divides(asking.birth_date, asked.birth_date);
    if has_no_room || is_divided {
        let ties = app.ties_for_acts();
        let is_tied = have_common_friend(&tx.sql, me, other, &ties, is_divided).await?;
        if has_no_room || !is_tied {
            return Err(other_cannot_accept().into());
        }
    }
    if is_accepted {
        return befriend(app, tx, me, other).await;
    }
    let now = app.clock.now();
    let id = app.ids.at(now);
    store::insert_request(&tx.sql, id, me, other, message, now).await?;
    tx.after_commit(Event::FriendRequestReceived(other));
    let kind = NotificationKind::FriendRequestReceived;
    tell(tx, News::new(kind, other, me, id, now)).await?;
    Ok(Asked::Waiting)
}

fn is_full(app: &App, user: &user::Model) -> bool {
    user.kind == UserKind::Member && user.friend_count >= app.rules.friend_limit
}

/// Makes two users friends, and ends every request between them. Both caps are checked here, in
/// the transaction that writes the friendship.
async fn befriend(app: &App, tx: &Tx, me: Uuid, other: Uuid) -> Result<Asked, Rejection> {
    let (mut full, mut asked) = (Vec::new(), Vec::new());
    for (user, friend) in store::both_ends([me, other]) {
        let limit = app.rules.friend_limit;
        match store::count_friend(&tx.sql, user, limit).await? {
            None => full.push(user),
            // From here on they are too many to be told of each diary.
            Some(count) if count == limit + 1 => {
                newest::tell(&tx.sql, user, Some(newest::EVERY)).await?;
            }
            Some(_) => {}
        }
        for direction in [RequestDirection::Incoming, RequestDirection::Outgoing] {
            let was_there = store::delete_request(&tx.sql, user, friend, direction).await?;
            if was_there && direction == RequestDirection::Incoming {
                asked.push((user, friend));
            }
        }
        tx.after_commit(Event::FriendRequestReceived(user));
    }
    // A refusal undoes what was counted for the other. One's own limit is told first.
    if full.contains(&me) {
        return Err(friend_limit_reached(app).into());
    }
    if full.contains(&other) {
        return Err(other_cannot_accept().into());
    }
    let now = app.clock.now();
    let newest = newest::of(&tx.sql, &[me, other]).await?;
    let id = app.ids.at(now);
    store::insert(&tx.sql, id, [me, other], now, &newest).await?;
    friends_changed(tx, [me, other]);
    // One inbox after the other, in the order of the ids.
    for (user, friend) in store::both_ends([me, other]) {
        if asked.contains(&(user, friend)) {
            request_withdrawn(tx, user, friend).await?;
        }
        if user == other {
            let kind = NotificationKind::FriendshipBegun;
            tell(tx, News::new(kind, other, me, id, now)).await?;
        }
    }
    Ok(Asked::Friends)
}

/// Makes `me`, who has just joined, and `other` friends, unless `other` has as many as a user can have.
///
/// # Errors
/// The database's.
pub async fn befriend_if_free(app: &App, tx: &Tx, me: Uuid, other: Uuid) -> Result<(), Rejection> {
    blocks::hold(&tx.sql, me, other).await?;
    // What was counted for the new one is undone with a refusal.
    let done = tx.attempt(async |tx| befriend(app, tx, me, other).await);
    done.await?.map(|_| ()).or(Ok(()))
}

/// Accepts the request that `sender` sent to `me`.
///
/// # Errors
/// `NO_SUCH_REQUEST`, `FRIEND_LIMIT_REACHED`, `OTHER_CANNOT_ACCEPT`.
pub async fn accept(
    app: &Arc<App>,
    me: Uuid,
    sender: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "acceptFriendRequest", &sender)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let sender = app.absent_for_acts(me).veiled(sender);
            blocks::hold(&tx.sql, me, sender).await?;
            received(tx, me, sender).await?;
            // One of them may have come of age since it was sent.
            let people = People::read(&tx.sql, &[me, sender]).await?;
            if people.are_divided(app.majority(), [me, sender])
                && !have_common_friend(&tx.sql, me, sender, &app.ties_for_acts(), true).await?
            {
                return Err(other_cannot_accept().into());
            }
            befriend(app, tx, me, sender).await?;
            Ok(())
        })
    })
    .await
}

async fn received(tx: &Tx, me: Uuid, sender: Uuid) -> Result<(), Rejection> {
    match store::request(&tx.sql, me, sender).await? {
        Some(row) if row.direction == RequestDirection::Incoming => Ok(()),
        _ => Err(no_such_request().into()),
    }
}

/// Refuses the request that `sender` sent to `me`, silently: it stays in the sender's list.
///
/// # Errors
/// `NO_SUCH_REQUEST`.
pub async fn decline(
    app: &Arc<App>,
    me: Uuid,
    sender: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "declineFriendRequest", &sender)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let sender = app.absent_for_acts(me).veiled(sender);
            users::hold(&tx.sql, [me]).await?;
            let direction = RequestDirection::Incoming;
            if store::delete_request(&tx.sql, me, sender, direction).await? {
                tx.after_commit(Event::FriendRequestReceived(me));
                Ok(request_withdrawn(tx, me, sender).await?)
            } else {
                Err(no_such_request().into())
            }
        })
    })
    .await
}

/// Takes back the request that `me` sent to `recipient`.
///
/// # Errors
/// `NO_SUCH_REQUEST`.
pub async fn cancel(
    app: &Arc<App>,
    me: Uuid,
    recipient: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "cancelFriendRequest", &recipient)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let recipient = app.absent_for_acts(me).veiled(recipient);
            blocks::hold(&tx.sql, me, recipient).await?;
            let outgoing = RequestDirection::Outgoing;
            if !store::delete_request(&tx.sql, me, recipient, outgoing).await? {
                return Err(no_such_request().into());
            }
            // Gone already where the recipient refused it.
            let incoming = RequestDirection::Incoming;
            store::delete_request(&tx.sql, recipient, me, incoming).await?;
            tx.after_commit(Event::FriendRequestReceived(recipient));
            Ok(request_withdrawn(tx, recipient, me).await?)
        })
    })
    .await
}

/// After the request that `user` was told of, which `sender` sent, has ended.
async fn request_withdrawn(tx: &Tx, user: Uuid, sender: Uuid) -> Result<(), DbErr> {
    let kinds = [NotificationKind::FriendRequestReceived];
    withdraw(tx, user, Which::By(sender, &kinds)).await?;
    Ok(())
}

/// After a friendship of these two began or ended: their lists, and the counters beside them.
pub(super) fn friends_changed(tx: &Tx, pair: [Uuid; 2]) {
    for user in pair {
        tx.changes(Object::Friends(user));
        tx.changes(Object::User(user));
    }
}

fn friend_limit_reached(app: &App) -> UserError {
    let limit = app.rules.friend_limit;
    UserError::new(PeopleReason::FriendLimitReached { limit })
}

fn other_cannot_accept() -> UserError {
    UserError::new(PeopleReason::OtherCannotAccept)
}

fn no_such_request() -> UserError {
    UserError::new(PeopleReason::NoSuchRequest)
}
