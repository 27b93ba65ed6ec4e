//! What hangs on a user, on the viewer and on a diary: diaries, the home feed, comments.

use async_graphql::Context;
use futures_util::future::{join, try_join3};
use uuid::Uuid;

use super::{
    commented, feed, grouped,
    listed::{CURSOR, connection, key_of},
    loader::{self, CommentByKey, DiariesOf},
    node::{DiaryComment, DiaryConnection},
    store::CommentKey,
};
use crate::{
    block::loader::hidden,
    error::Error,
    friendship::loader::{Standing, standing_to},
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, int},
    user::{
        loader::{users, whole},
        node::User,
    },
};

/// `User.diaries`
pub(crate) async fn diaries(
    ctx: &Context<'_>,
    author: &User,
    args: PageArgs,
) -> Result<Flat<DiaryConnection>, Error> {
    let standing = standing_to(ctx.loaders(), author.person.id()).await?;
    diaries_for(ctx, author, args, standing).await
}

/// The same as somebody who has this `standing` to the author sees them.
pub(crate) async fn diaries_for(
    ctx: &Context<'_>,
    author: &User,
    args: PageArgs,
    standing: Standing,
) -> Result<Flat<DiaryConnection>, Error> {
    let texts = ctx.selects("body");
    let page = args.page(CURSOR)?.with_texts(texts);
    let (loaders, id) = (ctx.loaders(), author.person.id());
    let key = DiariesOf {
        author: id,
        page: page.clone(),
        relation: standing.relation,
    };
    // Together, so that each is one statement for all authors of a level.
    let total = async {
        if ctx.asks("totalCount") {
            let row = whole(loaders, author).await?;
            loader::diary_count(loaders, &row, standing).await
        } else {
            Ok(0)
        }
    };
    let for_groups = grouped::pages(loaders, id, &page, standing);
    let (slice, for_groups, total) = try_join3(loaders.load(key), for_groups, total).await?;
    let slice = slice.unwrap_or_default();
    let slice = grouped::merge(&page, (*slice).clone(), for_groups);
    commented::foresee(ctx, slice.rows.iter().map(key_of)).await;
    Ok(connection(slice, texts, Some(int(total))))
}

/// `Viewer.homeFeed`
pub(crate) async fn home_feed(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<DiaryConnection>, Error> {
    let texts = ctx.selects("body");
    let page = args.page(CURSOR)?.with_texts(texts);
    let slice = feed::page(ctx.loaders(), me, &page).await?;
    // All at once: each finds its own then without a wait.
    let authors = async {
        if ctx.selects("author") {
            let authors = slice.rows.iter().map(|row| row.author_id);
            let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("author")));
            users(ctx.loaders(), authors, whole).await?;
        }
        Ok::<_, Error>(())
    };
    let comments = commented::foresee(ctx, slice.rows.iter().map(key_of));
    join(authors, comments).await.0?;
    Ok(connection(slice, texts, None))
}

/// The comment with `key`, which the viewer has just written.
pub(crate) async fn new_comment(
    ctx: &Context<'_>,
    key: CommentKey,
) -> Result<Option<DiaryComment>, Error> {
    let row = ctx.loaders().load(CommentByKey(key)).await?;
    Ok(row.map(DiaryComment::from))
}

/// The comment with `key`, if the viewer may see its diary and its author.
pub(crate) async fn comment(
    ctx: &Context<'_>,
    key: CommentKey,
) -> Result<Option<DiaryComment>, Error> {
    let [author, diary, _] = key;
    let diary = loader::visible(ctx.loaders(), [author, diary]).await?;
    // After it: what was removed before the diary could be seen is not there.
    let row = ctx.loaders().load(CommentByKey(key)).await?;
    let hidden = hidden(ctx.loaders()).await?;
    Ok(row
        .filter(|row| diary.is_some() && !hidden.contains(row.author_id))
        .map(DiaryComment::from))
}
