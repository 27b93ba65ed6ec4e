//! How diaries and comments go: by their authors, and by who looks after what is reported.

use std::sync::Arc;

use entity::diary;
use uuid::Uuid;

use super::{
    access::{may_see, veiled},
    service::{comments_changed, diaries_changed, mine},
    store::{self, CommentKey, DiaryKey},
    versions::shown_unless_blocked,
};
use crate::{
    app::App,
    block::store as blocks,
    cache::Object,
    database::Tx,
    events::Event,
    idempotency::{Slot, once},
    notification::{
        service::{Withdrawn, withdraw},
        store::Which,
    },
    photo::diaries as photos,
    rejection::{
        Rejection, UserError,
        reason::{people::PeopleReason, thing::Thing},
    },
    user::store as users,
};

/// Removes a diary of `me`, with its comments and photos.
///
/// # Errors
/// `NOT_FOUND`, `NOT_YOURS`.
pub async fn delete(
    app: &Arc<App>,
    me: Uuid,
    key: DiaryKey,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "deleteDiary", &key)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let row = mine(app, tx, me, key).await?;
            remove(app, tx, &row).await
        })
    })
    .await?;
    app.photos.removed.notify_one();
    Ok(())
}

/// Removes the diary `row`, with its comments and photos. Whoever calls holds its author, and has the files removed
/// after the commit.
///
/// # Errors
/// The database's.
pub async fn remove(app: &App, tx: &Tx, row: &diary::Model) -> Result<(), Rejection> {
    // Before what is told of it, as who comments on it.
    store::hold(&tx.sql, [row.author_id, row.id]).await?;
    let told = Withdrawn::of(tx, row.author_id, Which::UnderDiary(row.id)).await?;
    store::delete(&tx.sql, row).await?;
    diaries_changed(app, tx, row.author_id, [row.group_id, None]).await?;
    told.settle(tx).await?;
    if row.photo_count > 0 {
        photos::remove_with(app, tx, [row.author_id, row.id]).await?;
    }
    tx.changes(Object::Comments([row.author_id, row.id]));
    tx.after_commit(Event::DiaryCommented(row.author_id));
    Ok(())
}

/// Removes a comment, as its author or as the diary's.
///
/// # Errors
/// `NOT_FOUND`, `NOT_YOURS`.
pub async fn delete_comment(
    app: &Arc<App>,
    me: Uuid,
    key: CommentKey,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "deleteDiaryComment", &key)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let [author, diary, id] = key;
            let under @ [owner, _] = veiled(app, me, [author, diary]);
            let shown = shown_unless_blocked(&tx.sql, me, under, true).await?;
            // Both are looked up in every case: a hidden comment answers as an absent one does.
            let row = store::comment(&tx.sql, [owner, diary, id]).await?;
            // Nor is one there for me that a hidden user wrote, or that stands with one.
            let by = row.as_ref().map_or_else(Uuid::nil, |row| row.author_id);
            let blocked = blocks::are_any_blocked(&tx.sql, me, &[by, author]).await?;
            let hidden = blocked || app.absent_for_acts(me).contains(by);
            let row = row.filter(|_| !hidden);
            let seen = match may_see(app, tx, me, under, shown, &app.ties_for_acts()).await {
                Ok(_) => true,
                Err(Rejection::Refused(_)) => false,
                Err(failed) => return Err(failed),
            };
            match row {
                Some(row) if row.author_id == me || author == me => remove_comment(tx, key).await,
                Some(_) if seen => Err(UserError::new(PeopleReason::CommentNotYours).into()),
                _ => Err(UserError::absent(Thing::Comment).into()),
            }
        })
    })
    .await
}

/// Removes the comment with `key`.
///
/// # Errors
/// The database's.
pub async fn remove_comment(tx: &Tx, key: CommentKey) -> Result<(), Rejection> {
    let [author, diary, id] = key;
    store::delete_comment(&tx.sql, key).await?;
    comments_changed(tx, [author, diary]);
    tx.after_commit(Event::DiaryCommented(author));
    withdraw(tx, author, Which::These(&[id])).await?;
    Ok(())
}
