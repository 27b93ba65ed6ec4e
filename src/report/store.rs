//! The SQL of reports.

use chrono::{DateTime, Utc};
use entity::{report, values::ReportState};
use foldhash::HashMap;
use sea_orm::{ActiveEnum, ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{Page, Position, Slice, by_keys, columns},
    sql::{Sql, row},
};

row! {
    report::Model { reporter_id, id, subject, author_id, title, body, reason, details, state, created_at, resolver_id, resolved_at, note }
}

/// What names a report: its reporter and its own id.
pub type ReportKey = [Uuid; 2];

/// Writes a report.
pub async fn insert(db: &impl ConnectionTrait, row: report::Model) -> Result<(), DbErr> {
    report::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Whether a report of `subject` by `reporter` waits.
pub async fn is_open(
    db: &impl ConnectionTrait,
    reporter: Uuid,
    subject: &str,
) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let (reporter, subject) = (sql.bind(reporter), sql.bind(subject));
    let open = sql.bind(ReportState::Open.to_value());
    let text = format!(
        "SELECT 1 FROM reports WHERE reporter_id = {reporter} AND subject = {subject} \
         AND state = {open} LIMIT 1"
    );
    Ok(!sql.rows(db, text).await?.is_empty())
}

/// How many reports `reporter` has made since `from`, up to `most`.
pub async fn count_since(
    db: &impl ConnectionTrait,
    reporter: Uuid,
    from: DateTime<Utc>,
    most: i64,
) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let (reporter, from, most) = (sql.bind(reporter), sql.bind(from), sql.bind(most));
    let text = format!(
        "SELECT count(*) FROM (SELECT 1 FROM reports \
         WHERE reporter_id = {reporter} AND created_at >= {from} LIMIT {most}) AS r"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// The report with `key`.
pub async fn report(
    db: &impl ConnectionTrait,
    [reporter, id]: ReportKey,
) -> Result<Option<report::Model>, DbErr> {
    report::Entity::find_by_id((reporter, id)).one(db).await
}

/// The reports with `keys`.
pub async fn reports(
    db: &impl Source,
    keys: &[ReportKey],
) -> Result<HashMap<ReportKey, report::Model>, DbErr> {
    let key_of = |row: &report::Model| [row.reporter_id, row.id];
    by_keys(db, "reports", ["reporter_id", "id"], keys, key_of).await
}

/// `page` of the reports that are in `state`, oldest first, but for those of what is `mine`.
pub async fn page(
    db: &impl ConnectionTrait,
    state: ReportState,
    mine: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<report::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (state, mine) = (sql.bind(state.to_value()), sql.bind(mine));
    let after = sql.bind(page.after.unwrap_or_else(Uuid::least));
    let limit = sql.bind(i64::from(page.limit + 1));
    let read = columns::<report::Model>("t");
    let text = format!(
        "SELECT {read} FROM reports AS t WHERE t.state = {state} AND t.id > {after} \
         AND t.author_id <> {mine} ORDER BY t.id LIMIT {limit}"
    );
    Ok(Slice::new(sql.models(db, text).await?, page))
}

/// How many reports there are of each of `subjects`, whatever became of them.
pub async fn counts(
    db: &impl ConnectionTrait,
    subjects: &[String],
) -> Result<HashMap<String, i64>, DbErr> {
    let mut sql = Sql::of(db);
    let among = sql.texts_among("subject", subjects);
    let text = format!("SELECT subject, count(*) FROM reports WHERE {among} GROUP BY subject");
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// Has every report of `subject` that waits be in `state`, by `resolver`, who wrote `note` beside it.
pub async fn settle(
    db: &impl ConnectionTrait,
    subject: &str,
    state: ReportState,
    resolver: Uuid,
    at: DateTime<Utc>,
    note: String,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (state, resolver) = (sql.bind(state.to_value()), sql.bind(resolver));
    let (at, note, subject) = (sql.bind(at), sql.bind(note), sql.bind(subject));
    let open = sql.bind(ReportState::Open.to_value());
    let text = format!(
        "UPDATE reports SET state = {state}, resolver_id = {resolver}, resolved_at = {at}, \
         note = {note} WHERE subject = {subject} AND state = {open}"
    );
    sql.run(db, text).await?;
    Ok(())
}
