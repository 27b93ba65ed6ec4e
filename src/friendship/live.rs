//! Friend requests as they arrive.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt};

use super::{
    node::{FriendRequest, FriendRequestEdge},
    store,
};
use crate::{
    error::Error,
    events::Event,
    graphql::context::ContextExt,
    live::feed,
    paging::{cursor, position},
    user::store::counters,
};

const RECEIVED_CURSOR: u8 = b'Q';

/// Friend requests, live.
#[derive(Debug, Default)]
pub struct FriendshipSubscription;

#[Subscription]
impl FriendshipSubscription {
    /// Friend requests that you receive: those after the cursor that still wait for an answer, then
    /// each as it comes. Without a cursor, those from now on.
    async fn friend_request_received(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor of the last edge that you got from this subscription.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<FriendRequestEdge, Error>>, Error> {
        let me = ctx.member()?.id;
        let loaders = ctx.own_loaders();
        let app = loaders.app.clone();
        let waiter = app.events.watch(Event::FriendRequestReceived(me));
        let from = match after {
            Some(after) => position(RECEIVED_CURSOR, &after)?,
            None => counters(app.database.reader(), me)
                .await?
                .map_or(0, |row| row.request_number),
        };
        let rows = feed(waiter, from, move |page| {
            let app = app.clone();
            async move {
                let rows = store::requests_since(app.database.reader(), me, &page).await?;
                Ok(rows.into_iter().map(|row| (row.number, row)).collect())
            }
        });
        Ok(rows.map(move |row| {
            loaders.renew();
            row.map(|row| FriendRequestEdge {
                cursor: cursor(RECEIVED_CURSOR, &row.number),
                node: FriendRequest::from(row),
            })
        }))
    }
}
