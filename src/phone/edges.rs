//! What hangs on the viewer: whether they have verified a number.

use async_graphql::Context;
use uuid::Uuid;

use super::store;
use crate::{error::Error, graphql::context::ContextExt};

/// `Viewer.phoneNumberVerified`
pub(crate) async fn is_verified(ctx: &Context<'_>, me: Uuid) -> Result<bool, Error> {
    // It decides what can be recovered: a replica may not have heard of it.
    let row = store::of_user(ctx.app().database.reader(), me).await?;
    Ok(row.is_some())
}
