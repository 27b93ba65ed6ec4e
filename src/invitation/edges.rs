//! What hangs on the viewer: the invitations that they made, who came by them, and who brought them.

use async_graphql::Context;
use uuid::Uuid;

use super::{
    node::{Invitation, InvitationConnection, InvitationEdge},
    service, store,
};
use crate::{
    block::loader::hidden,
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, cursor, int},
    user::{
        loader::{UserById, absent, user, users},
        node::{User, UserConnection, UserEdge},
    },
};

const INVITATIONS_CURSOR: u8 = b'v';
const INVITEES_CURSOR: u8 = b'n';

/// `Viewer.invitations`
pub(crate) async fn invitations(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<InvitationConnection>, Error> {
    let page = args.page(INVITATIONS_CURSOR)?;
    let slice = store::invitations_page(&ctx.loaders().db(), me, &page).await?;
    let now = ctx.app().clock.now();
    let edges = slice.filter_map(|row| {
        Some(InvitationEdge {
            cursor: cursor(INVITATIONS_CURSOR, &row.id),
            node: Invitation::new(&row, now),
        })
    });
    Ok(InvitationConnection::new(edges, None))
}

/// `Viewer.invitationPlacesLeft`
pub(crate) async fn places_left(ctx: &Context<'_>, me: Uuid) -> Result<Option<i32>, Error> {
    let row = ctx.loaders().load(UserById(me)).await?;
    let role = row.ok_or_else(|| absent(me))?.role;
    let taken = store::places(&ctx.loaders().db(), me, ctx.app().clock.now()).await?;
    Ok(service::left(ctx.app(), role, taken).map(int))
}

/// `Viewer.invitees`
pub(crate) async fn invitees(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<UserConnection>, Error> {
    let page = args.page(INVITEES_CURSOR)?;
    let hidden = hidden(ctx.loaders()).await?;
    let slice = store::invitees_page(&ctx.loaders().db(), me, &page, hidden.ids()).await?;
    let ids = slice.rows.iter().map(|row| row.user_id);
    let whole = ctx.any_node("whole", User::is_asked_whole);
    let users = users(ctx.loaders(), ids, whole).await?;
    let edges = slice.filter_map(|row| {
        Some(UserEdge {
            cursor: cursor(INVITEES_CURSOR, &row.user_id),
            node: users.get(&row.user_id)?.clone(),
        })
    });
    Ok(UserConnection::new(edges, None))
}

/// `Viewer.inviter`
pub(crate) async fn inviter(ctx: &Context<'_>, me: Uuid) -> Result<Option<User>, Error> {
    let inviter = store::inviter_of(&ctx.loaders().db(), me).await?;
    match inviter.filter(|inviter| !inviter.is_nil()) {
        Some(inviter) => user(ctx.loaders(), inviter, true).await,
        None => Ok(None),
    }
}

/// The invitation with the key (inviter, id), if the viewer made it.
pub(crate) async fn invitation(
    ctx: &Context<'_>,
    inviter: Uuid,
    id: Uuid,
) -> Result<Option<Invitation>, Error> {
    let Some(me) = ctx.viewer().id() else {
        return Ok(None);
    };
    let row = store::invitation(ctx.app().database.reader(), [me, id]).await?;
    let row = row.filter(|_| inviter == me);
    Ok(row.map(|row| Invitation::new(&row, ctx.app().clock.now())))
}
