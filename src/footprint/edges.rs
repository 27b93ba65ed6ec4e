//! What hangs on the viewer: footprints and their counters.

use async_graphql::Context;
use entity::footprint;
use futures_util::future::try_join;
use uuid::Uuid;

use super::{
    loader::{FootprintByKey, LeftWith, as_visitor, count},
    naming::{chosen, is_named_to, named_to},
    node::{Footprint, FootprintConnection, FootprintEdge, FootprintPolicy, LeftFootprint},
    store, taking_back,
};
use crate::{
    block::loader::hidden,
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, cursor, int},
    plan::loader::in_effect,
    user::{
        edges::named,
        loader::{counters, users},
        node::User,
    },
};

/// The cursors of footprints, in the list and live.
pub(super) const FOOTPRINTS_CURSOR: u8 = b'n';

/// `Viewer.footprints`
pub(crate) async fn footprints(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<FootprintConnection>, Error> {
    let page = args.page(FOOTPRINTS_CURSOR)?;
    let loaders = ctx.loaders();
    let hidden = hidden(loaders).await?;
    let names = ctx.selects("visitor");
    let slice = async {
        let slice = store::page(&loaders.db(), me, &page, true, hidden.ids()).await;
        slice.map_err(Error::from)
    };
    // What the viewer has chosen is read meanwhile, where the session does not say it.
    let choice = async {
        if names {
            chosen(loaders, me).await?;
        }
        Ok(())
    };
    let (slice, ()) = try_join(slice, choice).await?;
    let total = if ctx.asks("totalCount") {
        count(loaders, me).await?.all
    } else {
        0
    };
    if names {
        // All at once: each finds its own then without a wait.
        let visitors = slice.rows.iter().map(|row| row.visitor_id).collect();
        let visitors = named_to(loaders, me, visitors).await?;
        let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("visitor")));
        users(loaders, visitors, whole).await?;
    }
    let edges = slice.filter_map(|row| Some(edge(row)));
    Ok(FootprintConnection::new(edges, int(total)))
}

/// A footprint with its cursor.
pub(super) fn edge(row: footprint::Model) -> FootprintEdge {
    FootprintEdge {
        cursor: cursor(FOOTPRINTS_CURSOR, &row.number),
        node: Footprint::from(row),
        held: 0,
    }
}

/// `Viewer.visitCount`
pub(crate) async fn visit_count(ctx: &Context<'_>, me: Uuid) -> Result<i32, Error> {
    Ok(int(counters(ctx.loaders(), me).await?.visit_count))
}

/// `Viewer.newFootprintCount`
pub(crate) async fn new_count(ctx: &Context<'_>, me: Uuid) -> Result<i32, Error> {
    Ok(int(count(ctx.loaders(), me).await?.new))
}

/// `Viewer.footprintPolicy`
pub(crate) async fn policy(ctx: &Context<'_>, me: Uuid) -> Result<FootprintPolicy, Error> {
    let visitor = as_visitor(ctx.loaders(), me).await?;
    Ok(visitor.footprint_policy.into())
}

/// `Viewer.footprintsToTakeBack`
pub(crate) async fn to_take_back(ctx: &Context<'_>, me: Uuid) -> Result<i32, Error> {
    let visitor = as_visitor(ctx.loaders(), me).await?;
    let plan = in_effect(ctx.loaders(), me).await?;
    let left = taking_back::left(ctx.app(), &visitor, plan.as_deref());
    Ok(int(left))
}

/// `User.viewerFootprint`
pub(crate) async fn left_by_viewer(
    ctx: &Context<'_>,
    owner: Uuid,
) -> Result<Option<Flat<LeftFootprint>>, Error> {
    // There is none with oneself: that needs no statement.
    if ctx.viewer().id().is_none_or(|me| me == owner) {
        return Ok(None);
    }
    let row = ctx.loaders().load(LeftWith(owner)).await?;
    Ok(row.map(|row| Flat(row.into())))
}

/// `Footprint.visitor`
pub(super) async fn visitor(
    ctx: &Context<'_>,
    footprint: &Footprint,
) -> Result<Option<User>, Error> {
    visitor_with(ctx, footprint.visitor_id).await
}

/// `visitor`, who is named to the viewer and not hidden from them, if the viewer sees the names of visitors.
pub(crate) async fn visitor_with(ctx: &Context<'_>, visitor: Uuid) -> Result<Option<User>, Error> {
    let me = ctx.member()?.id;
    if is_named_to(ctx.loaders(), me, visitor).await? {
        named(ctx, visitor).await.map(Some)
    } else {
        Ok(None)
    }
}

/// The footprint with the key (owner, id), if it is the viewer's.
pub(crate) async fn footprint(
    ctx: &Context<'_>,
    owner: Uuid,
    id: Uuid,
) -> Result<Option<Footprint>, Error> {
    if ctx.viewer().id() != Some(owner) {
        return Ok(None);
    }
    let hidden = hidden(ctx.loaders()).await?;
    let row = ctx.loaders().load(FootprintByKey([owner, id])).await?;
    Ok(row
        .filter(|row| !hidden.contains(row.visitor_id))
        .map(Footprint::from))
}
