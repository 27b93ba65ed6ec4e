//! What hangs on the viewer and on a notification.

use async_graphql::Context;
use entity::{notification, values};
use futures_util::future::try_join;
use uuid::Uuid;

use super::{
    kinds::wanted,
    loader::{self, NotificationByKey, inbox_of},
    node::{
        Notification, NotificationConnection, NotificationEdge, NotificationKind,
        NotificationSubject,
    },
    store::{self, NotificationKey},
};
use crate::{
    block::loader::hidden,
    diary::edges as diary,
    error::Error,
    footprint::{edges as footprint, kiriban::edges as kiriban},
    friendship::{edges as friendship, introduction::edges as introduction},
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, cursor, int},
    plan::edges as plan,
    rest::edges as rest,
    user::{
        loader::{user, users},
        node::User,
    },
};

/// The cursors of notifications, in the list and live.
pub(super) const NOTIFICATIONS_CURSOR: u8 = b'N';

/// `Viewer.notifications`
pub(crate) async fn notifications(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<NotificationConnection>, Error> {
    let page = args.page(NOTIFICATIONS_CURSOR)?;
    let loaders = ctx.loaders();
    let hidden = hidden(loaders).await?;
    let slice = async {
        let slice = store::page(&loaders.db(), me, &page, true, hidden.ids()).await;
        slice.map_err(Error::from)
    };
    // Up to where the viewer has read is found meanwhile.
    let read = async {
        if ctx.selects("isRead") {
            inbox_of(loaders, me).await?;
        }
        Ok(())
    };
    let (slice, ()) = try_join(slice, read).await?;
    if ctx.selects("actor") {
        // All at once: each finds its own then without a wait.
        let actors = slice.rows.iter().map(|row| row.actor_id);
        let actors = actors.filter(|actor| !actor.is_nil());
        let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("actor")));
        users(loaders, actors, whole).await?;
    }
    let edges = slice.filter_map(|row| Some(edge(row)));
    Ok(NotificationConnection::new(edges, None))
}

/// A notification with its cursor.
pub(super) fn edge(row: notification::Model) -> NotificationEdge {
    NotificationEdge {
        cursor: cursor(NOTIFICATIONS_CURSOR, &row.number),
        node: Notification::from(row),
        held: 0,
    }
}

/// `Viewer.unreadNotificationCount`
pub(crate) async fn unread_count(ctx: &Context<'_>, me: Uuid) -> Result<i32, Error> {
    Ok(int(loader::unread_count(ctx.loaders(), me).await?))
}

/// `Viewer.notificationChoices`
pub(crate) async fn choices(ctx: &Context<'_>, me: Uuid) -> Result<Vec<NotificationKind>, Error> {
    let inbox = inbox_of(ctx.loaders(), me).await?;
    let wanted = wanted(inbox.unwanted).into_iter();
    Ok(wanted.map(Into::into).collect())
}

/// `Notification.isRead`
pub(super) async fn is_read(ctx: &Context<'_>, row: &notification::Model) -> Result<bool, Error> {
    let inbox = inbox_of(ctx.loaders(), row.user_id).await?;
    Ok(row.number <= inbox.read_number)
}

/// `Notification.actor`
pub(super) async fn actor(
    ctx: &Context<'_>,
    row: &notification::Model,
) -> Result<Option<User>, Error> {
    let actor = row.actor_id;
    if actor.is_nil() {
        return Ok(None);
    }
    // As among the footprints: who is not named sees no names.
    if row.kind == values::NotificationKind::KiribanReached {
        return footprint::visitor_with(ctx, actor).await;
    }
    friend(ctx, actor).await
}

/// `Notification.subject`: one statement for all of a kind on a level.
pub(super) async fn subject(
    ctx: &Context<'_>,
    row: &notification::Model,
) -> Result<Option<NotificationSubject>, Error> {
    let (me, actor) = (row.user_id, row.actor_id);
    Ok(match row.kind {
        values::NotificationKind::FriendRequestReceived => friendship::request(ctx, actor, me)
            .await?
            .map(NotificationSubject::FriendRequest),
        values::NotificationKind::FriendshipBegun => {
            friend(ctx, actor).await?.map(NotificationSubject::User)
        }
        // One's own diaries are there for oneself, and who is hidden has no notification here.
        values::NotificationKind::DiaryCommented => {
            let key = [me, row.diary_id.unwrap_or_default(), row.id];
            diary::new_comment(ctx, key)
                .await?
                .filter(|comment| !comment.is_by_deleted_user)
                .map(NotificationSubject::DiaryComment)
        }
        values::NotificationKind::IntroductionWritten => {
            introduction::introduction(ctx, [me, actor])
                .await?
                .map(NotificationSubject::Introduction)
        }
        values::NotificationKind::KiribanReached => reached(ctx, me, row).await?,
        values::NotificationKind::KiribanHit => reached(ctx, actor, row).await?,
        values::NotificationKind::RestEnded => rest::digest(ctx, [me, row.id])
            .await?
            .map(NotificationSubject::RestDigest),
        values::NotificationKind::PlanBegun
        | values::NotificationKind::PlanPaymentFailed
        | values::NotificationKind::PlanEnded => plan::order(ctx, [me, row.id])
            .await?
            .map(NotificationSubject::Order),
    })
}

async fn reached(
    ctx: &Context<'_>,
    owner: Uuid,
    row: &notification::Model,
) -> Result<Option<NotificationSubject>, Error> {
    let key = (owner, row.kiriban.unwrap_or_default());
    let found = kiriban::kiriban(ctx, key).await?;
    Ok(found.map(NotificationSubject::Kiriban))
}

async fn friend(ctx: &Context<'_>, id: Uuid) -> Result<Option<User>, Error> {
    let whole = ctx.once(["user", "whole"], User::is_asked_whole);
    user(ctx.loaders(), id, whole).await
}

/// The notification with `key`, if it is the viewer's.
pub(crate) async fn notification(
    ctx: &Context<'_>,
    key @ [user, _]: NotificationKey,
) -> Result<Option<Notification>, Error> {
    if ctx.viewer().id() != Some(user) {
        return Ok(None);
    }
    let hidden = hidden(ctx.loaders()).await?;
    let row = ctx.loaders().load(NotificationByKey(key)).await?;
    Ok(row
        .filter(|row| !hidden.contains(row.actor_id))
        .map(Notification::from))
}
