//! Following pages, in the API.

use async_graphql::{Context, ID, InputObject, SimpleObject};

use crate::{
    brand::{edges, following, node::Brand},
    error::Error,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
};

/// Which page to follow.
#[derive(Debug, InputObject)]
pub struct FollowBrandInput {
    /// The page.
    brand_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What following came to.
#[derive(Debug, Default, SimpleObject)]
pub struct FollowBrandPayload {
    /// The page.
    brand: Option<Brand>,
    /// Why you do not follow it.
    user_errors: Vec<UserError>,
}

/// Which page to follow no more.
#[derive(Debug, InputObject)]
pub struct UnfollowBrandInput {
    /// The page.
    brand_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What following no more came to.
#[derive(Debug, Default, SimpleObject)]
pub struct UnfollowBrandPayload {
    /// The page.
    brand: Option<Brand>,
    /// Always empty: whoever does not follow a page can follow it no more.
    user_errors: Vec<UserError>,
}

pub(super) async fn follow(
    ctx: &Context<'_>,
    input: FollowBrandInput,
) -> Result<FollowBrandPayload, Error> {
    let me = ctx.member()?.id;
    let [brand] = GlobalId::expect(&input.brand_id, Kind::Brand)?;
    let done = following::follow(ctx.app(), me, brand, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            FollowBrandPayload {
                brand: edges::brand(ctx, brand).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => FollowBrandPayload {
            user_errors,
            ..Default::default()
        },
    })
}

pub(super) async fn unfollow(
    ctx: &Context<'_>,
    input: UnfollowBrandInput,
) -> Result<UnfollowBrandPayload, Error> {
    let me = ctx.member()?.id;
    let [brand] = GlobalId::expect(&input.brand_id, Kind::Brand)?;
    let done = following::unfollow(ctx.app(), me, brand, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            UnfollowBrandPayload {
                brand: edges::brand(ctx, brand).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => UnfollowBrandPayload {
            user_errors,
            ..Default::default()
        },
    })
}
