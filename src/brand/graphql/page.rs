//! Making, changing and removing pages, and the mark of verified ones, in the API.

use async_graphql::{Context, ID, InputObject, SimpleObject};

use crate::{
    brand::{
        edges,
        node::Brand,
        removing,
        service::{self, BrandEdit, NewBrand},
        verifying,
    },
    error::Error,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
};

/// What the page of a brand is called, and says of itself.
#[derive(Debug, InputObject)]
pub struct CreateBrandInput {
    /// What it is found by, 3-20 of `a-z0-9_`, starting with a letter: free, and never that of a page that is gone.
    handle: String,
    /// What it is called, 1-50 characters.
    name: String,
    /// What it says of itself, up to 1,000 characters.
    #[graphql(default)]
    description: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What making a page came to.
#[derive(Debug, Default, SimpleObject)]
pub struct CreateBrandPayload {
    /// The page.
    brand: Option<Brand>,
    /// Why none was made.
    user_errors: Vec<UserError>,
}

/// What to change of a page; what is not given stays.
#[derive(Debug, InputObject)]
pub struct UpdateBrandInput {
    /// The page.
    brand_id: ID,
    /// The new handle. The one of before is free then.
    handle: Option<String>,
    /// The new name, 1-50 characters.
    name: Option<String>,
    /// What it says of itself from now on, up to 1,000 characters.
    description: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What changing a page came to.
#[derive(Debug, Default, SimpleObject)]
pub struct UpdateBrandPayload {
    /// The page, as changed.
    brand: Option<Brand>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Which page to remove.
#[derive(Debug, InputObject)]
pub struct DeleteBrandInput {
    /// The page.
    brand_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What removing a page came to.
#[derive(Debug, Default, SimpleObject)]
pub struct DeleteBrandPayload {
    /// The id that names nothing now.
    deleted_brand_id: Option<ID>,
    /// Why nothing was removed.
    user_errors: Vec<UserError>,
}

/// Which page is the brand's own.
#[derive(Debug, InputObject)]
pub struct VerifyBrandInput {
    /// The page.
    brand_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What verifying came to.
#[derive(Debug, Default, SimpleObject)]
pub struct VerifyBrandPayload {
    /// The page, with the mark.
    brand: Option<Brand>,
    /// Why it does not bear the mark.
    user_errors: Vec<UserError>,
}

/// Which page is to bear the mark no more.
#[derive(Debug, InputObject)]
pub struct UnverifyBrandInput {
    /// The page.
    brand_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What taking the mark came to.
#[derive(Debug, Default, SimpleObject)]
pub struct UnverifyBrandPayload {
    /// The page, without the mark.
    brand: Option<Brand>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateBrandInput,
) -> Result<CreateBrandPayload, Error> {
    let me = ctx.member()?.id;
    let new = NewBrand {
        handle: input.handle,
        name: input.name,
        description: input.description,
    };
    let done = service::create(ctx.app(), me, new, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(brand) => {
            ctx.fresh();
            CreateBrandPayload {
                brand: edges::brand(ctx, brand).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => CreateBrandPayload {
            user_errors,
            ..Default::default()
        },
    })
}

pub(super) async fn update(
    ctx: &Context<'_>,
    input: UpdateBrandInput,
) -> Result<UpdateBrandPayload, Error> {
    let me = ctx.member()?.id;
    let [brand] = GlobalId::expect(&input.brand_id, Kind::Brand)?;
    let edit = BrandEdit {
        handle: input.handle,
        name: input.name,
        description: input.description,
    };
    let done = service::update(ctx.app(), me, brand, edit, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            UpdateBrandPayload {
                brand: edges::brand(ctx, brand).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => UpdateBrandPayload {
            user_errors,
            ..Default::default()
        },
    })
}

pub(super) async fn delete(
    ctx: &Context<'_>,
    input: DeleteBrandInput,
) -> Result<DeleteBrandPayload, Error> {
    let me = ctx.member()?.id;
    let [brand] = GlobalId::expect(&input.brand_id, Kind::Brand)?;
    let done = removing::delete(ctx.app(), me, brand, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            DeleteBrandPayload {
                deleted_brand_id: Some(input.brand_id),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => DeleteBrandPayload {
            user_errors,
            ..Default::default()
        },
    })
}

pub(super) async fn verify(
    ctx: &Context<'_>,
    input: VerifyBrandInput,
) -> Result<VerifyBrandPayload, Error> {
    let me = ctx.member()?.id;
    let [brand] = GlobalId::expect(&input.brand_id, Kind::Brand)?;
    let key = input.idempotency_key;
    let done = verifying::verify(ctx.app(), me, brand, true, key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            VerifyBrandPayload {
                brand: edges::brand(ctx, brand).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => VerifyBrandPayload {
            user_errors,
            ..Default::default()
        },
    })
}

pub(super) async fn unverify(
    ctx: &Context<'_>,
    input: UnverifyBrandInput,
) -> Result<UnverifyBrandPayload, Error> {
    let me = ctx.member()?.id;
    let [brand] = GlobalId::expect(&input.brand_id, Kind::Brand)?;
    let key = input.idempotency_key;
    let done = verifying::verify(ctx.app(), me, brand, false, key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            UnverifyBrandPayload {
                brand: edges::brand(ctx, brand).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => UnverifyBrandPayload {
            user_errors,
            ..Default::default()
        },
    })
}
