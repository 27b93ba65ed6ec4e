//! Telling users, and withdrawing what they were told, in the transaction of what it is about.
//!
//! An inbox is the last thing that a transaction holds, and whoever holds several does so in the order of
//! their users: so no two wait for each other.

use chrono::{DateTime, Utc};
use entity::{notification, values::NotificationKind};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    kinds::bit,
    store::{self, Which},
};
use crate::{clock::day_in_japan, database::Tx, events::Event};

/// What somebody is told of.
#[derive(Clone, Copy, Debug)]
pub struct News {
    /// Who.
    pub to: Uuid,
    /// What happened.
    pub kind: NotificationKind,
    /// The id of what it tells of.
    pub id: Uuid,
    /// Whose doing it is; nobody's where they are not named.
    pub actor: Option<Uuid>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Of a comment, the diary of theirs.
    pub diary: Option<Uuid>,
    /// Of a kiriban, the number.
    pub kiriban: Option<i64>,
}

impl News {
    /// That `actor` did to `to` what has the id `id`.
    pub fn new(kind: NotificationKind, to: Uuid, actor: Uuid, id: Uuid, at: DateTime<Utc>) -> Self {
        Self {
            to,
            kind,
            id,
            actor: Some(actor),
            at,
            diary: None,
            kiriban: None,
        }
    }
}

/// Tells somebody of `news`, unless they do not want to be told of its kind: two statements, or one.
///
/// # Errors
/// The database's.
pub async fn tell(tx: &Tx, news: News) -> Result<(), DbErr> {
    is_told(tx, news).await.map(|_| ())
}

/// The same. Says whether they are told.
///
/// # Errors
/// The database's.
pub async fn is_told(tx: &Tx, news: News) -> Result<bool, DbErr> {
    let News { to, kind, at, .. } = news;
    let Some(number) = store::next_number(&tx.sql, to, bit(kind)).await? else {
        return Ok(false);
    };
    let row = notification::Model {
        user_id: to,
        id: news.id,
        number,
        kind,
        at,
        day: day_in_japan(at),
        actor_id: news.actor.unwrap_or_default(),
        diary_id: news.diary,
        kiriban: news.kiriban,
    };
    store::insert(&tx.sql, row).await?;
    tx.after_commit(Event::Notified(to));
    Ok(true)
}

/// Tells everybody of their part of `news`.
///
/// # Errors
/// The database's.
pub async fn tell_all(tx: &Tx, mut news: Vec<News>) -> Result<(), DbErr> {
    // In the order in which everybody holds several.
    news.sort_by_key(|one| one.to);
    for one in news {
        tell(tx, one).await?;
    }
    Ok(())
}

/// Withdraws what `user` was told, as `which` says. Says how many notifications that were.
///
/// # Errors
/// The database's.
pub async fn withdraw(tx: &Tx, user: Uuid, which: Which<'_>) -> Result<usize, DbErr> {
    Withdrawn::of(tx, user, which).await?.settle(tx).await
}

/// What is withdrawn, and counted still: for who holds something else before the inbox.
#[derive(Debug)]
#[must_use]
pub struct Withdrawn {
    user: Uuid,
    numbers: Vec<i64>,
}

impl Withdrawn {
    /// Withdraws what `user` was told, as `which` says.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(tx: &Tx, user: Uuid, which: Which<'_>) -> Result<Self, DbErr> {
        let numbers = store::remove(&tx.sql, user, which).await?;
        Ok(Self { user, numbers })
    }

    /// Takes it off what is counted. Says how many notifications that were.
    ///
    /// # Errors
    /// The database's.
    pub async fn settle(self, tx: &Tx) -> Result<usize, DbErr> {
        let Self { user, numbers } = self;
        if numbers.is_empty() {
            return Ok(0);
        }
        let read = store::hold_read_number(&tx.sql, user).await?;
        let unread = numbers.iter().filter(|number| **number > read).count();
        store::take_off(&tx.sql, user, i64::try_from(unread).unwrap_or(0)).await?;
        tx.after_commit(Event::Notified(user));
        Ok(numbers.len())
    }
}

/// Has `user` be told no more that it was `actor` who reached their `kiribans`.
///
/// # Errors
/// The database's.
pub async fn unname(tx: &Tx, user: Uuid, actor: Uuid, kiribans: &[i64]) -> Result<(), DbErr> {
    for kiriban in kiribans {
        store::unname(&tx.sql, user, actor, *kiriban).await?;
    }
    if !kiribans.is_empty() {
        store::take_off(&tx.sql, user, 0).await?;
        tx.after_commit(Event::Notified(user));
    }
    Ok(())
}

/// Withdraws from each of two users what they were told of the other's doing, of these `kinds`.
///
/// # Errors
/// The database's.
pub async fn withdraw_between(
    tx: &Tx,
    pair: [Uuid; 2],
    kinds: &[NotificationKind],
) -> Result<(), DbErr> {
    let [a, b] = crate::sql::in_order(pair);
    withdraw(tx, a, Which::By(b, kinds)).await?;
    withdraw(tx, b, Which::By(a, kinds)).await?;
    Ok(())
}
