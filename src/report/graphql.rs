//! Reporting, and settling what was reported, in the API.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};

use super::{
    edges,
    node::{Report, ReportConnection, ReportReason, ReportState},
    resolving::{self, Decision},
    service::{self, Telling},
    subject::Subject,
};
use crate::{
    account::suspension::service::Wish,
    error::Error,
    graphql::{context::ContextExt, plain::Flat, scalar::DateTime},
    ids::{GlobalId, Kind},
    paging::PageArgs,
    rejection::{UserError, answer},
};

/// What to report.
#[derive(Debug, InputObject)]
pub struct ReportInput {
    /// A user, a diary, a comment, a review or an introduction that you can see, or the page of a brand, or a post on
    /// one, that you do not run.
    subject_id: ID,
    /// Why.
    reason: ReportReason,
    /// What moderators should know beside it, up to 1,000 characters.
    #[graphql(default)]
    details: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What reporting came to.
#[derive(Debug, Default, SimpleObject)]
pub struct ReportPayload {
    /// Whether moderators have it before them. Whose it is never learns of it.
    reported: bool,
    /// Why nothing was reported.
    user_errors: Vec<UserError>,
}

/// What to do about what was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ReportDecision {
    /// Nothing.
    Dismiss,
    /// Remove it. Of a user the bio and the picture go, and the user name stands in the place of the nickname; of the
    /// page of a brand the description and the mark go, and the handle stands in the place of the name.
    RemoveContent,
    /// Suspend whose it is, of the page of a brand its owner: `suspensionReason` is needed then.
    SuspendUser,
}

/// Which report to settle, and how.
#[derive(Debug, InputObject)]
pub struct ResolveReportInput {
    /// The report. All that wait of the same subject are settled with it.
    report_id: ID,
    /// What is done.
    decision: ReportDecision,
    /// For SUSPEND_USER: when the suspension ends by itself; until `liftSuspension` if not given.
    suspend_until: Option<DateTime>,
    /// For SUSPEND_USER: what the user is told who signs in, 1-500 characters.
    #[graphql(default)]
    suspension_reason: String,
    /// What other moderators should know, up to 1,000 characters.
    #[graphql(default)]
    note: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What settling came to.
#[derive(Debug, Default, SimpleObject)]
pub struct ResolveReportPayload {
    /// The report, as settled.
    report: Option<Report>,
    /// Why nothing was done.
    user_errors: Vec<UserError>,
}

/// Reading reports.
#[derive(Debug, Default)]
pub struct ReportQuery;

#[Object]
impl ReportQuery {
    /// For moderators and administrators: what was reported, the oldest first; nothing of what is theirs, nor of pages of
    /// brands that they run.
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which: those that wait if not given.")] state: Option<ReportState>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<ReportConnection>, Error> {
        let state = state.unwrap_or(ReportState::Open).into();
        edges::reports(ctx, state, PageArgs::forward(first, after)).await
    }
}

/// Reporting.
#[derive(Debug, Default)]
pub struct ReportMutation;

#[Object]
impl ReportMutation {
    /// Reports something to the moderators, who see it as it is now, whatever becomes of it. Reporting it
    /// again while it waits changes nothing. Nobody else is told.
    async fn report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and why.")] input: ReportInput,
    ) -> Option<Result<ReportPayload, Error>> {
        Some(report(ctx, input).await)
    }

    /// For moderators and administrators: settles a report, and all others that wait of the same subject.
    async fn resolve_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and how.")] input: ResolveReportInput,
    ) -> Option<Result<ResolveReportPayload, Error>> {
        Some(resolve(ctx, input).await)
    }
}

async fn report(ctx: &Context<'_>, input: ReportInput) -> Result<ReportPayload, Error> {
    let me = ctx.member()?.id;
    let telling = Telling {
        subject: Subject::read(&input.subject_id)?,
        reason: input.reason.into(),
        details: input.details,
    };
    let done = service::report(ctx.app(), me, telling, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            ReportPayload {
                reported: true,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => ReportPayload {
            reported: false,
            user_errors,
        },
    })
}

async fn resolve(
    ctx: &Context<'_>,
    input: ResolveReportInput,
) -> Result<ResolveReportPayload, Error> {
    let me = ctx.member()?.id;
    let key = GlobalId::expect(&input.report_id, Kind::Report)?;
    let decision = match input.decision {
        ReportDecision::Dismiss => Decision::Dismiss,
        ReportDecision::RemoveContent => Decision::RemoveContent,
        ReportDecision::SuspendUser => Decision::SuspendUser(Wish {
            until: input.suspend_until.map(|until| until.0),
            reason: input.suspension_reason,
        }),
    };
    let key_of = input.idempotency_key;
    let done = resolving::resolve(ctx.app(), me, key, decision, &input.note, key_of).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            ResolveReportPayload {
                report: edges::report(ctx, key).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => ResolveReportPayload {
            report: None,
            user_errors,
        },
    })
}
