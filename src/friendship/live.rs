//! Friend requests as they arrive.

use std::sync::Arc;

use async_graphql::{Context, Subscription};
use entity::friend_request;
use futures_util::{Stream, StreamExt};

use super::{
    node::{FriendRequest, FriendRequestEdge},
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
    paging::{cursor, int},
    rest::store::digests::Sequence,
};

const RECEIVED_CURSOR: u8 = b'Q';

/// Friend requests, live.
#[derive(Debug, Default)]
pub struct FriendshipSubscription;

#[Subscription]
impl FriendshipSubscription {
    /// Friend requests that you receive: those after the cursor that still wait for an answer, then
    /// each as it comes. Without a cursor, those from now on. While you rest, it is silent; of what came in a rest that
    /// is over the last one comes, for all of them: see `FriendRequestEdge.held`.
    async fn friend_request_received(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor of the last edge that you got from this subscription.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<FriendRequestEdge, Error>>, Error> {
        let me = ctx.member()?.id;
        let source = Source {
            event: Event::FriendRequestReceived(me),
            others: None,
            tag: RECEIVED_CURSOR,
            last: Last::Counted(|counters| counters.request_number),
            sequence: Sequence::Requests,
            who: |row: &friend_request::Model| row.other_id,
            read: move |loaders: Arc<Loaders>, page| async move {
                let db = &loaders.db();
                let rows = store::requests_since(db, me, &page).await?;
                Ok(rows.into_iter().map(|row| (row.number, row)).collect())
            },
        };
        let rows = feed(ctx, source, after).await?;
        Ok(rows.map(|row| {
            row.map(|Arrived { row, held }| FriendRequestEdge {
                cursor: cursor(RECEIVED_CURSOR, &row.number),
                node: FriendRequest::from(row),
                held: int(held),
            })
        }))
    }
}
