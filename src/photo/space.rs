//! How much space somebody has for photos (rules.md, Diaries 6).

use async_graphql::{Context, SimpleObject};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    app::App,
    error::Error,
    graphql::context::ContextExt,
    paging::int,
    plan::{effect, loader::in_effect, store as plans},
    rejection::{
        UserError,
        reason::plan::{PlanReason, Space},
    },
    user::loader::counters,
};

/// The bytes that the photos of `user` may take now, with the plan that they have: where that is decided.
///
/// # Errors
/// The database's.
pub async fn quota(app: &App, db: &impl ConnectionTrait, user: Uuid) -> Result<i64, Error> {
    let plan = plans::in_effect(db, user, app.clock.now()).await?;
    Ok(effect::space(app, plan.as_ref()))
}

/// Told to who has no room for as many `bytes` more.
pub(super) fn full(bytes: i64, quota: i64) -> UserError {
    let reason = PlanReason::StorageFull {
        limit: Space(quota),
        size: Space(bytes),
    };
    UserError::on("file", reason)
}

/// The space that your photos take, in all three sizes. Removing one gives its space back at once.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct PhotoSpace {
    /// How much they take, in bytes: also those that were uploaded and are used nowhere yet.
    pub used: i32,
    /// How much they may take, in bytes: 100 MB, unless the service is set otherwise, or what your plan gives
    /// (`Viewer.plan`). They can take more, where a plan has ended: nothing of it is lost then.
    pub quota: i32,
}

/// `Viewer.photoSpace`
pub(crate) async fn of(ctx: &Context<'_>, me: Uuid) -> Result<PhotoSpace, Error> {
    let row = counters(ctx.loaders(), me).await?;
    let plan = in_effect(ctx.loaders(), me).await?;
    Ok(PhotoSpace {
        used: int(row.stored_bytes),
        quota: int(effect::space(ctx.app(), plan.as_deref())),
    })
}
