//! Footprints as they arrive.

use std::sync::Arc;

use async_graphql::{Context, Subscription};
use entity::footprint;
use futures_util::{Stream, StreamExt};

use super::{
    edges::{FOOTPRINTS_CURSOR, edge},
    node::FootprintEdge,
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

/// Footprints, live.
#[derive(Debug, Default)]
pub struct FootprintSubscription;

#[Subscription]
impl FootprintSubscription {
    /// Footprints that others leave with you: those after the cursor, then each as it comes, in the
    /// order of their numbers. Without a cursor, those from now on. When the connection was lost,
    /// subscribe again with the last cursor that you got: nothing is missing and nothing comes
    /// twice. (A visitor's later visit of the same day comes again, under the same id.) While you rest, it is
    /// silent; of what came in a rest that is over the last one comes, for all of them: see `FootprintEdge.held`.
    async fn footprint_left(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last cursor that you got, here or from `Viewer.footprints`.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<FootprintEdge, Error>>, Error> {
        let me = ctx.member()?.id;
        let source = Source {
            event: Event::FootprintLeft(me),
            others: None,
            tag: FOOTPRINTS_CURSOR,
            last: Last::Counted(|counters| counters.visit_count),
            sequence: Sequence::Footprints,
            who: |row: &footprint::Model| row.visitor_id,
            read: move |loaders: Arc<Loaders>, page| async move {
                let db = &loaders.db();
                let rows = store::page(db, me, &page, false, &[]).await?.rows;
                Ok(rows.into_iter().map(|row| (row.number, row)).collect())
            },
        };
        let rows = feed(ctx, source, after).await?;
        Ok(rows.map(|row| {
            row.map(|Arrived { row, held }| FootprintEdge {
                held: int(held),
                ..edge(row)
            })
        }))
    }
}
