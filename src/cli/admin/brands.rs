//! The mark of verified brands, from the command line.

use std::sync::Arc;

use anyhow::anyhow;

use super::refused;
use crate::{
    app::App,
    brand::{store::id_by_handle, verifying::mark},
    user::store::kept_form,
};

/// Has the page with `handle` bear the mark, or no more. Says what was done.
pub(super) async fn verify(
    app: &Arc<App>,
    handle: &str,
    is_verified: bool,
) -> anyhow::Result<String> {
    let id = id_by_handle(app.database.reader(), &kept_form(handle)).await?;
    let id = id
        .filter(|id| !id.is_nil())
        .ok_or_else(|| anyhow!("there is no brand's page with the handle `{handle}`"))?;
    let shared = app.clone();
    let row = app
        .database
        .write(move |tx| {
            let app = shared.clone();
            Box::pin(async move { mark(&app, tx, None, id, is_verified).await })
        })
        .await
        .map_err(refused)?;
    Ok(match is_verified {
        true => format!("{} ({}) is verified", row.handle, row.name),
        false => format!("{} ({}) is not verified", row.handle, row.name),
    })
}
