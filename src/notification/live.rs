//! Notifications as they arrive.

use std::sync::Arc;

use async_graphql::{Context, Subscription};
use entity::notification;
use futures_util::{Stream, StreamExt};

use super::{
    edges::{NOTIFICATIONS_CURSOR, edge},
    node::NotificationEdge,
    store,
};
use crate::{
    error::Error,
    events::Event,
    graphql::context::ContextExt,
    live::{
        feed,
        source::{Arrived, Last, Source},
    },
    loaders::Loaders,
    paging::int,
    rest::store::digests::Sequence,
};

/// Notifications, live.
#[derive(Debug, Default)]
pub struct NotificationSubscription;

#[Subscription]
impl NotificationSubscription {
    /// What you are told of: the notifications after the cursor that are still there, then each as it comes, in
    /// their order. Without a cursor, those from now on. When the connection was lost, subscribe again with the
    /// last cursor that you got: nothing is missing and nothing comes twice. While you rest, it is silent; for what came
    /// in a rest that is over the notification comes that it is (REST_ENDED), which says how much that was; or the last
    /// one, where you do not want to be told so.
    async fn notification_received(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last cursor that you got, here or from `Viewer.notifications`.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<NotificationEdge, Error>>, Error> {
        let me = ctx.member()?.id;
        let source = Source {
            event: Event::Notified(me),
            others: None,
            tag: NOTIFICATIONS_CURSOR,
            last: Last::InInbox,
            sequence: Sequence::Notifications,
            who: |row: &notification::Model| row.actor_id,
            read: move |loaders: Arc<Loaders>, page| async move {
                let db = &loaders.db();
                let rows = store::page(db, me, &page, false, &[]).await?.rows;
                Ok(rows.into_iter().map(|row| (row.number, row)).collect())
            },
        };
        let rows = feed(ctx, source, after).await?;
        Ok(rows.map(|row| {
            row.map(|Arrived { row, held }| NotificationEdge {
                held: int(held),
                ..edge(row)
            })
        }))
    }
}
