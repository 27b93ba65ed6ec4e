//! How much space somebody has for photos (rules.md, Diaries 6).

use async_graphql::{Context, SimpleObject};
use uuid::Uuid;

use crate::{
    app::App,
    error::Error,
    graphql::context::ContextExt,
    paging::int,
    rejection::{UserError, UserErrorCode},
    user::loader::counters,
};

const MEGABYTE: i64 = 1_000_000;

/// The bytes that the photos of `_user` may take: where that is decided, whatever they pay.
pub fn quota(app: &App, _user: Uuid) -> i64 {
    app.rules.photo_space_megabytes.saturating_mul(MEGABYTE)
}

/// Told to who has no room for as many `bytes` more.
pub(super) fn full(bytes: i64, quota: i64) -> UserError {
    let rounded = (bytes + MEGABYTE / 20) / (MEGABYTE / 10);
    UserError::on(
        "file",
        UserErrorCode::StorageFull,
        format!(
            "You have {} MB for photos, and not as much left as this one takes: {}.{} MB. Remove others first.",
            quota / MEGABYTE,
            rounded / 10,
            rounded % 10
        ),
    )
}

/// The space that your photos take, in all three sizes. Removing one gives its space back at once.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct PhotoSpace {
    /// How much they take, in bytes: also those that were uploaded and are used nowhere yet.
    pub used: i32,
    /// How much they may take, in bytes: 100 MB, unless the service is set otherwise.
    pub quota: i32,
}

/// `Viewer.photoSpace`
pub(crate) async fn of(ctx: &Context<'_>, me: Uuid) -> Result<PhotoSpace, Error> {
    let row = counters(ctx.loaders(), me).await?;
    Ok(PhotoSpace {
        used: int(row.stored_bytes),
        quota: int(quota(ctx.app(), me)),
    })
}
