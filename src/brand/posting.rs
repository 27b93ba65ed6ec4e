//! What a page publishes. A post is one row, and one event for the page, however many follow: their feeds read it
//! from there. So publishing takes as long with a million followers as with ten.

use std::sync::Arc;

use entity::brand_post;
use uuid::Uuid;

use super::{
    running::run_by,
    store::{
        days::{self, Came},
        posts::{self as store, PostKey},
    },
};
use crate::{
    app::App,
    clock::day_in_japan,
    database::Tx,
    events::Event,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError},
    text,
};

const LONGEST_BODY: usize = 5_000;

/// Publishes a post on a page that `me` runs. Gives its key.
///
/// # Errors
/// Texts against the rules, `NOT_FOUND`, `NOT_YOURS`.
pub async fn publish(
    app: &Arc<App>,
    me: Uuid,
    brand: Uuid,
    body: &str,
    idempotency_key: Option<String>,
) -> Result<PostKey, Rejection> {
    let body = text::body("body", body, LONGEST_BODY)?;
    let input = (brand, body.clone());
    let slot = Slot::of(app, me, idempotency_key, "publishBrandPost", &input)?;
    once(app, slot, move |app, tx| {
        let body = body.clone();
        Box::pin(async move {
            run_by(tx, me, brand).await?;
            let now = app.clock.now();
            days::add(&tx.sql, brand, day_in_japan(now), Came::Post).await?;
            let row = brand_post::Model {
                brand_id: brand,
                id: app.ids.at(now),
                author_id: me,
                number: 0,
                body,
                created_at: now,
                edited_at: None,
            };
            let key = [brand, row.id];
            store::insert(&tx.sql, row).await?;
            tx.after_commit(Event::BrandPosted(brand));
            Ok(key)
        })
    })
    .await
}

/// Has a post of a page that `me` runs, whoever of these wrote it, say something else.
///
/// # Errors
/// As [`publish`].
pub async fn edit(
    app: &Arc<App>,
    me: Uuid,
    key: PostKey,
    body: &str,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let body = text::body("body", body, LONGEST_BODY)?;
    let input = (key, body.clone());
    let slot = Slot::of(app, me, idempotency_key, "updateBrandPost", &input)?;
    once(app, slot, move |app, tx| {
        let body = body.clone();
        Box::pin(async move {
            let [brand, _] = key;
            run_by(tx, me, brand).await.map_err(no_such_page)?;
            if store::find(&tx.sql, key).await?.is_none() {
                return Err(no_such_post().into());
            }
            store::edit(&tx.sql, key, &body, app.clock.now()).await?;
            tx.after_commit(Event::BrandPosted(brand));
            Ok(())
        })
    })
    .await
}

/// Removes a post of a page that `me` runs, whoever of these wrote it.
///
/// # Errors
/// `NOT_FOUND`, `NOT_YOURS`.
pub async fn delete(
    app: &Arc<App>,
    me: Uuid,
    key: PostKey,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "deleteBrandPost", &key)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            let [brand, _] = key;
            run_by(tx, me, brand).await.map_err(no_such_page)?;
            match remove(tx, key).await? {
                true => Ok(()),
                false => Err(no_such_post().into()),
            }
        })
    })
    .await
}

/// Removes the post with `key`, whose page is held. Says whether there was one.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &Tx, key: PostKey) -> Result<bool, Rejection> {
    let [brand, _] = key;
    let was = store::remove(&tx.sql, key).await?;
    if was {
        tx.after_commit(Event::BrandPosted(brand));
    }
    Ok(was)
}

/// Of a post whose page is gone it is said that there is no such post.
fn no_such_page(refused: Rejection) -> Rejection {
    use crate::rejection::UserErrorCode::NotFound;
    match refused {
        Rejection::Refused(reasons) if reasons.iter().any(|it| it.code == NotFound) => {
            no_such_post().into()
        }
        other => other,
    }
}

/// Told where an id names no post.
pub fn no_such_post() -> UserError {
    UserError::absent("post")
}
