//! Uploading photos, putting one on one's profile, removing them. (Those in diaries are in [`super::diaries`].)

use std::sync::Arc;

use axum::body::Bytes;
use chrono::TimeDelta;
use entity::{photo, values::PhotoState};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    picture::{NoPicture, Picture},
    space::{full, quota},
    store::{self, PhotoKey, Which},
};
use crate::{
    app::App,
    cache::Object,
    database::Tx,
    error::Error,
    idempotency::{Slot, once},
    rejection::{
        Rejection, UserError,
        reason::{plan::PlanReason, thing::Thing},
    },
    user::store as users,
};

/// How long the space is taken of a photo whose files never came: far longer than writing them takes.
const PENDING: TimeDelta = TimeDelta::minutes(10);
/// How long a photo stays that is used nowhere.
const UNUSED: TimeDelta = TimeDelta::days(1);

/// What an uploaded photo is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To stand in a diary, later.
    Later,
    /// To be the picture of the profile, in the place of any other.
    Profile,
}

impl Purpose {
    fn operation(self) -> &'static str {
        match self {
            Self::Later => "uploadPhoto",
            Self::Profile => "setProfilePhoto",
        }
    }

    fn state(self) -> PhotoState {
        match self {
            Self::Later => PhotoState::Unused,
            Self::Profile => PhotoState::Profile,
        }
    }
}

/// Draws the picture in `file` anew, and keeps it for `me`, if there is room. Gives its key.
///
/// In this order: its space is taken, in a transaction that writes its row; its files are written; it is there
/// for `me`. What is cut off after the first is given back later, and a call that is repeated goes on with it.
///
/// # Errors
/// `FILE_NOT_A_PHOTO`, `PHOTO_TOO_LARGE`, `STORAGE_FULL`.
pub async fn upload(
    app: &Arc<App>,
    me: Uuid,
    file: Bytes,
    purpose: Purpose,
    idempotency_key: Option<String>,
) -> Result<PhotoKey, Rejection> {
    let is_repeatable = idempotency_key.is_some();
    let content = Sha256::digest(&file).to_vec();
    let slot = Slot::of(app, me, idempotency_key, purpose.operation(), &content)?;
    let most_pixels = app.rules.photo_megapixels.saturating_mul(1_000_000);
    let drawn = app.photos.draw(file, most_pixels).await;
    let picture = drawn.map_err(|why| no_picture(app, why))?;
    let new = form(me, &picture);
    let id = once(app, slot, move |app, tx| {
        let new = new.clone();
        Box::pin(async move { reserve(app, tx, new).await })
    })
    .await?;
    let key = [me, id];
    // A call that was repeated: what the first one made may be there, or be gone.
    let row = store::photo(app.database.reader(), key).await?;
    match row.map(|row| row.state) {
        Some(PhotoState::Pending) => {}
        Some(PhotoState::Removed) | None => return Err(gone().into()),
        Some(_) => return Ok(key),
    }
    if let Err(error) = app.photos.put(key, &picture).await {
        if !is_repeatable {
            remove_quietly(app, key).await;
        }
        return Err(error.into());
    }
    let shared = app.clone();
    let kept = app.database.write(move |tx| {
        let app = shared.clone();
        Box::pin(async move { keep(&app, tx, key, purpose).await })
    });
    kept.await?;
    app.photos.removed.notify_one();
    Ok(key)
}

fn no_picture(app: &App, why: NoPicture) -> Rejection {
    let reason = match why {
        NoPicture::Unreadable => PlanReason::FileNotAPhoto,
        NoPicture::TooManyPixels => PlanReason::PhotoTooLarge {
            limit: app.rules.photo_megapixels,
        },
        NoPicture::NotDrawn => return Error::internal("a picture could not be drawn anew").into(),
    };
    UserError::on("file", reason).into()
}

fn gone() -> UserError {
    UserError::new(PlanReason::PhotoGone)
}

/// A row whose id and times are not known yet.
fn form(me: Uuid, picture: &Picture) -> photo::Model {
    photo::Model {
        owner_id: me,
        id: Uuid::nil(),
        state: PhotoState::Pending,
        diary_id: None,
        place: 0,
        format: picture.format,
        width: picture.width.into(),
        height: picture.height.into(),
        bytes: picture.bytes(),
        created_at: chrono::DateTime::UNIX_EPOCH,
        due_at: None,
    }
}

/// Takes the space of a photo, and writes its row.
async fn reserve(app: &App, tx: &Tx, new: photo::Model) -> Result<Uuid, Rejection> {
    let now = app.clock.now();
    let quota = quota(app, &tx.sql, new.owner_id).await?;
    if !store::reserve(&tx.sql, new.owner_id, new.bytes, quota).await? {
        return Err(full(new.bytes, quota).into());
    }
    let row = photo::Model {
        id: app.ids.at(now),
        created_at: now,
        due_at: Some(now + PENDING),
        ..new
    };
    let id = row.id;
    store::insert(&tx.sql, row).await?;
    Ok(id)
}

/// Has the photo with `key`, whose files are written, be there for its owner.
async fn keep(
    app: &App,
    tx: &Tx,
    key @ [me, id]: PhotoKey,
    purpose: Purpose,
) -> Result<(), Rejection> {
    let now = app.clock.now();
    if purpose == Purpose::Profile {
        // As everybody, users before what is theirs.
        users::hold(&tx.sql, [me]).await?;
        users::hold_counters(&tx.sql, me).await?;
    }
    let due = (purpose == Purpose::Later).then_some(now + UNUSED);
    let states = [PhotoState::Pending, purpose.state()];
    if !store::turn(&tx.sql, key, states, due).await? {
        // Another call with its idempotencyKey was faster, or it took longer than its space is taken for.
        let row = store::photo(&tx.sql, key).await?;
        return match row.map(|row| row.state) {
            Some(PhotoState::Removed) | None => Err(gone().into()),
            Some(_) => Ok(()),
        };
    }
    if purpose == Purpose::Profile {
        take_off(app, tx, me).await?;
        store::show_on_profile(&tx.sql, me, Some(id)).await?;
        tx.changes(Object::User(me));
    }
    Ok(())
}

/// Removes the picture of the profile of `user`, who is held. Says whether there was one.
async fn take_off(app: &App, tx: &Tx, user: Uuid) -> Result<bool, Rejection> {
    let row = users::by_id(&tx.sql, user).await?;
    let Some(id) = row.and_then(|row| row.photo_id) else {
        return Ok(false);
    };
    store::retire(&tx.sql, user, Which::One(id), app.clock.now()).await?;
    store::show_on_profile(&tx.sql, user, None).await?;
    tx.changes(Object::User(user));
    Ok(true)
}

/// Removes the picture of the profile of `user`, if there is one. Whoever calls holds the user, and has the
/// files removed after the commit.
///
/// # Errors
/// The database's.
pub async fn remove_from_profile(app: &App, tx: &Tx, user: Uuid) -> Result<bool, Rejection> {
    users::hold_counters(&tx.sql, user).await?;
    take_off(app, tx, user).await
}

/// Removes the picture of the profile of `me`. Where there is none, nothing changes.
///
/// # Errors
/// The database's.
pub async fn remove_profile_photo(
    app: &Arc<App>,
    me: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "removeProfilePhoto", &())?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            remove_from_profile(app, tx, me).await.map(|_| ())
        })
    })
    .await?;
    app.photos.removed.notify_one();
    Ok(())
}

/// Removes a photo of `me`, wherever it is used.
///
/// # Errors
/// `NOT_FOUND`, also where it is somebody else's.
pub async fn delete(
    app: &Arc<App>,
    me: Uuid,
    key: PhotoKey,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "deletePhoto", &key)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            // Another's is looked for among one's own, where it is not.
            let [owner, id] = key;
            let row = find(tx, [me, id]).await?.filter(|_| owner == me);
            let row = row.ok_or_else(|| UserError::absent(Thing::Photo))?;
            remove(app, tx, &row).await
        })
    })
    .await?;
    app.photos.removed.notify_one();
    Ok(())
}

/// The photo with `key`, if it is there. Its owner is held; from here on, what counts it is, too.
async fn find(tx: &Tx, key @ [owner, _]: PhotoKey) -> Result<Option<photo::Model>, Rejection> {
    let row = store::photo(&tx.sql, key).await?;
    if let Some(diary) = row.and_then(|row| row.diary_id) {
        store::hold_diary(&tx.sql, [owner, diary]).await?;
    }
    users::hold_counters(&tx.sql, owner).await?;
    let row = store::photo(&tx.sql, key).await?;
    Ok(row.filter(store::is_there))
}

/// Removes the photo `row`, whose owner is held with what counts it, wherever it is used.
async fn remove(app: &App, tx: &Tx, row: &photo::Model) -> Result<(), Rejection> {
    let owner = row.owner_id;
    store::retire(&tx.sql, owner, Which::One(row.id), app.clock.now()).await?;
    if row.state == PhotoState::Profile {
        store::show_on_profile(&tx.sql, owner, None).await?;
        tx.changes(Object::User(owner));
    }
    if let Some(diary) = row.diary_id {
        store::count_in(&tx.sql, [owner, diary], -1).await?;
        tx.changes(Object::Diaries(owner));
    }
    Ok(())
}

/// Gives back what was taken for a photo whose files could not be written. If that fails, too, it is done later.
async fn remove_quietly(app: &Arc<App>, [owner, id]: PhotoKey) {
    let now = app.clock.now();
    let removed = app.database.write(move |tx| {
        Box::pin(async move { Ok(store::retire(&tx.sql, owner, Which::One(id), now).await?) })
    });
    if let Err(error) = removed.await {
        tracing::warn!(
            why = error.in_words(),
            "the space of a photo stays taken for a while"
        );
    }
}
