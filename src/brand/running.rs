//! Who may do what with a page: those who run it, and of them the owner alone what makes a page another.

use entity::{brand, user};
use uuid::Uuid;

use super::store::{self, people};
use crate::{
    app::App,
    database::Tx,
    rejection::{Rejection, UserError, UserErrorCode},
    visibility::BrandRole,
};

/// The page `brand`, which is held, and what `me` is to it.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn held(
    tx: &Tx,
    me: Uuid,
    brand: Uuid,
) -> Result<(brand::Model, Option<BrandRole>), Rejection> {
    let row = store::held(&tx.sql, brand).await?;
    let row = row.ok_or_else(no_such_brand)?;
    let role = role_in(tx, &row, me).await?;
    Ok((row, role))
}

/// What `me` is to the page of `row`.
///
/// # Errors
/// The database's.
pub async fn role_in(
    tx: &Tx,
    row: &brand::Model,
    me: Uuid,
) -> Result<Option<BrandRole>, Rejection> {
    if row.owner_id == me {
        return Ok(Some(BrandRole::Owner));
    }
    let is_editor = people::is_editor(&tx.sql, row.id, me).await?;
    Ok(is_editor.then_some(BrandRole::Editor))
}

/// The page `brand`, which is held, and which `me` runs, and as what.
///
/// # Errors
/// `NOT_FOUND`, `NOT_YOURS`.
pub async fn run_by(
    tx: &Tx,
    me: Uuid,
    brand: Uuid,
) -> Result<(brand::Model, BrandRole), Rejection> {
    match held(tx, me, brand).await? {
        (row, Some(role)) => Ok((row, role)),
        _ => Err(not_yours("Only who runs the page can do this.").into()),
    }
}

/// The page `brand`, which is held, and which `me` owns.
///
/// # Errors
/// `NOT_FOUND`, `NOT_YOURS`.
pub async fn owned_by(tx: &Tx, me: Uuid, brand: Uuid) -> Result<brand::Model, Rejection> {
    match held(tx, me, brand).await? {
        (row, Some(BrandRole::Owner)) => Ok(row),
        _ => Err(not_yours("Only the owner of the page can do this.").into()),
    }
}

/// Whether `user`, who is held, can run one page more: adults do, and not very many each.
///
/// # Errors
/// `BRAND_NOT_FOR_MINORS`, `BRAND_LIMIT_REACHED`.
pub async fn check_can_run(app: &App, tx: &Tx, user: &user::Model) -> Result<(), Rejection> {
    if app.majority().is_minor(user.birth_date) {
        let said = format!("Brands' pages are run from {} on.", app.rules.adult_age);
        return Err(UserError::new(UserErrorCode::BrandNotForMinors, said).into());
    }
    let limit = app.rules.brand_limit;
    if people::run_count(&tx.sql, user.id, limit).await? < limit {
        return Ok(());
    }
    let said = format!("You run {limit} pages, as many as a user can.");
    Err(UserError::new(UserErrorCode::BrandLimitReached, said).into())
}

/// Told where an id names no page.
pub fn no_such_brand() -> UserError {
    UserError::absent("brand's page")
}

/// Told to who does not run a page, or does not own it.
pub fn not_yours(message: &str) -> UserError {
    UserError::new(UserErrorCode::NotYours, message)
}
