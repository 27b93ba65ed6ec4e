//! Comments on one's diaries as they arrive.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt};

use super::{
    node::{DiaryComment, DiaryCommentEdge},
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

const RECEIVED_CURSOR: u8 = b'C';

/// Comments, live.
#[derive(Debug, Default)]
pub struct DiarySubscription;

#[Subscription]
impl DiarySubscription {
    /// Comments that others write under your diaries: those after the cursor that are still there,
    /// then each as it comes. Without a cursor, those from now on.
    async fn diary_commented(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor of the last edge that you got from this subscription.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<DiaryCommentEdge, Error>>, Error> {
        let me = ctx.member()?.id;
        let loaders = ctx.own_loaders();
        let app = loaders.app.clone();
        let waiter = app.events.watch(Event::DiaryCommented(me));
        let from = match after {
            Some(after) => position(RECEIVED_CURSOR, &after)?,
            None => counters(app.database.reader(), me)
                .await?
                .map_or(0, |row| row.comment_number),
        };
        let rows = feed(waiter, from, move |page| {
            let app = app.clone();
            async move {
                let rows = store::comments_since(app.database.reader(), me, &page).await?;
                Ok(rows.into_iter().map(|row| (row.number, row)).collect())
            }
        });
        Ok(rows.map(move |row| {
            loaders.renew();
            row.map(|row| DiaryCommentEdge {
                cursor: cursor(RECEIVED_CURSOR, &row.number),
                node: DiaryComment::from(row),
            })
        }))
    }
}
