//! Footprints as they arrive.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt};

use super::{
    edges::{FOOTPRINTS_CURSOR, edge},
    node::FootprintEdge,
    store,
};
use crate::{
    error::Error, events::Event, graphql::context::ContextExt, live::feed, paging::position,
    user::store::counters,
};

/// Footprints, live.
#[derive(Debug, Default)]
pub struct FootprintSubscription;

#[Subscription]
impl FootprintSubscription {
    /// Footprints that others leave with you: those after the cursor, then each as it comes, in the
    /// order of their numbers. Without a cursor, those from now on. When the connection was lost,
    /// subscribe again with the last cursor that you got: nothing is missing and nothing comes
    /// twice. (A visitor's later visit of the same day comes again, under the same id.)
    async fn footprint_left(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last cursor that you got, here or from `Viewer.footprints`.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<FootprintEdge, Error>>, Error> {
        let me = ctx.member()?.id;
        let loaders = ctx.own_loaders();
        let app = loaders.app.clone();
        let waiter = app.events.watch(Event::FootprintLeft(me));
        let from = match after {
            Some(after) => position(FOOTPRINTS_CURSOR, &after)?,
            None => counters(app.database.reader(), me)
                .await?
                .map_or(0, |row| row.visit_count),
        };
        let rows = feed(waiter, from, move |page| {
            let app = app.clone();
            async move {
                let slice = store::page(app.database.reader(), me, &page, false).await?;
                Ok(slice
                    .rows
                    .into_iter()
                    .map(|row| (row.number, row))
                    .collect())
            }
        });
        Ok(rows.map(move |row| {
            loaders.renew();
            row.map(edge)
        }))
    }
}
