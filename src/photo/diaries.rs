//! Photos in diaries: up to four, in an order.

use std::collections::HashSet;

use uuid::Uuid;

use super::store::{self, PhotoKey, Which};
use crate::{
    app::App,
    database::Tx,
    rejection::{Rejection, UserError, reason::plan::PlanReason},
    user::store as users,
};

/// The most photos of a diary (rules.md, Diaries 1).
pub const MOST: usize = 4;
const FIELD: &str = "photoIds";

/// Checks how many they are, and that each stands there once.
///
/// # Errors
/// `TOO_MANY_PHOTOS`, `PHOTO_IN_USE`.
pub fn check(photos: &[PhotoKey]) -> Result<(), UserError> {
    if photos.len() > MOST {
        return Err(UserError::on(
            FIELD,
            PlanReason::TooManyPhotos { limit: MOST },
        ));
    }
    let mut seen = HashSet::new();
    match photos.iter().all(|key| seen.insert(key)) {
        true => Ok(()),
        false => Err(UserError::on(FIELD, PlanReason::PhotoTwice)),
    }
}

/// Puts `photos` into the new `diary` of `me`: the last that the transaction does, for it holds them after all
/// that counts diaries. (How many there are is in the diary's row already.)
///
/// # Errors
/// `NOT_FOUND`, also where one is somebody else's, `PHOTO_IN_USE`.
pub async fn put_into(
    tx: &Tx,
    me: Uuid,
    diary: Uuid,
    photos: &[PhotoKey],
) -> Result<(), Rejection> {
    if photos.is_empty() {
        return Ok(());
    }
    users::hold_counters(&tx.sql, me).await?;
    for (place, key) in (0..).zip(photos) {
        put(tx, me, diary, (place, *key)).await?;
    }
    Ok(())
}

async fn put(
    tx: &Tx,
    me: Uuid,
    diary: Uuid,
    (place, [owner, id]): (i64, PhotoKey),
) -> Result<(), Rejection> {
    // Another's is looked for among one's own, where it is not.
    let key = [me, id];
    let is_put = owner == me && store::put_into(&tx.sql, key, diary, place).await?;
    if is_put {
        return Ok(());
    }
    let row = store::photo(&tx.sql, key).await?.filter(|_| owner == me);
    use entity::values::PhotoState::{Diary, Profile};
    let reason = match row.map(|row| row.state) {
        Some(Diary | Profile) => PlanReason::PhotoInUse,
        _ => PlanReason::NoSuchPhoto,
    };
    Err(UserError::on(FIELD, reason).into())
}

/// Has `photos` stand in the `diary` of `me`, and no others: those that stood there go. The last that the
/// transaction does, as [`put_into`].
///
/// # Errors
/// As [`put_into`].
pub async fn replace(
    app: &App,
    tx: &Tx,
    me: Uuid,
    diary: Uuid,
    photos: &[PhotoKey],
) -> Result<(), Rejection> {
    users::hold_counters(&tx.sql, me).await?;
    let mut found = store::of_diaries(&tx.sql, &[[me, diary]]).await?;
    let before = found.remove(&[me, diary]).unwrap_or_default();
    let stands = |key: &PhotoKey| before.iter().any(|row| [row.owner_id, row.id] == *key);
    for row in &before {
        if !photos.contains(&[row.owner_id, row.id]) {
            let now = app.clock.now();
            store::retire(&tx.sql, me, Which::One(row.id), now).await?;
        }
    }
    for (place, key) in (0..).zip(photos) {
        match stands(key) {
            true => store::place(&tx.sql, *key, place).await?,
            false => put(tx, me, diary, (place, *key)).await?,
        }
    }
    Ok(())
}

/// Removes the photos in the diary with the key, which goes, and whose author is held. Says how many there were.
///
/// # Errors
/// The database's.
pub async fn remove_with(app: &App, tx: &Tx, [author, diary]: [Uuid; 2]) -> Result<u64, Rejection> {
    let now = app.clock.now();
    Ok(store::retire(&tx.sql, author, Which::InDiary(diary), now).await?)
}
