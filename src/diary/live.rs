//! Comments on one's diaries as they arrive.

use std::sync::Arc;

use async_graphql::{Context, Subscription};
use entity::diary_comment;
use futures_util::{Stream, StreamExt};

use super::{
    node::{DiaryComment, DiaryCommentEdge},
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

const RECEIVED_CURSOR: u8 = b'C';

/// Comments, live.
#[derive(Debug, Default)]
pub struct DiarySubscription;

#[Subscription]
impl DiarySubscription {
    /// Comments that others write under your diaries: those after the cursor that are still there,
    /// then each as it comes. Without a cursor, those from now on. While you rest, it is silent; of what came in a rest
    /// that is over the last one comes, for all of them: see `DiaryCommentEdge.held`.
    async fn diary_commented(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor of the last edge that you got from this subscription.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<DiaryCommentEdge, Error>>, Error> {
        let me = ctx.member()?.id;
        let source = Source {
            event: Event::DiaryCommented(me),
            others: None,
            tag: RECEIVED_CURSOR,
            last: Last::Counted(|counters| counters.comment_number),
            sequence: Sequence::Comments,
            who: |row: &diary_comment::Model| row.author_id,
            read: move |loaders: Arc<Loaders>, page| async move {
                let db = &loaders.db();
                let rows = store::comments_since(db, me, &page).await?;
                Ok(rows.into_iter().map(|row| (row.number, row)).collect())
            },
        };
        let rows = feed(ctx, source, after).await?;
        Ok(rows.map(|row| {
            row.map(|Arrived { row, held }| DiaryCommentEdge {
                cursor: cursor(RECEIVED_CURSOR, &row.number),
                node: DiaryComment::from(Arc::new(row)),
                held: int(held),
            })
        }))
    }
}
