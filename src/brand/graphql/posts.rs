//! What pages publish, in the API.

use async_graphql::{Context, ID, InputObject, SimpleObject};

use crate::{
    brand::{edges, node::BrandPost, posting},
    error::Error,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
};

/// What to publish, and on which page.
#[derive(Debug, InputObject)]
pub struct PublishBrandPostInput {
    /// The page: one that you run.
    brand_id: ID,
    /// The text, 1-5,000 characters.
    body: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What publishing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct PublishBrandPostPayload {
    /// The post.
    post: Option<BrandPost>,
    /// Why nothing was published.
    user_errors: Vec<UserError>,
}

/// Which post to change.
#[derive(Debug, InputObject)]
pub struct UpdateBrandPostInput {
    /// The post.
    post_id: ID,
    /// Its new text, 1-5,000 characters.
    body: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What changing a post came to.
#[derive(Debug, Default, SimpleObject)]
pub struct UpdateBrandPostPayload {
    /// The post, as changed.
    post: Option<BrandPost>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Which post to remove.
#[derive(Debug, InputObject)]
pub struct DeleteBrandPostInput {
    /// The post.
    post_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What removing a post came to.
#[derive(Debug, Default, SimpleObject)]
pub struct DeleteBrandPostPayload {
    /// The id that names nothing now.
    deleted_post_id: Option<ID>,
    /// Why nothing was removed.
    user_errors: Vec<UserError>,
}

pub(super) async fn publish(
    ctx: &Context<'_>,
    input: PublishBrandPostInput,
) -> Result<PublishBrandPostPayload, Error> {
    let me = ctx.member()?.id;
    let [brand] = GlobalId::expect(&input.brand_id, Kind::Brand)?;
    let done = posting::publish(ctx.app(), me, brand, &input.body, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(key) => {
            ctx.fresh();
            PublishBrandPostPayload {
                post: edges::post(ctx, key).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => PublishBrandPostPayload {
            user_errors,
            ..Default::default()
        },
    })
}

pub(super) async fn update_post(
    ctx: &Context<'_>,
    input: UpdateBrandPostInput,
) -> Result<UpdateBrandPostPayload, Error> {
    let me = ctx.member()?.id;
    let key = GlobalId::expect(&input.post_id, Kind::BrandPost)?;
    let done = posting::edit(ctx.app(), me, key, &input.body, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            UpdateBrandPostPayload {
                post: edges::post(ctx, key).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => UpdateBrandPostPayload {
            user_errors,
            ..Default::default()
        },
    })
}

pub(super) async fn delete_post(
    ctx: &Context<'_>,
    input: DeleteBrandPostInput,
) -> Result<DeleteBrandPostPayload, Error> {
    let me = ctx.member()?.id;
    let key = GlobalId::expect(&input.post_id, Kind::BrandPost)?;
    let done = posting::delete(ctx.app(), me, key, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            DeleteBrandPostPayload {
                deleted_post_id: Some(input.post_id),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => DeleteBrandPostPayload {
            user_errors,
            ..Default::default()
        },
    })
}
