//! What of reports a user takes along, and that they go: those that the user made, and those of what was
//! the user's. (Their room stands above this one.)

use entity::{report, values::ReportState};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    database::Tx,
    error::Error,
    loaders::Loaders,
    paging::{Page, Slice},
    rejection::Rejection,
    user::leaving::Taken,
};

/// Reports that go in one transaction.
const REPORTS: u64 = 100;

/// `page` of the reports that `me` made, in the order in which they were made.
///
/// # Errors
/// The database's.
pub async fn made(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let limit = u64::try_from(page.limit).unwrap_or_default();
    let rows = report::Entity::find()
        .filter(report::Column::ReporterId.eq(me))
        .filter(report::Column::Id.gt(page.after.unwrap_or_default()))
        .order_by_asc(report::Column::Id)
        .limit(limit + 1)
        .all(loaders.app.database.reader())
        .await?;
    Ok(Slice::new(rows, page).filter_map(|row| {
        let told = json!({
            "subjectId": row.subject, "reason": row.reason.to_value(),
            "details": row.details, "createdAt": row.created_at,
        });
        Some((row.id, Some(told)))
    }))
}

/// Removes some reports that `user` made, or of what was the user's; but for those that wait for moderators.
/// Says how many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    use report::Column::{AuthorId, Id, ReporterId, State};
    for of_user in [ReporterId.eq(user), AuthorId.eq(user)] {
        let keys: Vec<(Uuid, Uuid)> = report::Entity::find()
            .select_only()
            .columns([ReporterId, Id])
            .filter(of_user)
            .filter(State.ne(ReportState::Open))
            .limit(REPORTS)
            .into_tuple()
            .all(&tx.sql)
            .await?;
        if keys.is_empty() {
            continue;
        }
        let mut these = Condition::any();
        for (reporter, id) in &keys {
            let this = Condition::all().add(ReporterId.eq(*reporter));
            these = these.add(this.add(Id.eq(*id)));
        }
        let gone = report::Entity::delete_many().filter(these).exec(&tx.sql);
        return Ok(gone.await?.rows_affected);
    }
    Ok(0)
}
