//! What may happen to favourite songs. Whoever changes somebody's holds that user's row: places stay those
//! from 1 on, however many do so at the same time.

use std::sync::Arc;

use entity::{catalogue_item, favourite_song, values::CatalogueKind};
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    catalogue::store as catalogue,
    database::Tx,
    idempotency::{Slot, once},
    rejection::{
        Rejection, UserError,
        reason::{catalogue::CatalogueReason, thing::Thing},
    },
    user::store as users,
};

/// The most favourite songs of a user.
pub const MOST_FAVOURITES: i64 = 100;

/// Makes `song` a favourite song of `me`, at `position`, or the last one. One that is a favourite already
/// stays where it is.
///
/// # Errors
/// `NOT_FOUND`, `NOT_A_SONG`, `FAVOURITE_SONG_LIMIT_REACHED`, `NUMBER_OUT_OF_RANGE`.
pub async fn add(
    app: &Arc<App>,
    me: Uuid,
    song: Uuid,
    position: Option<i32>,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = (song, position);
    let slot = Slot::of(app, me, idempotency_key, "addFavouriteSong", &input)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let item = catalogue::item(&tx.sql, song).await?;
            check_song(item.as_ref()).map_err(on_item)?;
            if store::favourite(&tx.sql, me, song).await?.is_some() {
                return Ok(());
            }
            let count = store::count(&tx.sql, me).await?;
            if count >= MOST_FAVOURITES {
                let reason = CatalogueReason::FavouriteSongLimitReached {
                    limit: MOST_FAVOURITES,
                };
                return Err(UserError::new(reason).into());
            }
            let row = favourite_song::Model {
                user_id: me,
                item_id: song,
                place: place(position, count + 1)?,
                added_at: app.clock.now(),
            };
            Ok(store::insert(&tx.sql, row).await?)
        })
    })
    .await
}

/// Moves the favourite `song` of `me` to `position`.
///
/// # Errors
/// `NOT_FOUND`, `NUMBER_OUT_OF_RANGE`.
pub async fn place_at(
    app: &Arc<App>,
    me: Uuid,
    song: Uuid,
    position: i32,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = (song, position);
    let slot = Slot::of(app, me, idempotency_key, "moveFavouriteSong", &input)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            let row = held(tx, me, song).await?;
            let count = store::count(&tx.sql, me).await?;
            let place = place(Some(position), count)?;
            if place != row.place {
                store::place(&tx.sql, &row, place).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Has `song` be no favourite of `me` any more.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn remove(
    app: &Arc<App>,
    me: Uuid,
    song: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "removeFavouriteSong", &song)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            let row = held(tx, me, song).await?;
            Ok(store::remove(&tx.sql, &row).await?)
        })
    })
    .await
}

/// The favourite `song` of `me`, who is held.
async fn held(tx: &Tx, me: Uuid, song: Uuid) -> Result<favourite_song::Model, Rejection> {
    users::hold(&tx.sql, [me]).await?;
    let row = store::favourite(&tx.sql, me, song).await?;
    row.ok_or_else(|| UserError::on("itemId", CatalogueReason::NoFavourite).into())
}

/// The place that `position` names, of places up to `last`, which is meant where none is named.
fn place(position: Option<i32>, last: i64) -> Result<i64, UserError> {
    let place = position.map_or(last, i64::from);
    if (1..=last).contains(&place) {
        return Ok(place);
    }
    let reason = CatalogueReason::NoSuchPosition {
        minimum: 1,
        limit: last,
    };
    Err(UserError::on("position", reason))
}

/// That there is `item`, and that it is a song.
pub(super) fn check_song(item: Option<&catalogue_item::Model>) -> Result<(), UserError> {
    match item {
        None => Err(UserError::absent(Thing::CatalogueItem)),
        Some(item) if item.kind == CatalogueKind::Song => Ok(()),
        Some(_) => Err(UserError::new(CatalogueReason::NotASong)),
    }
}

fn on_item(error: UserError) -> UserError {
    error.at(Some(vec!["itemId".to_owned()]))
}
