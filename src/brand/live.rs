//! What is published on the pages that one follows, as it is published.

use std::sync::Arc;

use async_graphql::{Context, Subscription};
use chrono::TimeDelta;
use entity::brand_post;
use futures_util::{Stream, TryStreamExt};
use uuid::Uuid;

use super::{
    loader::BrandById,
    node::{BrandPost, BrandPostEdge},
    store::{followers, posts},
};
use crate::{
    error::Error,
    events::Event,
    graphql::context::ContextExt,
    live::{
        feed,
        others::Others,
        source::{Arrived, Last, Source},
    },
    loaders::Loaders,
    paging::{Page, cursor, int},
    rest::store::digests::Sequence,
};

const PUBLISHED_CURSOR: u8 = b'P';
/// How far apart the clocks of two servers may be.
const APART: TimeDelta = TimeDelta::seconds(2);

/// Posts, live.
#[derive(Debug, Default)]
pub struct BrandSubscription;

#[Subscription]
impl BrandSubscription {
    /// Posts on the pages of brands that you follow: those after the cursor that are still there, then each as it is
    /// published; of a page that you follow later, those from then on. Without a cursor, those from now on. While you
    /// rest, it is silent; of what came in a rest that is over the last one comes, for all of them: see
    /// `BrandPostEdge.held`.
    async fn brand_post_published(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor of the last edge that you got from this subscription.")]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<BrandPostEdge, Error>>, Error> {
        let me = ctx.member()?.id;
        let others = Arc::new(Others::default());
        let source = Source {
            event: Event::FollowsChanged(me),
            others: Some(others.clone()),
            tag: PUBLISHED_CURSOR,
            last: Last::OfPosts,
            sequence: Sequence::Posts,
            // A page speaks for itself: whoever wrote it, no block hides it.
            who: |_: &Published| Uuid::nil(),
            read: move |loaders, page| read(loaders, me, others.clone(), page),
        };
        let loaders = ctx.own_loaders();
        let rows = feed(ctx, source, after).await?;
        Ok(rows.try_filter_map(move |arrived| edge(loaders.clone(), arrived)))
    }
}

/// A post, and whether the page was followed already when it was published.
#[derive(Clone, Debug)]
struct Published {
    row: brand_post::Model,
    is_new: bool,
}

/// Reads a page of them: which pages `me` follows, and what was published there, two statements, however many pages
/// these are. Before the second, each is waited for, so that nothing falls between.
async fn read(
    loaders: Arc<Loaders>,
    me: Uuid,
    others: Arc<Others>,
    page: Page<i64>,
) -> Result<Vec<(i64, Published)>, Error> {
    let app = &loaders.app;
    let most = app.rules.followed_brand_limit;
    let followed = followers::since(&loaders.db(), me, most).await?;
    let ids: Vec<_> = followed.keys().copied().collect();
    let wanted = ids.iter().map(|brand| Event::BrandPosted(*brand));
    let rows = match others.follow(&app.events, wanted) {
        // What was published before it was waited for may be in no replica yet.
        true => posts::since(app.database.reader(), &ids, &page).await?,
        false => posts::since(&loaders.db(), &ids, &page).await?,
    };
    let rows = rows.into_iter().map(|row| {
        let since = followed.get(&row.brand_id);
        let is_new = since.is_some_and(|since| row.created_at >= *since - APART);
        (row.number, Published { row, is_new })
    });
    Ok(rows.collect())
}

/// What arrives of it; nothing of what was published before the page was followed, or where the page is gone.
async fn edge(
    loaders: Arc<Loaders>,
    Arrived { row, held }: Arrived<Published>,
) -> Result<Option<BrandPostEdge>, Error> {
    let Published { row, is_new } = row;
    if !is_new || loaders.load(BrandById(row.brand_id)).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(BrandPostEdge {
        cursor: cursor(PUBLISHED_CURSOR, &row.number),
        node: BrandPost::from(Arc::new(row)),
        held: int(held),
    }))
}
