//! The mark of a verified brand, which an administrator gives and takes. Each change stands in the audit log, with the
//! page's owner.

use std::sync::Arc;

use entity::{brand, values::AuditAct};
use uuid::Uuid;

use super::{running::no_such_brand, store};
use crate::{
    app::App,
    database::Tx,
    idempotency::{Slot, once},
    rejection::Rejection,
    user::roles::{administrator, briefly, record},
};

/// Has the page `brand` bear the mark, or no more, as `by` wishes. One of which it is so already stays as it is, and
/// nothing is noted.
///
/// # Errors
/// [`Forbidden`](crate::error::Error::Forbidden) where `by` is no administrator; `NOT_FOUND`.
pub async fn verify(
    app: &Arc<App>,
    by: Uuid,
    brand: Uuid,
    is_verified: bool,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let operation = match is_verified {
        true => "verifyBrand",
        false => "unverifyBrand",
    };
    let slot = Slot::of(app, by, idempotency_key, operation, &brand)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            administrator(tx, by).await?;
            mark(app, tx, Some(by), brand, is_verified).await?;
            Ok(())
        })
    })
    .await
}

/// The same, whoever asks: `by` nobody, where that is the operator. Gives the page.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn mark(
    app: &App,
    tx: &Tx,
    by: Option<Uuid>,
    brand: Uuid,
    is_verified: bool,
) -> Result<brand::Model, Rejection> {
    let row = store::held(&tx.sql, brand).await?;
    let row = row.ok_or_else(no_such_brand)?;
    if row.is_verified == is_verified {
        return Ok(row);
    }
    let row = brand::Model { is_verified, ..row };
    store::describe(&tx.sql, &row).await?;
    let act = match is_verified {
        true => AuditAct::BrandVerified,
        false => AuditAct::BrandUnverified,
    };
    let detail = briefly(&format!("{} ({})", row.handle, row.name));
    record(app, tx, by, act, row.owner_id, detail).await?;
    Ok(row)
}
