//! What may happen to introductions.

use std::sync::Arc;

use entity::{introduction, values::NotificationKind};
use uuid::Uuid;

use super::{
    access::seen,
    store::{self, IntroductionKey},
};
use crate::{
    app::App,
    block::store as blocks,
    cache::Object,
    database::Tx,
    friendship::store as friends,
    idempotency::{Slot, once},
    notification::{
        service::{News, tell, withdraw},
        store::Which,
    },
    rejection::{
        Rejection, UserError,
        reason::{people::PeopleReason, thing::Thing},
    },
    text,
    user::service::no_such_user,
};

const LONGEST_BODY: usize = 1_000;

/// Writes the introduction of `subject` by `me`, or changes it: then it stays where it stands in the list.
///
/// # Errors
/// `CANNOT_INTRODUCE_YOURSELF`, texts against the rules, `NOT_FOUND`, `NOT_FRIENDS`.
pub async fn write(
    app: &Arc<App>,
    me: Uuid,
    subject: Uuid,
    body: &str,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    if me == subject {
        return Err(UserError::on("userId", PeopleReason::CannotIntroduceYourself).into());
    }
    let body = text::body("body", body, LONGEST_BODY)?;
    let input = (subject, body.clone());
    let slot = Slot::of(app, me, idempotency_key, "writeIntroduction", &input)?;
    once(app, slot, move |app, tx| {
        let body = body.clone();
        Box::pin(async move {
            let subject = app.absent_for_acts(me).veiled(subject);
            // Nobody ends the friendship meanwhile.
            blocks::hold(&tx.sql, me, subject).await?;
            if !friends::tie(&tx.sql, me, subject).await?.are_friends {
                return Err(no_friends(tx, me, subject).await?.into());
            }
            let now = app.clock.now();
            if let Some(before) = store::introduction(&tx.sql, [subject, me]).await? {
                let row = introduction::Model {
                    body,
                    edited_at: Some(now),
                    ..before
                };
                return Ok(store::update(&tx.sql, row).await?);
            }
            let row = introduction::Model {
                subject_id: subject,
                author_id: me,
                id: app.ids.at(now),
                body,
                created_at: now,
                edited_at: None,
            };
            let kind = NotificationKind::IntroductionWritten;
            let news = News::new(kind, subject, me, row.id, now);
            store::insert(&tx.sql, row).await?;
            counted(tx, subject);
            Ok(tell(tx, news).await?)
        })
    })
    .await
}

/// Why `me` introduces nobody of whom they are no friend.
async fn no_friends(tx: &Tx, me: Uuid, subject: Uuid) -> Result<UserError, Rejection> {
    Ok(match blocks::seen(&tx.sql, me, subject).await? {
        Some(_) => UserError::new(PeopleReason::NotFriendsToIntroduce),
        None => no_such_user(),
    })
}

/// Removes the introduction with `key`, as its author, or as whom it is of.
///
/// # Errors
/// `NOT_FOUND`, `NOT_YOURS`.
pub async fn delete(
    app: &Arc<App>,
    me: Uuid,
    key: IntroductionKey,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "deleteIntroduction", &key)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let absent = app.absent_for_acts(me);
            let key @ [subject, author] = key.map(|user| absent.veiled(user));
            if me != subject && me != author {
                let row = seen(app, tx, me, key, &app.ties_for_acts()).await?;
                return Err(not_yours(row.is_some()).into());
            }
            let other = if me == subject { author } else { subject };
            blocks::hold(&tx.sql, me, other).await?;
            match remove(tx, key).await? {
                true => Ok(()),
                false => Err(UserError::absent(Thing::Introduction).into()),
            }
        })
    })
    .await
}

/// Removes the introduction with `key`. Whoever calls holds whom it is of. Says whether there was one.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &Tx, key: IntroductionKey) -> Result<bool, Rejection> {
    let is_gone = store::remove(&tx.sql, key).await?;
    if is_gone {
        let [subject, author] = key;
        counted(tx, subject);
        let kinds = [NotificationKind::IntroductionWritten];
        withdraw(tx, subject, Which::By(author, &kinds)).await?;
    }
    Ok(is_gone)
}

/// After there is one more, or one less, of `subject`.
fn counted(tx: &Tx, subject: Uuid) {
    tx.changes(Object::User(subject));
}

/// Told to who would remove what others wrote of others, or what is not there for them.
fn not_yours(is_seen: bool) -> UserError {
    if is_seen {
        UserError::new(PeopleReason::IntroductionNotYours)
    } else {
        UserError::absent(Thing::Introduction)
    }
}
