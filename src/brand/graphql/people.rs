//! Who runs a page, in the API.

use async_graphql::{Context, ID, InputObject, SimpleObject};

use crate::{
    brand::{edges, node::Brand, people},
    error::Error,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
};

/// Who is to write for which page.
#[derive(Debug, InputObject)]
pub struct AddBrandEditorInput {
    /// The page: one that is yours.
    brand_id: ID,
    /// The user: a friend of yours.
    user_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What adding an editor came to.
#[derive(Debug, Default, SimpleObject)]
pub struct AddBrandEditorPayload {
    /// The page, with its `editors`.
    brand: Option<Brand>,
    /// Why nobody was added.
    user_errors: Vec<UserError>,
}

/// Who is to write for which page no more.
#[derive(Debug, InputObject)]
pub struct RemoveBrandEditorInput {
    /// The page.
    brand_id: ID,
    /// The editor: you, where the page is not yours.
    user_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What removing an editor came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RemoveBrandEditorPayload {
    /// The page.
    brand: Option<Brand>,
    /// Why nobody was removed.
    user_errors: Vec<UserError>,
}

/// Whose a page is to be.
#[derive(Debug, InputObject)]
pub struct TransferBrandInput {
    /// The page: one that is yours.
    brand_id: ID,
    /// Its new owner: an editor of it.
    user_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What passing a page on came to.
#[derive(Debug, Default, SimpleObject)]
pub struct TransferBrandPayload {
    /// The page, with its new `owner`.
    brand: Option<Brand>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

pub(super) async fn add_editor(
    ctx: &Context<'_>,
    input: AddBrandEditorInput,
) -> Result<AddBrandEditorPayload, Error> {
    let me = ctx.member()?.id;
    let [brand] = GlobalId::expect(&input.brand_id, Kind::Brand)?;
    let [user] = GlobalId::expect(&input.user_id, Kind::User)?;
    let done = people::add_editor(ctx.app(), me, brand, user, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            AddBrandEditorPayload {
                brand: edges::brand(ctx, brand).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => AddBrandEditorPayload {
            user_errors,
            ..Default::default()
        },
    })
}

pub(super) async fn remove_editor(
    ctx: &Context<'_>,
    input: RemoveBrandEditorInput,
) -> Result<RemoveBrandEditorPayload, Error> {
    let me = ctx.member()?.id;
    let [brand] = GlobalId::expect(&input.brand_id, Kind::Brand)?;
    let [user] = GlobalId::expect(&input.user_id, Kind::User)?;
    let done = people::remove_editor(ctx.app(), me, brand, user, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            RemoveBrandEditorPayload {
                brand: edges::brand(ctx, brand).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => RemoveBrandEditorPayload {
            user_errors,
            ..Default::default()
        },
    })
}

pub(super) async fn transfer(
    ctx: &Context<'_>,
    input: TransferBrandInput,
) -> Result<TransferBrandPayload, Error> {
    let me = ctx.member()?.id;
    let [brand] = GlobalId::expect(&input.brand_id, Kind::Brand)?;
    let [user] = GlobalId::expect(&input.user_id, Kind::User)?;
    let done = people::transfer(ctx.app(), me, brand, user, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            TransferBrandPayload {
                brand: edges::brand(ctx, brand).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => TransferBrandPayload {
            user_errors,
            ..Default::default()
        },
    })
}
