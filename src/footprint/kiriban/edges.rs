//! What hangs on a user: the numbers of visits that they have named.

use async_graphql::Context;
use entity::{kiriban, values::Audience};
use uuid::Uuid;

use super::{
    loader::{KiribanByKey, KiribansOf, NextKiribanOf},
    node::{Kiriban, KiribanConnection, KiribanEdge},
    store::KiribanKey,
};
use crate::{
    error::Error,
    footprint::naming::is_named_to,
    friendship::loader::relation_to,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, Slice, cursor, int},
    user::{loader::user, node::User},
    visibility,
};

const KIRIBANS_CURSOR: u8 = b'k';

/// Whether what `owner` has named is shown to the viewer: as what the profile shows to members.
async fn are_shown(ctx: &Context<'_>, owner: Uuid) -> Result<bool, Error> {
    let relation = relation_to(ctx.loaders(), owner).await?;
    Ok(visibility::may_see(Audience::Members, relation, false))
}

/// `User.kiribans`
pub(crate) async fn kiribans(
    ctx: &Context<'_>,
    owner: Uuid,
    args: PageArgs,
) -> Result<Flat<KiribanConnection>, Error> {
    let page = args.page(KIRIBANS_CURSOR)?;
    let slice = if are_shown(ctx, owner).await? {
        let found = ctx.loaders().load(KiribansOf { owner, page }).await?;
        found.map_or_else(Slice::default, |slice| (*slice).clone())
    } else {
        Slice::default()
    };
    let edges = slice.filter_map(|row| {
        Some(KiribanEdge {
            cursor: cursor(KIRIBANS_CURSOR, &row.number),
            node: Kiriban::from(row),
        })
    });
    Ok(KiribanConnection::new(edges, None))
}

/// `User.nextKiriban`
pub(crate) async fn next(ctx: &Context<'_>, owner: Uuid) -> Result<Option<i32>, Error> {
    if !are_shown(ctx, owner).await? {
        return Ok(None);
    }
    let next = ctx.loaders().load(NextKiribanOf(owner)).await?;
    Ok(next.map(int))
}

/// The kiriban with `key`, of an owner who is not hidden from the viewer.
pub(crate) async fn kiriban(ctx: &Context<'_>, key: KiribanKey) -> Result<Option<Kiriban>, Error> {
    let row = ctx.loaders().load(KiribanByKey(key)).await?;
    Ok(row.map(Kiriban::from))
}

/// `Kiriban.visitor`: who is named to friends alone is named here to its owner, who was one, and to nobody
/// else.
pub(super) async fn visitor(
    ctx: &Context<'_>,
    row: &kiriban::Model,
) -> Result<Option<User>, Error> {
    let (Some(me), Some(visitor)) = (ctx.viewer().id(), row.visitor_id) else {
        return Ok(None);
    };
    let is_own = me == visitor;
    if !(row.named_to_all || is_own || me == row.owner_id) {
        return Ok(None);
    }
    if is_own || is_named_to(ctx.loaders(), me, visitor).await? {
        let whole = ctx.once(["user", "whole"], User::is_asked_whole);
        return user(ctx.loaders(), visitor, whole).await;
    }
    Ok(None)
}
