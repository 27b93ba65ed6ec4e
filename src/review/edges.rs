//! What hangs on a user and on an item: reviews and ratings.

use std::sync::Arc;

use async_graphql::Context;
use entity::{review, user, values};
use futures_util::future::try_join;
use uuid::Uuid;

use super::{
    loader::{FriendsReviewsOf, HiddenReviewsOf, RatingOf, ReviewByKey, ReviewersOf, ReviewsBy},
    node::{Review, ReviewConnection, ReviewEdge, ReviewersFilter},
    store::ReviewKey,
};
use crate::{
    catalogue::node::{CatalogueKind, RatingSummary},
    error::Error,
    friendship::loader::relation_to,
    graphql::{context::ContextExt, plain::Flat},
    paging::{Page, PageArgs, Slice, cursor, int},
    user::{loader::whole, node::User},
    viewer::Viewer,
    visibility::{self, Relation},
};

const REVIEWS_CURSOR: u8 = b'r';

/// `User.reviews`
pub(crate) async fn by_author(
    ctx: &Context<'_>,
    author: &User,
    args: PageArgs,
    kind: Option<CatalogueKind>,
) -> Result<Flat<ReviewConnection>, Error> {
    let texts = ctx.selects("body");
    let key = ReviewsBy {
        author: author.person.id(),
        page: args.page(REVIEWS_CURSOR)?.with_texts(texts),
        kind: kind.map(Into::into),
    };
    let of_author = match ctx.viewer() {
        Viewer::Anonymous => Relation::Anonymous,
        Viewer::Member(_) => relation_to(ctx.loaders(), key.author).await?,
    };
    if !visibility::may_see(values::Audience::Members, of_author, false) {
        return Ok(connection(Slice::default(), false, Some(0)));
    }
    let total = if ctx.asks("totalCount") {
        let row = whole(ctx.loaders(), author).await?;
        match key.kind {
            Some(kind) => written(&row, kind),
            None => ALL_KINDS.into_iter().map(|kind| written(&row, kind)).sum(),
        }
    } else {
        0
    };
    let slice = ctx.loaders().load(key).await?.unwrap_or_default();
    Ok(connection((*slice).clone(), texts, Some(int(total))))
}

const ALL_KINDS: [values::CatalogueKind; 5] = [
    values::CatalogueKind::Cd,
    values::CatalogueKind::Movie,
    values::CatalogueKind::VideoGame,
    values::CatalogueKind::Book,
    values::CatalogueKind::Song,
];

fn written(author: &user::Model, kind: values::CatalogueKind) -> i64 {
    match kind {
        values::CatalogueKind::Cd => author.cd_reviews,
        values::CatalogueKind::Movie => author.movie_reviews,
        values::CatalogueKind::VideoGame => author.video_game_reviews,
        values::CatalogueKind::Book => author.book_reviews,
        values::CatalogueKind::Song => author.song_reviews,
    }
}

/// `CatalogueItem.reviews`
pub(crate) async fn of_item(
    ctx: &Context<'_>,
    item: Uuid,
    args: PageArgs,
    by: ReviewersFilter,
) -> Result<Flat<ReviewConnection>, Error> {
    let page = args.page(REVIEWS_CURSOR)?.with_texts(ctx.selects("body"));
    if !visibility::may_see_reviews(&ctx.viewer()) {
        return Ok(connection(Slice::default(), false, Some(0)));
    }
    match by {
        ReviewersFilter::All => by_everybody(ctx, item, page).await,
        ReviewersFilter::Friends => by_friends(ctx, item, page).await,
    }
}

async fn by_everybody(
    ctx: &Context<'_>,
    item: Uuid,
    page: Page<Uuid>,
) -> Result<Flat<ReviewConnection>, Error> {
    let texts = page.texts;
    // Who they are is a list without texts.
    let page = page.with_texts(true);
    let key = ReviewersOf { item, page };
    // Together, so that each is one statement for all items of a level.
    let (slice, total) = try_join(ctx.loaders().load(key), seen_count(ctx, item)).await?;
    let slice = slice.unwrap_or_default();
    let keys = slice
        .rows
        .iter()
        .map(|row| ReviewByKey {
            key: [row.author_id, item],
            texts,
        })
        .collect();
    let mut reviews = ctx.loaders().load_many(keys).await?.into_iter();
    let slice = (*slice).clone().filter_map(|_| reviews.next().flatten());
    Ok(connection(slice, texts, Some(total)))
}

/// How many reviews of `item` the viewer can see, if that is asked for.
async fn seen_count(ctx: &Context<'_>, item: Uuid) -> Result<i32, Error> {
    let loaders = ctx.loaders();
    let all = rating(ctx, item).await?.count;
    if !loaders.may_hide() || !ctx.asks("totalCount") {
        return Ok(all);
    }
    let hidden = loaders.load(HiddenReviewsOf(item)).await?;
    Ok(all - int(hidden.unwrap_or_default()))
}

async fn by_friends(
    ctx: &Context<'_>,
    item: Uuid,
    page: Page<Uuid>,
) -> Result<Flat<ReviewConnection>, Error> {
    let texts = page.texts;
    let key = FriendsReviewsOf { item, page };
    let slice = ctx.loaders().load(key).await?.unwrap_or_default();
    Ok(connection((*slice).clone(), texts, None))
}

fn connection(
    slice: Slice<Arc<review::Model>>,
    texts: bool,
    total: Option<i32>,
) -> Flat<ReviewConnection> {
    let edges = slice.filter_map(|row| {
        let (cursor, node) = (cursor(REVIEWS_CURSOR, &row.id), Review::from(row));
        let body = node.body.clone().if_read(texts);
        let node = Review { body, ..node };
        Some(ReviewEdge { cursor, node })
    });
    ReviewConnection::new(edges, total)
}

/// `CatalogueItem.rating`
pub(crate) async fn rating(ctx: &Context<'_>, item: Uuid) -> Result<RatingSummary, Error> {
    let row = ctx.loaders().load(RatingOf(item)).await?;
    Ok(RatingSummary::new(row.as_deref()))
}

/// The review with `key`, if the viewer may see it.
pub(crate) async fn review(ctx: &Context<'_>, key: ReviewKey) -> Result<Option<Review>, Error> {
    if !visibility::may_see_reviews(&ctx.viewer()) {
        return Ok(None);
    }
    let row = ctx.loaders().load(ReviewByKey { key, texts: true }).await?;
    Ok(row.map(Review::from))
}
