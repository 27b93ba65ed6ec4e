//! What hangs on the viewer: footprints and their counters.

use async_graphql::Context;
use entity::footprint;
use uuid::Uuid;

use super::{
    loader::{FootprintByKey, count},
    node::{Footprint, FootprintConnection, FootprintEdge},
    store,
};
use crate::{
    block::loader::hidden,
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, cursor, int},
    user::{
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
    let hidden = hidden(ctx.loaders()).await?;
    let slice = store::page(&ctx.loaders().db(), me, &page, true, hidden.ids()).await?;
    let total = if ctx.asks("totalCount") {
        count(ctx.loaders(), me).await?.all
    } else {
        0
    };
    if ctx.selects("visitor") {
        // All at once: each finds its own then without a wait.
        let visitors = slice.rows.iter().map(|row| row.visitor_id);
        let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("visitor")));
        users(ctx.loaders(), visitors, whole).await?;
    }
    let edges = slice.filter_map(|row| Some(edge(row)));
    Ok(FootprintConnection::new(edges, int(total)))
}

/// A footprint with its cursor.
pub(super) fn edge(row: footprint::Model) -> FootprintEdge {
    FootprintEdge {
        cursor: cursor(FOOTPRINTS_CURSOR, &row.number),
        node: Footprint::from(row),
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
