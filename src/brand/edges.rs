//! What hangs on a page and on the viewer: posts, who runs a page, and the feed.

use std::sync::Arc;

use async_graphql::Context;
use entity::brand;
use futures_util::future::try_join;
use uuid::Uuid;

use super::{
    feed::{self, Item},
    loader::{BrandById, EditorsOf, PostByKey, PostsOf, brands, follows, role_in, role_of},
    node::{
        Brand, BrandConnection, BrandEdge, BrandPost, BrandPostConnection, BrandPostEdge,
        BrandRole, FeedConnection, FeedEdge, FeedItem, FollowedBrandConnection, FollowedBrandEdge,
        RunBrandConnection, RunBrandEdge,
    },
    store::{self, followers, people, posts::PostKey},
};
use crate::{
    diary::node::Diary,
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, Slice, cursor, int},
    search,
    user::{loader::users, node::User, staff::is_moderator},
    visibility,
};

pub(super) const POSTS_CURSOR: u8 = b'p';
const SEARCH_CURSOR: u8 = b'h';
const RUN_CURSOR: u8 = b'W';
const FOLLOWED_CURSOR: u8 = b'E';
const FEED_CURSOR: u8 = b'H';

/// The page with `id`, if there is one.
pub(crate) async fn brand(ctx: &Context<'_>, id: Uuid) -> Result<Option<Brand>, Error> {
    Ok(ctx.loaders().load(BrandById(id)).await?.map(Brand::from))
}

/// The post with `key`, if there is one, and its page is there.
pub(crate) async fn post(ctx: &Context<'_>, key: PostKey) -> Result<Option<BrandPost>, Error> {
    let [brand, _] = key;
    let loaders = ctx.loaders();
    let found = try_join(loaders.load(BrandById(brand)), loaders.load(PostByKey(key)));
    let (page, row) = found.await?;
    Ok(row.filter(|_| page.is_some()).map(BrandPost::from))
}

/// `Query.searchBrands`
pub(super) async fn search_brands(
    ctx: &Context<'_>,
    text: &str,
    args: PageArgs,
) -> Result<Flat<BrandConnection>, Error> {
    let page = args.page::<(String, Uuid)>(SEARCH_CURSOR)?;
    let text = search::asked(text)?;
    let grams = search::grams_to_find(&text);
    if grams.is_empty() {
        return Ok(BrandConnection::new(Slice::default(), None));
    }
    let from = page.after.clone().unwrap_or_default();
    let limit = i64::from(page.limit) + 1;
    let loaders = ctx.loaders();
    let found = store::search(&loaders.db(), &grams, &from, limit).await?;
    let slice = Slice::new(found, &page);
    let rows = brands(loaders, slice.rows.iter().map(|(_, id)| *id)).await?;
    let edges = slice.filter_map(|position| {
        let row = rows.get(&position.1)?;
        // The pieces can stand apart: the text itself must be in the handle or in the name.
        let is_it = row.handle.contains(&text) || search::fold(&row.name).contains(&text);
        is_it.then(|| BrandEdge {
            cursor: cursor(SEARCH_CURSOR, &position),
            node: Brand::from(row.clone()),
        })
    });
    Ok(BrandConnection::new(edges, None))
}

/// `Brand.posts`
pub(super) async fn posts(
    ctx: &Context<'_>,
    brand: &brand::Model,
    args: PageArgs,
) -> Result<Flat<BrandPostConnection>, Error> {
    let texts = ctx.selects("body");
    let key = PostsOf {
        brand: brand.id,
        page: args.page(POSTS_CURSOR)?.with_texts(texts),
    };
    let slice = ctx.loaders().load(key).await?.unwrap_or_default();
    let edges = (*slice).clone().filter_map(|row| {
        let cursor = cursor(POSTS_CURSOR, &row.id);
        let node = BrandPost::from(row);
        let body = node.body.clone().if_read(texts);
        let node = BrandPost { body, ..node };
        Some(BrandPostEdge {
            cursor,
            node,
            held: 0,
        })
    });
    Ok(BrandPostConnection::new(edges, int(brand.post_count)))
}

/// Whether who runs the page `brand` is shown to the viewer.
async fn sees_who_runs(ctx: &Context<'_>, brand: Uuid) -> Result<bool, Error> {
    let loaders = ctx.loaders();
    let (role, is_staff) = try_join(role_in(loaders, brand), is_moderator(loaders)).await?;
    Ok(visibility::may_see_who_runs(role, is_staff))
}

/// `Brand.owner`
pub(super) async fn owner(ctx: &Context<'_>, brand: &brand::Model) -> Result<Option<User>, Error> {
    who_runs(ctx, brand.id, brand.owner_id).await
}

/// `user`, who has to do with the page `brand`, for who sees such people, and this one.
pub(super) async fn who_runs(
    ctx: &Context<'_>,
    brand: Uuid,
    user: Uuid,
) -> Result<Option<User>, Error> {
    if user.is_nil() || !sees_who_runs(ctx, brand).await? {
        return Ok(None);
    }
    let mut found = users(ctx.loaders(), [user], true).await?;
    Ok(found.remove(&user))
}

/// `Brand.editors`
pub(super) async fn editors(ctx: &Context<'_>, brand: Uuid) -> Result<Vec<User>, Error> {
    if !sees_who_runs(ctx, brand).await? {
        return Ok(Vec::new());
    }
    let ids = ctx
        .loaders()
        .load(EditorsOf(brand))
        .await?
        .unwrap_or_default();
    let mut found = users(ctx.loaders(), ids.iter().copied(), true).await?;
    let editors: Vec<_> = ids.iter().filter_map(|id| found.remove(id)).collect();
    ctx.count_nodes(editors.len())?;
    Ok(editors)
}

/// `Brand.viewerRole`
pub(super) async fn viewer_role(
    ctx: &Context<'_>,
    brand: Uuid,
) -> Result<Option<BrandRole>, Error> {
    let role = role_in(ctx.loaders(), brand).await?;
    Ok(role.map(BrandRole::from))
}

/// `Brand.viewerFollows`
pub(super) async fn viewer_follows(ctx: &Context<'_>, brand: Uuid) -> Result<bool, Error> {
    follows(ctx.loaders(), brand).await
}

/// `BrandPost.brand`
pub(super) async fn page_of(ctx: &Context<'_>, id: Uuid) -> Result<Brand, Error> {
    // Who has found the post has found its page.
    let page = brand(ctx, id).await?;
    page.ok_or_else(|| Error::internal(format!("the absent page {id} is named")))
}

/// `Viewer.brands`
pub(crate) async fn run(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<RunBrandConnection>, Error> {
    let page = args.page(RUN_CURSOR)?;
    // As who sees what of them.
    let db = ctx.app().database.reader();
    let slice = people::run_page(db, me, &page).await?;
    let total = match ctx.asks("totalCount") {
        true => people::run_count(db, me, i64::MAX).await?,
        false => 0,
    };
    let found = brands(ctx.loaders(), slice.rows.iter().map(|row| row.brand_id)).await?;
    let edges = slice.filter_map(|row| {
        Some(RunBrandEdge {
            cursor: cursor(RUN_CURSOR, &row.id),
            node: Brand::from(Arc::clone(found.get(&row.brand_id)?)),
            role: role_of(row.is_owner).into(),
        })
    });
    Ok(RunBrandConnection::new(edges, int(total)))
}

/// `Viewer.followedBrands`
pub(crate) async fn followed(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<FollowedBrandConnection>, Error> {
    let page = args.page(FOLLOWED_CURSOR)?;
    let db = &ctx.loaders().db();
    let slice = followers::page(db, me, &page).await?;
    let total = match ctx.asks("totalCount") {
        true => followers::count(db, me, i64::MAX).await?,
        false => 0,
    };
    let found = brands(ctx.loaders(), slice.rows.iter().map(|row| row.brand_id)).await?;
    let edges = slice.filter_map(|row| {
        Some(FollowedBrandEdge {
            cursor: cursor(FOLLOWED_CURSOR, &row.id),
            node: Brand::from(Arc::clone(found.get(&row.brand_id)?)),
            since: row.since.into(),
        })
    });
    Ok(FollowedBrandConnection::new(edges, int(total)))
}

/// `Viewer.feed`
pub(crate) async fn feed(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<FeedConnection>, Error> {
    let texts = ctx.selects("body");
    let page = args.page(FEED_CURSOR)?.with_texts(texts);
    let loaders = ctx.loaders();
    let slice = feed::page(loaders, me, &page).await?;
    // All at once: each finds its own then without a wait.
    if ctx.selects("author") {
        let authors = slice.rows.iter().filter_map(|row| match row {
            Item::Diary(row) => Some(row.author_id),
            Item::Post(_) => None,
        });
        let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("author")));
        users(loaders, authors, whole).await?;
    }
    let edges = slice.filter_map(|row| {
        let cursor = cursor(FEED_CURSOR, &row.id());
        let node = match row {
            Item::Diary(row) => {
                let node = Diary::from(row);
                let body = node.body.clone().if_read(texts);
                FeedItem::Diary(Diary { body, ..node })
            }
            Item::Post(row) => {
                let node = BrandPost::from(row);
                let body = node.body.clone().if_read(texts);
                FeedItem::BrandPost(BrandPost { body, ..node })
            }
        };
        Some(FeedEdge { cursor, node })
    });
    Ok(FeedConnection::new(edges, None))
}
