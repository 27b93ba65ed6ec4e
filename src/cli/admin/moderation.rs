//! What is reported, and who is suspended, from the command line.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::values::ReportState;
use sea_orm::ActiveEnum;
use uuid::Uuid;

use super::{named, refused};
use crate::{
    account::suspension::service::{self as suspension, Wish},
    app::App,
    paging::PageArgs,
    report::{store as reports, subject::Subject},
    user::store as users,
};

/// A line for each of the `first` reports that wait.
pub(super) async fn open_reports(app: &App, first: i32) -> anyhow::Result<String> {
    let page = PageArgs::forward(Some(first), None).page(b'R')?;
    let db = app.database.reader();
    let found = reports::page(db, ReportState::Open, Uuid::nil(), &page).await?;
    let ids = found.rows.iter();
    let ids: Vec<_> = ids
        .flat_map(|row| [row.author_id, row.reporter_id])
        .collect();
    let people = users::by_ids(db, &ids).await?;
    let name = |id| {
        people
            .get(id)
            .map_or("nobody any more", |row| &row.username)
    };
    let lines = found.rows.iter().map(|row| {
        let word = Subject::read(&row.subject).map_or("thing", |subject| subject.word());
        // Whatever was written there, a line stays a line.
        format!(
            "{} {} {word} of {}, by {}: {:?} {:?}",
            row.created_at.format("%Y-%m-%d %H:%M"),
            row.reason.to_value(),
            name(&row.author_id),
            name(&row.reporter_id),
            row.title,
            row.details
        )
    });
    let lines: Vec<_> = lines.collect();
    Ok(match lines.is_empty() {
        true => "no report waits".to_owned(),
        false => lines.join("\n"),
    })
}

/// Suspends `username`, for so many days or until that is lifted. Says what was done.
pub(super) async fn suspend(
    app: &Arc<App>,
    username: &str,
    reason: String,
    days: Option<i64>,
) -> anyhow::Result<String> {
    let id = named(app, username).await?;
    let until = days.map(|days| app.clock.now() + TimeDelta::days(days));
    let wish = Wish { until, reason };
    let wish = wish.check(app, ["days", "reason"]).map_err(refused)?;
    let shared = app.clone();
    app.database
        .write(move |tx| {
            let (app, wish) = (shared.clone(), wish.clone());
            Box::pin(async move {
                users::hold(&tx.sql, [id]).await?;
                suspension::impose(&app, tx, None, id, wish).await
            })
        })
        .await
        .map_err(refused)?;
    Ok(match days {
        Some(days) => format!("{username} is suspended for {days} days"),
        None => format!("{username} is suspended until that is lifted"),
    })
}

/// Lifts the suspension of `username`. Says what was done.
pub(super) async fn lift(app: &Arc<App>, username: &str) -> anyhow::Result<String> {
    let id = named(app, username).await?;
    let shared = app.clone();
    app.database
        .write(move |tx| {
            let app = shared.clone();
            Box::pin(async move {
                users::hold(&tx.sql, [id]).await?;
                suspension::end(&app, tx, None, id).await
            })
        })
        .await
        .map_err(refused)?;
    Ok(format!("{username} is there again"))
}
