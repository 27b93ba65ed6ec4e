//! What hangs on a user, on the viewer and on a diary: diaries, the home feed, comments.

use std::sync::Arc;

use async_graphql::Context;
use entity::diary;
use futures_util::future::try_join;
use uuid::Uuid;

use super::{
    feed,
    loader::{self, CommentByKey, CommentsOf, DiariesOf},
    node::{
        Diary, DiaryComment, DiaryCommentConnection, DiaryCommentEdge, DiaryConnection, DiaryEdge,
    },
    store::CommentKey,
};
use crate::{
    block::loader::hidden,
    error::Error,
    friendship::loader::relation_to,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, Slice, cursor, int},
    user::{
        loader::{users, whole},
        node::User,
    },
    visibility::Relation,
};

const DIARIES_CURSOR: u8 = b'd';
const COMMENTS_CURSOR: u8 = b'c';

/// `User.diaries`
pub(crate) async fn diaries(
    ctx: &Context<'_>,
    author: &User,
    args: PageArgs,
) -> Result<Flat<DiaryConnection>, Error> {
    let relation = relation_to(ctx.loaders(), author.person.id()).await?;
    diaries_for(ctx, author, args, relation).await
}

/// The same as somebody in `relation` to the author sees them.
pub(crate) async fn diaries_for(
    ctx: &Context<'_>,
    author: &User,
    args: PageArgs,
    relation: Relation,
) -> Result<Flat<DiaryConnection>, Error> {
    let texts = ctx.selects("body");
    let page = args.page(DIARIES_CURSOR)?.with_texts(texts);
    let key = DiariesOf {
        author: author.person.id(),
        page,
        relation,
    };
    // Together, so that each is one statement for all authors of a level.
    let (slice, total) = try_join(ctx.loaders().load(key), async {
        if ctx.asks("totalCount") {
            let row = whole(ctx.loaders(), author).await?;
            loader::diary_count(ctx.loaders(), &row, relation).await
        } else {
            Ok(0)
        }
    })
    .await?;
    let slice = slice.unwrap_or_default();
    Ok(connection((*slice).clone(), texts, Some(int(total))))
}

/// `Viewer.homeFeed`
pub(crate) async fn home_feed(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<DiaryConnection>, Error> {
    let texts = ctx.selects("body");
    let page = args.page(DIARIES_CURSOR)?.with_texts(texts);
    let slice = feed::page(ctx.loaders(), me, &page).await?;
    if ctx.selects("author") {
        // All at once: each finds its own then without a wait.
        let authors = slice.rows.iter().map(|row| row.author_id);
        let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("author")));
        users(ctx.loaders(), authors, whole).await?;
    }
    Ok(connection(slice, texts, None))
}

fn connection(
    slice: Slice<Arc<diary::Model>>,
    texts: bool,
    total: Option<i32>,
) -> Flat<DiaryConnection> {
    let edges = slice.filter_map(|row| {
        let (cursor, node) = (cursor(DIARIES_CURSOR, &row.id), Diary::from(row));
        let body = node.body.clone().if_read(texts);
        let node = Diary { body, ..node };
        Some(DiaryEdge { cursor, node })
    });
    DiaryConnection::new(edges, total)
}

/// `Diary.comments`
pub(crate) async fn comments(
    ctx: &Context<'_>,
    diary: &Diary,
    args: PageArgs,
) -> Result<Flat<DiaryCommentConnection>, Error> {
    let texts = ctx.selects("body");
    let key = CommentsOf {
        diary: diary.key,
        page: args.page(COMMENTS_CURSOR)?.with_texts(texts),
    };
    // Together, so that each is one statement for all diaries of a level.
    let (slice, total) = try_join(ctx.loaders().load(key), async {
        if ctx.asks("totalCount") {
            loader::comment_count(ctx.loaders(), diary).await
        } else {
            Ok(diary.comments_of_all)
        }
    })
    .await?;
    let slice = slice.unwrap_or_default();
    if ctx.selects("author") {
        let authors = slice.rows.iter().map(|row| row.author_id);
        let there = authors.filter(|author| !author.is_nil());
        let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("author")));
        users(ctx.loaders(), there, whole).await?;
    }
    let edges = (*slice).clone().filter_map(|row| {
        let (cursor, node) = (cursor(COMMENTS_CURSOR, &row.id), DiaryComment::from(row));
        let body = node.body.clone().if_read(texts);
        let node = DiaryComment { body, ..node };
        Some(DiaryCommentEdge { cursor, node })
    });
    Ok(DiaryCommentConnection::new(edges, int(total)))
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
