//! What hangs on users and on the viewer: whether they rest, and what came meanwhile.

use async_graphql::Context;
use entity::rest_digest;
use uuid::Uuid;

use super::{
    loader::{CountOf, DigestByKey, RestOf, is_shown_resting},
    node::{Rest, RestDigest},
    store::digests::Sequence,
};
use crate::{
    error::Error, friendship::loader::relation_to, graphql::context::ContextExt, paging::int,
    visibility::may_see_rest,
};

/// `Viewer.rest`
pub(crate) async fn rest(ctx: &Context<'_>, me: Uuid) -> Result<Rest, Error> {
    let row = ctx.loaders().load(RestOf(me)).await?;
    Ok(Rest::of(row.as_deref(), ctx.app().clock.now()))
}

/// `User.isResting`
pub(crate) async fn is_resting(ctx: &Context<'_>, user: Uuid) -> Result<bool, Error> {
    let loaders = ctx.loaders();
    let relation = relation_to(loaders, user).await?;
    Ok(may_see_rest(relation) && is_shown_resting(loaders, user).await?)
}

/// The rest with the key (user, id), if it is the viewer's.
pub(crate) async fn digest(
    ctx: &Context<'_>,
    key @ [user, _]: [Uuid; 2],
) -> Result<Option<RestDigest>, Error> {
    if ctx.viewer().id() != Some(user) {
        return Ok(None);
    }
    let row = ctx.loaders().load(DigestByKey(key)).await?;
    Ok(row.map(RestDigest::from))
}

/// How much of `sequence` came in the rest of `row` and is there still.
pub(super) async fn count(
    ctx: &Context<'_>,
    row: &rest_digest::Model,
    sequence: Sequence,
) -> Result<i32, Error> {
    let range @ [_, last] = sequence.range(row);
    if last == 0 {
        return Ok(0);
    }
    let key = CountOf {
        me: row.user_id,
        sequence,
        range,
    };
    let count = ctx.loaders().load(key).await?;
    Ok(int(count.unwrap_or(0)))
}
