//! Users that hang on other objects: read as far as they are asked for.

use async_graphql::Context;
use uuid::Uuid;

use super::{loader, node::User};
use crate::{error::Error, graphql::context::ContextExt};

/// The user with `id` that a row names, as what this field returns.
pub(crate) async fn named(ctx: &Context<'_>, id: Uuid) -> Result<User, Error> {
    // Of the viewer other fields ask for all.
    let whole = ctx.viewer().id() == Some(id) || ctx.once(["user", "whole"], User::is_asked_whole);
    let found = loader::user(ctx.loaders(), id, whole).await?;
    found.ok_or_else(|| loader::absent(id))
}

/// The user with `id` as the `user` or `friend` of the payload that this field returns, read after
/// its write.
pub(crate) async fn written(ctx: &Context<'_>, id: Uuid) -> Result<Option<User>, Error> {
    let payload = ctx.look_ahead();
    let fields = ["user", "friend"].map(|name| payload.field(name));
    let whole = fields.into_iter().any(User::is_asked_whole);
    loader::user(ctx.fresh(), id, whole).await
}
