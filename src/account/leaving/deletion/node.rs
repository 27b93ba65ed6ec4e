//! That one's account is to be deleted, in the API.

use async_graphql::{Context, SimpleObject};
use uuid::Uuid;

use super::store;
use crate::{
    error::Error,
    graphql::{context::ContextExt, scalar::DateTime},
};

/// That your account is to be deleted.
#[derive(Clone, Debug, SimpleObject)]
pub struct AccountDeletion {
    /// When you wished so.
    pub requested_at: DateTime,
    /// From when on it is being deleted. Until then `cancelAccountDeletion` keeps it; afterwards nothing
    /// does.
    pub scheduled_for: DateTime,
}

/// `Viewer.deletion`
pub(crate) async fn deletion(
    ctx: &Context<'_>,
    me: Uuid,
) -> Result<Option<AccountDeletion>, Error> {
    // A replica may not have heard of it yet.
    let row = store::find(ctx.app().database.reader(), me).await?;
    Ok(row.map(|row| AccountDeletion {
        requested_at: row.requested_at.into(),
        scheduled_for: row.due_at.into(),
    }))
}
