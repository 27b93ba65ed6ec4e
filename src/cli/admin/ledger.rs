//! The ledger, from the command line.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::ledger_entry;
use sea_orm::ActiveEnum;
use uuid::Uuid;

use super::named;
use crate::{
    app::App,
    clock::{day_in_japan, in_japan, midnight_in_japan, months_later},
    paging::PageArgs,
    plan::store::{self as plans, ledger},
    user::store as users,
};

/// The first day of a month that is written as `2026-12`.
pub(super) fn month(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
        .map_err(|_| "write a month as 2026-12".to_owned())
}

/// A line for each of the last `first` entries of a month, which begins on this day, or of this one; and what all of
/// the month comes to.
pub(super) async fn of_month(
    app: &App,
    first_day: Option<NaiveDate>,
    first: i64,
) -> anyhow::Result<String> {
    let db = app.database.reader();
    let day = first_day.unwrap_or_else(|| day_in_japan(app.clock.now()));
    let month = day.format("%Y-%m").to_string();
    let since = midnight_in_japan(self::month(&month).map_err(anyhow::Error::msg)?);
    let time = [since, months_later(since, 1)];
    let entries = ledger::within(db, time, first).await?;
    let payers: BTreeSet<_> = entries.iter().map(|entry| entry.payer_id).collect();
    let payers: Vec<_> = payers.into_iter().collect();
    let users = ledger::users_of(db, &payers).await?;
    let ids: Vec<_> = users.values().copied().collect();
    let people = users::by_ids(db, &ids).await?;
    let name = |payer: Uuid| {
        let row = users.get(&payer).and_then(|user| people.get(user));
        row.map_or("nobody any more", |row| &row.username)
    };
    let lines = entries.iter().map(|it| line(it, name(it.payer_id)));
    let mut lines: Vec<_> = lines.collect();
    let sums = ledger::sums(db, time).await?;
    let all: i64 = sums.iter().map(|(_, _, yen)| yen).sum();
    let kinds = sums
        .iter()
        .map(|(kind, count, yen)| format!("{count} {} {yen} yen", kind.to_value()));
    let kinds: Vec<_> = kinds.collect();
    lines.push(match kinds.is_empty() {
        true => format!("{month}: nothing was paid"),
        false => format!("{month}: {}; {all} yen in all", kinds.join(", ")),
    });
    Ok(lines.join("\n"))
}

/// A line for each of the last `first` entries of `username`, and what all of them come to.
pub(super) async fn of_user(app: &App, username: &str, first: i64) -> anyhow::Result<String> {
    let id = named(app, username).await?;
    let db = app.database.reader();
    let orders = plans::page(db, id, &PageArgs::default().page(0)?).await?;
    let entries = match orders.rows.first() {
        Some(order) => ledger::entries(db, order.payer_id).await?,
        None => Vec::new(),
    };
    let Some(last) = entries.first() else {
        return Ok(format!("{username} has paid nothing"));
    };
    let all = format!("{username}: {} yen in all", last.balance);
    let shown = usize::try_from(first).unwrap_or(usize::MAX);
    let lines = entries.iter().take(shown).map(|it| line(it, username));
    let lines: Vec<_> = lines.chain([all]).collect();
    Ok(lines.join("\n"))
}

fn line(entry: &ledger_entry::Model, name: &str) -> String {
    let at = in_japan(entry.at).format("%Y-%m-%d %H:%M");
    let (kind, yen, balance) = (entry.kind.to_value(), entry.yen, entry.balance);
    let dispute = entry.dispute.as_ref().map(|it| format!(" of {it}"));
    let dispute = dispute.unwrap_or_default();
    let reference = &entry.reference;
    format!(
        "{at} {kind}{dispute} {yen} yen, of the bill {reference}, by {name}: {balance} yen by then"
    )
}
