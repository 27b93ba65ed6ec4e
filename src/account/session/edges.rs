//! What hangs on the viewer: the list of their sessions.

use async_graphql::Context;
use uuid::Uuid;

use super::{
    loader::SessionByKey,
    node::{Session, SessionConnection, SessionEdge},
    store,
};
use crate::{
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, cursor, int},
};

const SESSIONS_CURSOR: u8 = b'S';

/// `Viewer.sessions`
pub(crate) async fn sessions(
    ctx: &Context<'_>,
    args: PageArgs,
) -> Result<Flat<SessionConnection>, Error> {
    let page = args.page(SESSIONS_CURSOR)?;
    let me = ctx.member()?;
    let now = ctx.app().clock.now();
    // A replica may not have heard of a sign-out yet.
    let db = ctx.app().database.reader();
    let slice = store::page(db, me.id, &page, now).await?;
    let total = if ctx.asks("totalCount") {
        store::count(db, me.id, now).await?
    } else {
        0
    };
    let edges = slice.filter_map(|row| {
        Some(SessionEdge {
            cursor: cursor(SESSIONS_CURSOR, &row.id),
            node: Session::new(row, me.session),
        })
    });
    Ok(SessionConnection::new(edges, int(total)))
}

/// The session with the key (user, id), if it is the viewer's.
pub(crate) async fn session(
    ctx: &Context<'_>,
    [user, id]: [Uuid; 2],
) -> Result<Option<Session>, Error> {
    let Ok(me) = ctx.member() else {
        return Ok(None);
    };
    if me.id != user {
        return Ok(None);
    }
    let row = ctx.loaders().load(SessionByKey([user, id])).await?;
    Ok(row.map(|row| Session::new(row, me.session)))
}
