//! The pages of reports, and whom and what they name.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context};
use entity::{report, values};
use futures_util::future::try_join_all;
use uuid::Uuid;

use super::{
    loader::{ReportByKey, ReportsOf},
    node::{Report, ReportConnection, ReportEdge, ReportSubject},
    store::{self, ReportKey},
    subject::Subject,
};
use crate::{
    brand::{edges as brands, loader::role_in},
    diary::{edges::comment, loader::visible},
    error::Error,
    friendship::introduction::edges::introduction,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, cursor, int},
    review::edges::review,
    user::{
        loader::{user, users},
        node::User,
        staff::is_moderator,
    },
};

const REPORTS_CURSOR: u8 = b'R';

/// `Query.reports`
pub(super) async fn reports(
    ctx: &Context<'_>,
    state: values::ReportState,
    args: PageArgs,
) -> Result<Flat<ReportConnection>, Error> {
    let me = ctx.member()?.id;
    if !is_moderator(ctx.loaders()).await? {
        return Err(Error::Forbidden);
    }
    let page = args.page(REPORTS_CURSOR)?;
    let slice = store::page(ctx.app().database.reader(), state, me, &page).await?;
    let texts = slice.rows.iter().map(|row| row.body.len());
    ctx.loaders().budget.read(texts)?;
    let named = slice.rows.iter();
    let named = named.flat_map(|row| [Some(row.author_id), Some(row.reporter_id), row.resolver_id]);
    let named: Vec<_> = named.flatten().collect();
    users(ctx.loaders(), named, true).await?;
    // (There are hardly any: then the page is short by them.)
    let theirs = slice.rows.iter().map(|row| is_of_run_brand(ctx, row));
    let mut theirs = try_join_all(theirs).await?.into_iter();
    let edges = slice.filter_map(|row| {
        let is_theirs = theirs.next().unwrap_or_default();
        (!is_theirs).then(|| ReportEdge {
            cursor: cursor(REPORTS_CURSOR, &row.id),
            node: Report::from(Arc::new(row)),
        })
    });
    Ok(ReportConnection::new(edges, None))
}

/// The report with `key`, for moderators and administrators, if it is of nothing of theirs: nobody learns
/// who reported them.
pub(crate) async fn report(ctx: &Context<'_>, key: ReportKey) -> Result<Option<Report>, Error> {
    // Whoever it is not for learns nothing by the time that it takes.
    if !is_moderator(ctx.loaders()).await? {
        return Ok(None);
    }
    let row = ctx.loaders().load(ReportByKey(key)).await?;
    let me = ctx.viewer().id();
    let Some(row) = row.filter(|row| Some(row.author_id) != me) else {
        return Ok(None);
    };
    let is_theirs = is_of_run_brand(ctx, &row).await?;
    Ok((!is_theirs).then(|| Report::from(row)))
}

/// Whether what `row` reports is on the page of a brand that the viewer runs: one statement for all that are asked about
/// together.
async fn is_of_run_brand(ctx: &Context<'_>, row: &report::Model) -> Result<bool, Error> {
    Ok(match Subject::read(&row.subject)?.brand() {
        Some(brand) => role_in(ctx.loaders(), brand).await?.is_some(),
        None => false,
    })
}

#[ComplexObject]
impl Report {
    /// What was reported, as it is now; null where it is gone, or not for you: `title` and `body` are there
    /// all the same.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<ReportSubject>, Error> {
        let loaders = ctx.loaders();
        Ok(match Subject::read(&self.row.subject)? {
            Subject::User(id) => user(loaders, id, true).await?.map(ReportSubject::User),
            Subject::Diary(key) => visible(loaders, key).await?.map(ReportSubject::Diary),
            Subject::Comment(key) => comment(ctx, key).await?.map(ReportSubject::Comment),
            Subject::Review(key) => review(ctx, key).await?.map(ReportSubject::Review),
            Subject::Introduction(key) => {
                let found = introduction(ctx, key).await?;
                found.map(ReportSubject::Introduction)
            }
            Subject::Brand(id) => brands::brand(ctx, id).await?.map(ReportSubject::Brand),
            Subject::BrandPost(key) => brands::post(ctx, key).await?.map(ReportSubject::BrandPost),
        })
    }

    /// Whose it is; null where the user is gone, or there is a block between you.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<User>, Error> {
        named(ctx, Some(self.row.author_id)).await
    }

    /// Who reported it; null where the user is gone, or there is a block between you.
    async fn reporter(&self, ctx: &Context<'_>) -> Result<Option<User>, Error> {
        named(ctx, Some(self.row.reporter_id)).await
    }

    /// Who settled it; null while it waits, and where the user is gone, or there is a block between you.
    async fn resolver(&self, ctx: &Context<'_>) -> Result<Option<User>, Error> {
        named(ctx, self.row.resolver_id).await
    }

    /// How many reports there are of the same subject, this one and those that were settled included.
    async fn report_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        let key = ReportsOf(self.row.subject.clone());
        let count = ctx.loaders().load(key).await?;
        Ok(int(count.unwrap_or_default()))
    }
}

async fn named(ctx: &Context<'_>, id: Option<Uuid>) -> Result<Option<User>, Error> {
    match id {
        Some(id) => user(ctx.loaders(), id, true).await,
        None => Ok(None),
    }
}
