//! `Diary.comments`: read for all diaries of a page at once where the document asks for them there, so
//! that each diary tells its own without a wait.

use std::sync::Arc;

use async_graphql::{Context, Lookahead, SelectionField, Value};
use entity::diary_comment;
use futures_util::future::{join, try_join};
use uuid::Uuid;

use super::{
    loader::{self, CommentsOf},
    node::{Diary, DiaryComment, DiaryCommentConnection, DiaryCommentEdge},
    store::DiaryKey,
};
use crate::{
    error::Error,
    graphql::{
        context::ContextExt,
        plain::{Asked, Flat},
    },
    paging::{Page, PageArgs, Slice, cursor, int},
    user::{loader::users, node::User},
};

const CURSOR: u8 = b'c';

/// What a field `comments` of the document asks for.
struct Wish {
    page: Page<Uuid>,
    /// Whether it asks how many there are.
    counts: bool,
    /// Whether it asks for their authors, and for all of them.
    authors: Option<bool>,
}

impl Wish {
    /// Of `field`; None where its arguments are wrong: its resolver says so.
    fn of(field: SelectionField<'_>) -> Option<Self> {
        let page = PageArgs::of(&field)?.page(CURSOR).ok()?;
        let connection = Lookahead::from(field);
        let nodes = [
            connection.field("nodes"),
            connection.field("edges").field("node"),
        ];
        let chosen = |name: &str| nodes.iter().any(|node| node.field(name).exists());
        let is_whole = || {
            let mut authors = nodes.iter().map(|node| node.field("author"));
            authors.any(User::is_asked_whole)
        };
        Some(Self {
            page: page.with_texts(chosen("body")),
            counts: connection.field("totalCount").exists(),
            authors: chosen("author").then(is_whole),
        })
    }
}

/// Reads the comments of `diaries`, of which the field of `ctx` returns a page, as far as the document
/// asks for them. What fails here fails where they are told.
pub(super) async fn foresee(ctx: &Context<'_>, diaries: impl Iterator<Item = DiaryKey>) {
    if ctx.selects("comments") {
        Box::pin(read(ctx, &ctx.look_ahead(), diaries.collect())).await;
    }
}

/// The same of `diaries` that are on pages of which the document asks for `page`.
pub(super) async fn read(ctx: &Context<'_>, page: &Lookahead<'_>, diaries: Vec<DiaryKey>) {
    let nodes = [page.field("nodes"), page.field("edges").field("node")];
    let fields = nodes
        .iter()
        .flat_map(|node| node.field("comments").selection_fields());
    let wishes: Vec<_> = fields.filter_map(Wish::of).collect();
    if wishes.is_empty() {
        return;
    }
    let keys = wishes.iter().flat_map(|wish| {
        let page = &wish.page;
        diaries.iter().map(move |diary| CommentsOf {
            diary: *diary,
            page: page.clone(),
        })
    });
    let Ok(found) = ctx.loaders().load_many(keys.collect()).await else {
        return;
    };
    let (mut whole, mut faces) = (Vec::new(), Vec::new());
    for (wish, slices) in wishes.iter().zip(found.chunks(diaries.len().max(1))) {
        let ids = match wish.authors {
            Some(true) => &mut whole,
            Some(false) => &mut faces,
            None => continue,
        };
        ids.extend(slices.iter().flatten().flat_map(|slice| authors(slice)));
    }
    let loaders = ctx.loaders();
    let _ = join(users(loaders, whole, true), users(loaders, faces, false)).await;
}

/// Who wrote the comments of `slice`, but for those who are gone.
fn authors(slice: &Slice<Arc<diary_comment::Model>>) -> impl Iterator<Item = Uuid> {
    let authors = slice.rows.iter().map(|row| row.author_id);
    authors.filter(|author| !author.is_nil())
}

/// The comments of `diary` as `asked` for; None where they were not foreseen.
pub(super) fn told(asked: &Asked<'_>, diary: &Diary) -> Option<Value> {
    let loaders = asked.loaders();
    let wish = asked.context().foresee(Wish::of);
    let wish = (*wish).as_ref()?;
    // Where somebody is hidden, theirs are to be taken off.
    if wish.counts && loaders.may_hide() {
        return None;
    }
    let key = CommentsOf {
        diary: diary.key,
        page: wish.page.clone(),
    };
    let slice = loaders.known(&key)?;
    let Flat(connection) = connection(&slice, wish.page.texts, diary.comments_of_all);
    asked.object(&connection)
}

/// `Diary.comments`, where it is not told.
pub(crate) async fn comments(
    ctx: &Context<'_>,
    diary: &Diary,
    args: PageArgs,
) -> Result<Flat<DiaryCommentConnection>, Error> {
    let texts = ctx.selects("body");
    let key = CommentsOf {
        diary: diary.key,
        page: args.page(CURSOR)?.with_texts(texts),
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
        let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("author")));
        users(ctx.loaders(), authors(&slice), whole).await?;
    }
    Ok(connection(&slice, texts, total))
}

fn connection(
    slice: &Slice<Arc<diary_comment::Model>>,
    texts: bool,
    total: i64,
) -> Flat<DiaryCommentConnection> {
    let edges = slice.clone().filter_map(|row| {
        let (cursor, node) = (cursor(CURSOR, &row.id), DiaryComment::from(row));
        let body = node.body.clone().if_read(texts);
        let node = DiaryComment { body, ..node };
        let held = 0;
        Some(DiaryCommentEdge { cursor, node, held })
    });
    DiaryCommentConnection::new(edges, int(total))
}
