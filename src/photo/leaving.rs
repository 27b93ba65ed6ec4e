//! What of somebody's photos they take along, and that they go.

use entity::{
    photo,
    values::PhotoState::{Diary, Pending, Profile, Unused},
};
use sea_orm::ActiveEnum;
use serde_json::json;
use uuid::Uuid;

use super::{
    picture::{Size, media_type},
    store::{self, Which},
};
use crate::{
    app::App,
    cache::Object,
    database::Tx,
    error::Error,
    ids::Kind,
    loaders::Loaders,
    paging::{Page, Slice},
    rejection::Rejection,
    user::{
        leaving::{Taken, global},
        store as users,
    },
};

/// Photos that go in one transaction.
const PHOTOS: i64 = 100;

/// `page` of the photos of `me`, the first first.
///
/// # Errors
/// The database's.
pub async fn photos(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let slice = store::page(loaders.app.database.reader(), me, page).await?;
    Ok(slice.filter_map(|row| {
        if !store::is_there(&row) {
            return Some((row.id, None));
        }
        let diary = row.diary_id.map(|diary| global(Kind::Diary, [me, diary]));
        let told = json!({
            "id": global(Kind::Photo, [me, row.id]), "file": file_name(&row), "use": row.state.to_value(),
            "diaryId": diary, "place": diary.as_ref().map(|_| row.place), "width": row.width,
            "height": row.height, "bytes": row.bytes, "createdAt": row.created_at,
        });
        Some((row.id, Some(told)))
    }))
}

/// The name of the file of the photo `row`.
pub fn file_name(row: &photo::Model) -> String {
    let (_, ending) = media_type(row.format);
    format!("photos/{}.{ending}", row.id)
}

/// `page` of the files of the photos of `me`, as [`photos`] tells of them: those in the largest size, with their
/// names. One that is not there is left out.
///
/// # Errors
/// The database's, and where the files cannot be read.
pub async fn files(
    app: &App,
    me: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<(Uuid, Option<(String, Vec<u8>)>)>, Error> {
    let slice = store::page(app.database.reader(), me, page).await?;
    let mut files = Vec::with_capacity(slice.rows.len());
    for row in slice.rows {
        let bytes = match store::is_there(&row) {
            true => app.photos.bytes([me, row.id], Size::Large).await?,
            false => None,
        };
        files.push((row.id, bytes.map(|bytes| (file_name(&row), bytes))));
    }
    Ok(Slice {
        rows: files,
        has_previous: slice.has_previous,
        has_next: slice.has_next,
    })
}

/// Removes some photos of `user`, whose diaries are gone: their files are removed after the commit. Says how
/// many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn remove_photos(app: &App, tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    users::hold(&tx.sql, [user]).await?;
    let now = app.clock.now();
    for state in [Diary, Profile, Unused, Pending] {
        let which = Which::In(state, PHOTOS);
        let removed = store::retire(&tx.sql, user, which, now).await?;
        if removed > 0 && state == Profile {
            store::show_on_profile(&tx.sql, user, None).await?;
            tx.changes(Object::User(user));
        }
        if removed > 0 {
            return Ok(removed);
        }
    }
    Ok(0)
}

/// Whether `user` has photos that are not removed.
///
/// # Errors
/// The database's.
pub async fn has_photos(tx: &Tx, user: Uuid) -> Result<bool, Rejection> {
    Ok(store::has_photos(&tx.sql, user).await?)
}
