//! Notifications in the API: what they lead to, and the mutations.

use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{
    edges,
    node::{Notification, NotificationKind, NotificationSubject},
    reading,
};
use crate::{
    error::Error,
    graphql::context::ContextExt,
    paging::position,
    rejection::{UserError, answer},
    user::node::User,
};

#[ComplexObject]
impl Notification {
    /// Whose doing it is; null where a visitor is not named to you, and where it is nobody's.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<User, Error>> {
        edges::actor(ctx, &self.row).await.transpose()
    }

    /// What it is about, of the type that `kind` says; null where it has just gone.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<NotificationSubject, Error>> {
        edges::subject(ctx, &self.row).await.transpose()
    }

    /// Whether you have read it: `markNotificationsRead` says so.
    async fn is_read(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        edges::is_read(ctx, &self.row).await
    }
}

/// Up to where you have read.
#[derive(Debug, InputObject)]
pub struct MarkNotificationsReadInput {
    /// The cursor of the newest notification that you have read; all of them if not given.
    up_to: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What marking came to.
#[derive(Debug, Default, SimpleObject)]
pub struct MarkNotificationsReadPayload {
    /// How many notifications are still unread, as in `Viewer.unreadNotificationCount`.
    unread_notification_count: Option<i32>,
    /// Always empty: reading is always allowed.
    user_errors: Vec<UserError>,
}

/// What you want to be told of.
#[derive(Debug, InputObject)]
pub struct ChooseNotificationsInput {
    /// All the kinds that you want; nothing of the others is told to you from now on.
    kinds: Vec<NotificationKind>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What choosing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct ChooseNotificationsPayload {
    /// What you have chosen, as in `Viewer.notificationChoices`.
    notification_choices: Option<Vec<NotificationKind>>,
    /// Always empty: choosing is always allowed.
    user_errors: Vec<UserError>,
}

/// Reading notifications, and choosing which to get.
#[derive(Debug, Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Says that you have read your notifications, all or up to one: `unreadNotificationCount` begins anew.
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to where you have read.")] input: MarkNotificationsReadInput,
    ) -> Option<Result<MarkNotificationsReadPayload, Error>> {
        Some(mark_read(ctx, input).await)
    }

    /// Chooses what you are told of from now on. What you were told before stays. (Whoever chooses nothing is told
    /// of everything, and of a kind that is newer than your choice you are told, too.)
    async fn choose_notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What you want.")] input: ChooseNotificationsInput,
    ) -> Option<Result<ChooseNotificationsPayload, Error>> {
        Some(choose(ctx, input).await)
    }
}

async fn mark_read(
    ctx: &Context<'_>,
    input: MarkNotificationsReadInput,
) -> Result<MarkNotificationsReadPayload, Error> {
    let me = ctx.member()?.id;
    let number = input
        .up_to
        .map(|cursor| position(edges::NOTIFICATIONS_CURSOR, &cursor))
        .transpose()?;
    let done = reading::mark_read(ctx.app(), me, number, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            MarkNotificationsReadPayload {
                unread_notification_count: Some(edges::unread_count(ctx, me).await?),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => MarkNotificationsReadPayload {
            unread_notification_count: None,
            user_errors,
        },
    })
}

async fn choose(
    ctx: &Context<'_>,
    input: ChooseNotificationsInput,
) -> Result<ChooseNotificationsPayload, Error> {
    let me = ctx.member()?.id;
    let kinds = input.kinds.into_iter().map(Into::into).collect();
    let done = reading::choose(ctx.app(), me, kinds, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            ChooseNotificationsPayload {
                notification_choices: Some(edges::choices(ctx, me).await?),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => ChooseNotificationsPayload {
            notification_choices: None,
            user_errors,
        },
    })
}
