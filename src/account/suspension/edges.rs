//! What hangs on a user: their suspension, for moderators.

use async_graphql::Context;
use uuid::Uuid;

use super::{loader::SuspensionOf, node::Suspension};
use crate::{error::Error, graphql::context::ContextExt};

/// `User.suspension`
pub(crate) async fn suspension(ctx: &Context<'_>, user: Uuid) -> Result<Option<Suspension>, Error> {
    let row = ctx.loaders().load(SuspensionOf(user)).await?;
    Ok(row.map(Suspension::from))
}
