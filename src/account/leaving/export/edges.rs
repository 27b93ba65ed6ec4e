//! What hangs on the viewer: the copies of their data.

use async_graphql::Context;
use uuid::Uuid;

use super::{
    node::{DataExport, DataExportConnection, DataExportEdge},
    store::{self, ExportKey},
};
use crate::{
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, cursor},
};

const EXPORTS_CURSOR: u8 = b'x';

/// `Viewer.dataExports`
pub(crate) async fn exports(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<DataExportConnection>, Error> {
    let page = args.page(EXPORTS_CURSOR)?;
    let session = ctx.member()?.session;
    // A replica may not have heard how far they are.
    let slice = store::page(ctx.app().database.reader(), me, &page).await?;
    let edges = slice.filter_map(|row| {
        Some(DataExportEdge {
            cursor: cursor(EXPORTS_CURSOR, &row.id),
            node: DataExport::new(ctx.app(), &row, session),
        })
    });
    Ok(DataExportConnection::new(edges, None))
}

/// The export with `key`, if it is the viewer's.
pub(crate) async fn export(
    ctx: &Context<'_>,
    [user, id]: ExportKey,
) -> Result<Option<DataExport>, Error> {
    let Ok(me) = ctx.member() else {
        return Ok(None);
    };
    // Another's is looked for among one's own, where it is not.
    let row = store::find(ctx.app().database.reader(), [me.id, id]).await?;
    let row = row.filter(|_| user == me.id);
    Ok(row.map(|row| DataExport::new(ctx.app(), &row, me.session)))
}
