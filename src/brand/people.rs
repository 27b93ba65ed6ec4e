//! Who runs a page: its owner gives others a part in it, and can pass it on to one of them.

use std::sync::Arc;

use entity::brand_editor;
use uuid::Uuid;

use super::{
    running::{check_can_run, held, not_yours, owned_by},
    store::people::{self as store, MOST_EDITORS},
};
use crate::{
    app::App,
    block::store as blocks,
    database::Tx,
    friendship::store as friends,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError, UserErrorCode},
    user::{service::no_such_user, store as users},
    visibility::BrandRole,
};

/// Makes `other`, a friend of `me`, who owns the page, an editor of it. Who is one already stays so. (It takes a
/// friend, so that nobody has a part in what they know nothing of; it lasts when the friendship ends, until either of
/// the two ends it, too.)
///
/// # Errors
/// `NOT_FOUND`, `NOT_YOURS`, `NOT_FRIENDS`, `BRAND_EDITOR_LIMIT_REACHED`, `OTHER_CANNOT_ACCEPT` where they are a
/// minor, or run as many pages as a user can.
pub async fn add_editor(
    app: &Arc<App>,
    me: Uuid,
    brand: Uuid,
    other: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = (brand, other);
    let slot = Slot::of(app, me, idempotency_key, "addBrandEditor", &input)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let other = app.absent_for_acts(me).veiled(other);
            blocks::hold(&tx.sql, me, other).await?;
            let row = owned_by(tx, me, brand).await?;
            let user = blocks::seen(&tx.sql, me, other).await?;
            let user = user.ok_or_else(|| on_user(no_such_user()))?;
            if other == me || store::is_editor(&tx.sql, brand, other).await? {
                return Ok(());
            }
            if !friends::tie(&tx.sql, me, other).await?.are_friends {
                let said = "Only a friend of yours can become an editor.";
                return Err(UserError::on("userId", UserErrorCode::NotFriends, said).into());
            }
            if row.editor_count >= MOST_EDITORS {
                let said = format!("The page has {MOST_EDITORS} editors, as many as there can be.");
                return Err(UserError::new(UserErrorCode::BrandEditorLimitReached, said).into());
            }
            check_can_run(app, tx, &user)
                .await
                .map_err(cannot_become_one)?;
            let row = brand_editor::Model {
                brand_id: brand,
                user_id: other,
                id: app.ids.at(app.clock.now()),
            };
            Ok(store::add(&tx.sql, row).await?)
        })
    })
    .await
}

/// Has `user` be no editor of the page any more: as its owner wishes, or as they do themselves. (Whether they are
/// seen by who ends it, or not.)
///
/// # Errors
/// `NOT_FOUND` where there is no such page, or they are no editor of it; `NOT_YOURS`.
pub async fn remove_editor(
    app: &Arc<App>,
    me: Uuid,
    brand: Uuid,
    user: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = (brand, user);
    let slot = Slot::of(app, me, idempotency_key, "removeBrandEditor", &input)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            let (_, role) = held(tx, me, brand).await?;
            if role != Some(BrandRole::Owner) && (role.is_none() || user != me) {
                let said = "Only the owner of the page ends that another is an editor.";
                return Err(not_yours(said).into());
            }
            if store::remove(&tx.sql, brand, user).await? {
                return Ok(());
            }
            Err(no_editor().into())
        })
    })
    .await
}

/// Has `heir`, an editor of the page, own it, which `me` does until then, and be an editor from then on.
///
/// # Errors
/// `NOT_FOUND` where there is no such page, or `heir` is no editor of it whom `me` sees; `NOT_YOURS`.
pub async fn transfer(
    app: &Arc<App>,
    me: Uuid,
    brand: Uuid,
    heir: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = (brand, heir);
    let slot = Slot::of(app, me, idempotency_key, "transferBrand", &input)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let heir = app.absent_for_acts(me).veiled(heir);
            users::hold(&tx.sql, [me, heir]).await?;
            let row = owned_by(tx, me, brand).await?;
            if heir == me {
                return Ok(());
            }
            check_heir(tx, me, brand, heir).await?;
            let id = app.ids.at(app.clock.now());
            Ok(store::pass_on(&tx.sql, row.id, [me, heir], Some(id)).await?)
        })
    })
    .await
}

/// Why somebody can run no further page is theirs to know.
fn cannot_become_one(refused: Rejection) -> Rejection {
    let said = "This user cannot become an editor just now.";
    match refused {
        Rejection::Refused(_) => {
            UserError::on("userId", UserErrorCode::OtherCannotAccept, said).into()
        }
        failed => failed,
    }
}

async fn check_heir(tx: &Tx, me: Uuid, brand: Uuid, heir: Uuid) -> Result<(), Rejection> {
    let is_seen = blocks::seen(&tx.sql, me, heir).await?.is_some();
    match store::is_editor(&tx.sql, brand, heir).await? && is_seen {
        true => Ok(()),
        false => Err(no_editor().into()),
    }
}

fn no_editor() -> UserError {
    on_user(UserError::absent("editor of the page"))
}

fn on_user(error: UserError) -> UserError {
    UserError::on("userId", error.code, error.message)
}
