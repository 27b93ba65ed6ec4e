//! The SQL of the ledger.

use chrono::{DateTime, Utc};
use entity::{ledger_entry, payment_values::LedgerKind};
use foldhash::HashMap;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{
    paging::columns,
    sql::{Cells, Sql, row},
};

row! {
    ledger_entry::Model { payer_id, number, kind, yen, balance, order_id, reference, dispute, covers_until, at }
}

/// As many entries of a payer as are looked at: one a month, for eighty years.
const ENTRIES: i64 = 1_000;

/// The entries of `payer`, the last first.
pub async fn entries(
    db: &impl ConnectionTrait,
    payer: Uuid,
) -> Result<Vec<ledger_entry::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (payer, limit) = (sql.bind(payer), sql.bind(ENTRIES));
    let read = columns::<ledger_entry::Model>("t");
    let text = format!(
        "SELECT {read} FROM ledger_entries AS t WHERE t.payer_id = {payer} \
         ORDER BY t.number DESC LIMIT {limit}"
    );
    sql.models(db, text).await
}

/// Writes an entry: nothing of it is ever changed.
pub async fn append(db: &impl ConnectionTrait, row: ledger_entry::Model) -> Result<(), DbErr> {
    ledger_entry::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Up to `limit` entries of everybody's, of from `since` on and before `until`, the last first.
pub async fn within(
    db: &impl ConnectionTrait,
    [since, until]: [DateTime<Utc>; 2],
    limit: i64,
) -> Result<Vec<ledger_entry::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (since, until, limit) = (sql.bind(since), sql.bind(until), sql.bind(limit));
    let read = columns::<ledger_entry::Model>("t");
    let text = format!(
        "SELECT {read} FROM ledger_entries AS t WHERE t.at >= {since} AND t.at < {until} \
         ORDER BY t.at DESC, t.payer_id DESC, t.number DESC LIMIT {limit}"
    );
    sql.models(db, text).await
}

/// Of each kind how many entries of that time there are, and what they come to.
pub async fn sums(
    db: &impl ConnectionTrait,
    [since, until]: [DateTime<Utc>; 2],
) -> Result<Vec<(LedgerKind, i64, i64)>, DbErr> {
    let mut sql = Sql::of(db);
    let (since, until) = (sql.bind(since), sql.bind(until));
    let text = format!(
        "SELECT t.kind, count(*), CAST(sum(t.yen) AS bigint) FROM ledger_entries AS t \
         WHERE t.at >= {since} AND t.at < {until} GROUP BY t.kind ORDER BY t.kind"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::of(row);
            Ok((cells.one()?, cells.one()?, cells.one()?))
        })
        .collect()
}

/// Whose those `payers` are, who are somebody's still.
pub async fn users_of(
    db: &impl ConnectionTrait,
    payers: &[Uuid],
) -> Result<HashMap<Uuid, Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let among = sql.among("t.payer_id", payers);
    let text = format!(
        "SELECT t.payer_id, t.user_id FROM payers AS t WHERE {among} AND t.user_id IS NOT NULL"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::of(row);
            Ok((cells.one()?, cells.one()?))
        })
        .collect()
}
