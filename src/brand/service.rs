//! What may happen to a page itself. (Who runs it: `people`. What it publishes: `posting`. How it goes: `removing`.)

use std::sync::Arc;

use entity::{brand, run_brand};
use serde::Serialize;
use uuid::Uuid;

use super::{
    running::{check_can_run, not_yours, run_by},
    store::{self, people},
};
use crate::{
    app::App,
    database::Tx,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError, UserErrorCode},
    text,
    user::{
        service::{check_choice, check_username, existing},
        store as users,
    },
    visibility::BrandRole,
};

const LONGEST_NAME: usize = 50;
const LONGEST_DESCRIPTION: usize = 1_000;

/// A page that is to be made.
#[derive(Clone, Debug, Serialize)]
pub struct NewBrand {
    /// What it is found by.
    pub handle: String,
    /// What it is called.
    pub name: String,
    /// What it says of itself.
    pub description: String,
}

/// Makes a page that `me` owns. Gives its id.
///
/// # Errors
/// Texts against the rules, `BRAND_HANDLE_INVALID`, `BRAND_HANDLE_RESERVED`, `BRAND_HANDLE_TAKEN`,
/// `BRAND_NOT_FOR_MINORS`, `BRAND_LIMIT_REACHED`.
pub async fn create(
    app: &Arc<App>,
    me: Uuid,
    new: NewBrand,
    idempotency_key: Option<String>,
) -> Result<Uuid, Rejection> {
    let checked = checked(BrandEdit {
        handle: Some(new.handle.clone()),
        name: Some(new.name.clone()),
        description: Some(new.description.clone()),
    })?;
    let slot = Slot::of(app, me, idempotency_key, "createBrand", &new)?;
    once(app, slot, move |app, tx| {
        let BrandEdit {
            handle,
            name,
            description,
        } = checked.clone();
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            check_can_run(app, tx, &existing(tx, me).await?).await?;
            let now = app.clock.now();
            let row = brand::Model {
                id: app.ids.at(now),
                handle: handle.unwrap_or_default(),
                name: name.unwrap_or_default(),
                description: description.unwrap_or_default(),
                owner_id: me,
                is_verified: false,
                editor_count: 0,
                follower_count: 0,
                post_count: 0,
                post_number: 0,
                created_at: now,
            };
            let id = row.id;
            take_handle(tx, &row.handle, id).await?;
            store::index(&tx.sql, id, &row.handle, &row.name).await?;
            store::insert(&tx.sql, row).await?;
            let mine = run_brand::Model {
                user_id: me,
                brand_id: id,
                id: app.ids.at(now),
                is_owner: true,
            };
            people::run(&tx.sql, mine).await?;
            Ok(id)
        })
    })
    .await
}

/// What to change of a page; what is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BrandEdit {
    /// The new handle.
    pub handle: Option<String>,
    /// The new name.
    pub name: Option<String>,
    /// What it says of itself from now on.
    pub description: Option<String>,
}

/// Changes a page that `me` runs: what it is called its owner alone. One that is called otherwise bears the mark of a
/// verified brand no more: who had verified it did so of its name.
///
/// # Errors
/// As [`create`], `NOT_FOUND`, `NOT_YOURS`.
pub async fn update(
    app: &Arc<App>,
    me: Uuid,
    brand: Uuid,
    edit: BrandEdit,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = (brand, edit.clone());
    let checked = checked(edit)?;
    let slot = Slot::of(app, me, idempotency_key, "updateBrand", &input)?;
    once(app, slot, move |_, tx| {
        let edit = checked.clone();
        Box::pin(async move {
            let (row, role) = run_by(tx, me, brand).await?;
            let is_called_otherwise = edit.handle.as_ref().is_some_and(|it| *it != row.handle)
                || edit.name.as_ref().is_some_and(|it| *it != row.name);
            if is_called_otherwise && role != BrandRole::Owner {
                let said = "Only the owner of the page changes its handle and its name.";
                return Err(not_yours(said).into());
            }
            write(tx, row, edit).await
        })
    })
    .await
}

/// Changes the held page `row`, of which `edit` is checked.
///
/// # Errors
/// `BRAND_HANDLE_RESERVED`, `BRAND_HANDLE_TAKEN`.
pub async fn write(tx: &Tx, mut row: brand::Model, edit: BrandEdit) -> Result<(), Rejection> {
    let before = (row.handle.clone(), row.name.clone());
    row.handle = edit.handle.unwrap_or(row.handle);
    row.name = edit.name.unwrap_or(row.name);
    row.description = edit.description.unwrap_or(row.description);
    if row.handle != before.0 {
        take_handle(tx, &row.handle, row.id).await?;
        store::free_handle(&tx.sql, &before.0).await?;
    }
    if (&row.handle, &row.name) != (&before.0, &before.1) {
        row.is_verified = false;
        store::index(&tx.sql, row.id, &row.handle, &row.name).await?;
    }
    Ok(store::describe(&tx.sql, &row).await?)
}

/// Takes `handle`, in the form that it is kept in, for the page `id`.
async fn take_handle(tx: &Tx, handle: &str, id: Uuid) -> Result<(), Rejection> {
    check_choice(handle.to_owned()).map_err(|error| {
        UserError::on("handle", UserErrorCode::BrandHandleReserved, error.message)
    })?;
    if store::take_handle(&tx.sql, handle, id).await? {
        return Ok(());
    }
    let said = "Another page has this handle, or had it once. Choose another.";
    Err(UserError::on("handle", UserErrorCode::BrandHandleTaken, said).into())
}

/// `edit` in the form that it is kept in.
fn checked(edit: BrandEdit) -> Result<BrandEdit, Rejection> {
    let (mut kept, mut errors) = (BrandEdit::default(), Vec::new());
    let mut keep =
        |result: Option<Result<String, UserError>>, field: &mut Option<String>| match result {
            Some(Ok(text)) => *field = Some(text),
            Some(Err(error)) => errors.push(error),
            None => {}
        };
    keep(edit.handle.map(|it| check_handle(&it)), &mut kept.handle);
    let name = edit.name.map(|it| text::name("name", &it, LONGEST_NAME));
    keep(name, &mut kept.name);
    let description = edit.description;
    let description =
        description.map(|it| text::optional_body("description", &it, LONGEST_DESCRIPTION));
    keep(description, &mut kept.description);
    if errors.is_empty() {
        Ok(kept)
    } else {
        Err(Rejection::Refused(errors))
    }
}

/// Checks a handle, which is written as a user name is, and gives the form that it is kept in.
fn check_handle(handle: &str) -> Result<String, UserError> {
    check_username(handle)
        .map_err(|error| UserError::on("handle", UserErrorCode::BrandHandleInvalid, error.message))
}
