//! `User.diaries`: read for all users of a page at once where the document asks for them there, so that
//! each user tells their own without a wait.

use std::sync::Arc;

use async_graphql::{Context, Lookahead, SelectionField, Value};
use entity::diary;
use futures_util::future::{try_join, try_join_all};
use uuid::Uuid;

use super::{
    commented, grouped,
    loader::DiariesOf,
    node::{Diary, DiaryConnection, DiaryEdge},
    store::DiaryKey,
};
use crate::{
    error::Error,
    friendship::loader::RelationTo,
    graphql::{
        context::ContextExt,
        plain::{Asked, Flat},
    },
    paging::{Page, PageArgs, Slice, cursor},
    user::node::User,
    visibility::Relation,
};

pub(super) const CURSOR: u8 = b'd';

/// What a field `diaries` of the document asks for.
struct Wish {
    page: Page<Uuid>,
    /// Whether it asks how many there are.
    counts: bool,
}

impl Wish {
    /// Of `field`; None where its arguments are wrong: its resolver says so.
    fn of(field: SelectionField<'_>) -> Option<Self> {
        let page = PageArgs::of(&field)?.page(CURSOR).ok()?;
        let connection = Lookahead::from(field);
        let mut nodes = nodes(&connection).into_iter();
        let texts = nodes.any(|node| node.field("body").exists());
        Some(Self {
            page: page.with_texts(texts),
            counts: connection.field("totalCount").exists(),
        })
    }
}

/// The nodes of a connection.
fn nodes<'a>(connection: &Lookahead<'a>) -> [Lookahead<'a>; 2] {
    [
        connection.field("nodes"),
        connection.field("edges").field("node"),
    ]
}

/// Reads the diaries of `users`, of whom the field of `ctx` returns a page, and what hangs on those, as far
/// as the document asks for them. What fails here fails where they are told.
pub(crate) async fn foresee(ctx: &Context<'_>, users: impl Iterator<Item = Uuid>) {
    if ctx.selects("diaries") {
        let _ = Box::pin(read(ctx, users.collect())).await;
    }
}

async fn read(ctx: &Context<'_>, users: Vec<Uuid>) -> Result<(), Error> {
    let nodes = nodes(&ctx.look_ahead());
    let fields = nodes
        .iter()
        .flat_map(|node| node.field("diaries").selection_fields());
    for field in fields {
        if let Some(wish) = Wish::of(field) {
            let diaries = read_page(ctx, &users, &wish.page).await?;
            commented::read(ctx, &Lookahead::from(field), diaries).await;
        }
    }
    Ok(())
}

/// Reads `page` of the diaries of each of `users`, and says which they are.
async fn read_page(
    ctx: &Context<'_>,
    users: &[Uuid],
    page: &Page<Uuid>,
) -> Result<Vec<DiaryKey>, Error> {
    let loaders = ctx.loaders();
    let standings = users.iter().copied().map(RelationTo).collect();
    let standings = loaders.load_many(standings).await?;
    let standings: Vec<_> = standings
        .into_iter()
        .map(|standing| standing.unwrap_or(Relation::Stranger.into()))
        .collect();
    let users = users.iter().copied().zip(standings);
    let keys = users
        .clone()
        .map(|(author, standing)| key(author, page, standing.relation));
    let for_groups =
        users.map(|(author, standing)| grouped::pages(loaders, author, page, standing));
    // Together, so that each is one statement for all users.
    let found = try_join(loaders.load_many(keys.collect()), try_join_all(for_groups));
    let (slices, for_groups) = found.await?;
    let slices = slices.into_iter().map(Option::unwrap_or_default);
    let pages = slices.zip(for_groups);
    let pages = pages.map(|(slice, others)| grouped::merge(page, (*slice).clone(), others));
    Ok(pages
        .flat_map(|slice| slice.rows)
        .map(|row| key_of(&row))
        .collect())
}

/// Of whom, and by which page and relation, diaries are found.
fn key(author: Uuid, page: &Page<Uuid>, relation: Relation) -> DiariesOf {
    DiariesOf {
        author,
        page: page.clone(),
        relation,
    }
}

/// The diaries of `user` as `asked` for; None where they were not foreseen.
pub(crate) fn told(asked: &Asked<'_>, user: &User) -> Option<Value> {
    let (loaders, author) = (asked.loaders(), user.person.id());
    let standing = loaders.known(&RelationTo(author))?;
    let wish = asked.context().foresee(Wish::of);
    let wish = (*wish).as_ref()?;
    // Those that are in more than one list, and how many there are, are for the resolver.
    if wish.counts || standing.sees_group_diaries {
        return None;
    }
    let slice = loaders.known(&key(author, &wish.page, standing.relation))?;
    let Flat(connection) = connection((*slice).clone(), wish.page.texts, None);
    asked.object(&connection)
}

pub(super) fn key_of(row: &Arc<diary::Model>) -> DiaryKey {
    [row.author_id, row.id]
}

/// The page with these rows, `total` of them in the whole list, where that is asked for.
pub(super) fn connection(
    slice: Slice<Arc<diary::Model>>,
    texts: bool,
    total: Option<i32>,
) -> Flat<DiaryConnection> {
    let edges = slice.filter_map(|row| {
        let (cursor, node) = (cursor(CURSOR, &row.id), Diary::from(row));
        let body = node.body.clone().if_read(texts);
        let node = Diary { body, ..node };
        Some(DiaryEdge { cursor, node })
    });
    DiaryConnection::new(edges, total)
}
