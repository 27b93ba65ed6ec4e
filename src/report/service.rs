//! Reporting.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use entity::{
    report,
    values::{ReportReason, ReportState},
};
use sea_orm::ActiveEnum;
use uuid::Uuid;

use super::{store, subject::Subject};
use crate::{
    app::App,
    clock::day_in_japan,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError, reason::people::PeopleReason},
    text,
    user::store as users,
};

const LONGEST_DETAILS: usize = 1_000;

/// What somebody tells of.
#[derive(Clone, Debug)]
pub struct Telling {
    /// What.
    pub subject: Subject,
    /// Why.
    pub reason: ReportReason,
    /// What there is to say beside it, up to 1,000 characters.
    pub details: String,
}

/// Has `me` report something, which is kept as it is now. The same again while that waits changes
/// nothing.
///
/// # Errors
/// Texts against the rules, `NOT_FOUND`, `CANNOT_REPORT_YOURSELF`, `REPORT_LIMIT_REACHED`.
pub async fn report(
    app: &Arc<App>,
    me: Uuid,
    telling: Telling,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let Telling {
        subject, reason, ..
    } = telling;
    let details = text::optional_body("details", &telling.details, LONGEST_DETAILS)?;
    let named = subject.id().to_string();
    let input = (named.clone(), reason.to_value(), details.clone());
    let slot = Slot::of(app, me, idempotency_key, "report", &input)?;
    once(app, slot, move |app, tx| {
        let (details, named) = (details.clone(), named.clone());
        Box::pin(async move {
            // Of two reports at the same time, the second counts the first.
            users::hold(&tx.sql, [me]).await?;
            let seen = subject.seen_by(app, tx, me).await?;
            if seen.author == me {
                let reason = PeopleReason::CannotReportYourself;
                return Err(UserError::on("subjectId", reason).into());
            }
            if store::is_open(&tx.sql, me, &named).await? {
                return Ok(());
            }
            let now = app.clock.now();
            let limit = app.rules.reports_per_day;
            if store::count_since(&tx.sql, me, day_began(now), limit).await? >= limit {
                return Err(limit_reached(limit).into());
            }
            let row = report::Model {
                reporter_id: me,
                id: app.ids.at(now),
                subject: named,
                author_id: seen.author,
                title: seen.title,
                body: seen.body,
                reason,
                details,
                state: ReportState::Open,
                created_at: now,
                resolver_id: None,
                resolved_at: None,
                note: String::new(),
            };
            Ok(store::insert(&tx.sql, row).await?)
        })
    })
    .await
}

/// When the day of `now` in Japan began.
fn day_began(now: DateTime<Utc>) -> DateTime<Utc> {
    const AHEAD: TimeDelta = TimeDelta::hours(9);
    day_in_japan(now).and_time(NaiveTime::MIN).and_utc() - AHEAD
}

fn limit_reached(limit: i64) -> UserError {
    UserError::new(PeopleReason::ReportLimitReached { limit })
}
