//! What hangs on a user and on the viewer: introductions.

use std::sync::Arc;

use async_graphql::Context;
use entity::{introduction, values::Audience};
use futures_util::future::try_join;
use uuid::Uuid;

use super::{
    loader::{IntroductionByKey, IntroductionsOf, introduction_count},
    node::{Introduction, IntroductionConnection, IntroductionEdge},
    store::{self, IntroductionKey},
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
    visibility,
};

const INTRODUCTIONS_CURSOR: u8 = b'j';
const WRITTEN_CURSOR: u8 = b'w';

/// Whether what was written of `subject` is shown to the viewer: as what the profile shows to members. (Who
/// wrote it is somebody else, of whom it is enough that they are not hidden.)
async fn are_shown(ctx: &Context<'_>, subject: Uuid) -> Result<bool, Error> {
    let relation = relation_to(ctx.loaders(), subject).await?;
    Ok(visibility::may_see(Audience::Members, relation, false))
}

/// `User.introductions`
pub(crate) async fn introductions(
    ctx: &Context<'_>,
    subject: &User,
    args: PageArgs,
) -> Result<Flat<IntroductionConnection>, Error> {
    let texts = ctx.selects("body");
    let key = IntroductionsOf {
        subject: subject.person.id(),
        page: args.page(INTRODUCTIONS_CURSOR)?.with_texts(texts),
    };
    if !are_shown(ctx, key.subject).await? {
        return Ok(IntroductionConnection::new(Slice::default(), Some(0)));
    }
    // Together, so that each is one statement for all users of a level.
    let (slice, total) = try_join(ctx.loaders().load(key), async {
        if ctx.asks("totalCount") {
            let row = whole(ctx.loaders(), subject).await?;
            introduction_count(ctx.loaders(), &row).await
        } else {
            Ok(0)
        }
    })
    .await?;
    let slice = slice.unwrap_or_default();
    if ctx.selects("author") {
        let authors = slice.rows.iter().map(|row| row.author_id);
        let whole = ctx.any_node("whole", |node| User::is_asked_whole(node.field("author")));
        users(ctx.loaders(), authors, whole).await?;
    }
    let total = Some(int(total));
    Ok(connection(
        (*slice).clone(),
        texts,
        INTRODUCTIONS_CURSOR,
        total,
    ))
}

/// `Viewer.writtenIntroductions`
pub(crate) async fn written(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<IntroductionConnection>, Error> {
    let texts = ctx.selects("body");
    let page = args.page(WRITTEN_CURSOR)?;
    // Who is hidden by a block is no friend, but for a replica that may not have heard of it yet.
    let hidden = hidden(ctx.loaders()).await?;
    let db = &ctx.loaders().db();
    let slice = store::by_author(db, me, &page, hidden.ids()).await?;
    let key_of = |row: &entity::written_introduction::Model| IntroductionByKey {
        key: [row.subject_id, me],
        texts,
    };
    let keys = slice.rows.iter().map(key_of).collect();
    let mut found = ctx.loaders().load_many(keys).await?.into_iter();
    let slice = slice.filter_map(|_| found.next().flatten());
    Ok(connection(slice, texts, WRITTEN_CURSOR, None))
}

/// `User.viewerIntroduction`
pub(crate) async fn by_viewer(
    ctx: &Context<'_>,
    subject: Uuid,
) -> Result<Option<Introduction>, Error> {
    // Nobody introduces oneself.
    let Some(me) = ctx.viewer().id().filter(|me| *me != subject) else {
        return Ok(None);
    };
    let key = IntroductionByKey {
        key: [subject, me],
        texts: true,
    };
    Ok(ctx.loaders().load(key).await?.map(Introduction::from))
}

/// The introduction with `key`, if the viewer may see it.
pub(crate) async fn introduction(
    ctx: &Context<'_>,
    [subject, author]: IntroductionKey,
) -> Result<Option<Introduction>, Error> {
    // Looked for in every case: what is hidden takes as long as what never was.
    let subject = match are_shown(ctx, subject).await? {
        true => subject,
        false => Uuid::nil(),
    };
    let key = IntroductionByKey {
        key: [subject, author],
        texts: true,
    };
    Ok(ctx.loaders().load(key).await?.map(Introduction::from))
}

fn connection(
    slice: Slice<Arc<introduction::Model>>,
    texts: bool,
    tag: u8,
    total: Option<i32>,
) -> Flat<IntroductionConnection> {
    let edges = slice.filter_map(|row| {
        let (cursor, node) = (cursor(tag, &row.id), Introduction::from(row));
        let body = node.body.clone().if_read(texts);
        let node = Introduction { body, ..node };
        Some(IntroductionEdge { cursor, node })
    });
    IntroductionConnection::new(edges, total)
}
