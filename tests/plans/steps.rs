//! The same of a plan of SQLite's, as far as it tells: which tables are read whole, which
//! histories are sorted, and which can be passed over for a page.

use std::collections::{HashMap, HashSet};

use super::{bounds::WHOLE, pages};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

/// What orders a list stands once with its parent, though no index says so.
const ORDERS: [&[&str]; 6] = [
    &["diary_author_id", "number"],
    &["owner_id", "number"],
    &["user_id", "number"],
    &["user_id", "made"],
    &["author_id", "group_id", "id"],
    &["owner_id", "group_id", "id"],
];

/// The columns of each unique index of each table, in their order.
pub type Unique = HashSet<Vec<String>>;

/// Reads them.
pub async fn unique(db: &impl ConnectionTrait) -> Unique {
    let sql = "SELECT l.name AS name, i.name AS column FROM sqlite_master AS m, \
        pragma_index_list(m.name) AS l, pragma_index_info(l.name) AS i \
        WHERE m.type = 'table' AND l.\"unique\" ORDER BY l.name, i.seqno";
    let sql = Statement::from_string(DbBackend::Sqlite, sql);
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for row in db.query_all_raw(sql).await.unwrap() {
        let (name, column) = (
            row.try_get("", "name").unwrap(),
            row.try_get("", "column").unwrap(),
        );
        all.entry(name).or_default().push(column);
    }
    all.into_values().collect()
}

/// What is wrong with the plan of `text` whose steps are `rows`.
pub fn faults(text: &str, rows: &[QueryResult], unique: &Unique) -> Vec<String> {
    let steps: Vec<(i32, String)> = rows
        .iter()
        .map(|row| {
            (
                row.try_get("", "parent").unwrap(),
                row.try_get("", "detail").unwrap(),
            )
        })
        .collect();
    let searches = steps.iter().map(|(_, step)| step.as_str());
    let searches: Vec<_> = searches.filter(|step| step.starts_with("SEARCH")).collect();
    let mut faults = pages::passed_over(text, &searches, |step| !reads_history(step, unique));
    for (parent, step) in &steps {
        if reads_all(step) {
            faults.push(format!("{WHOLE}: {step}"));
        }
        if !step.starts_with("USE TEMP B-TREE") {
            continue;
        }
        // What is sorted is read by the steps beside it.
        let beside = steps.iter().filter(|(other, _)| other == parent);
        for (_, other) in beside.filter(|(_, other)| reads_history(other, unique)) {
            faults.push(format!("{step}: {other}"));
        }
    }
    faults
}

fn reads_all(step: &str) -> bool {
    const FINE: &[&str] = &[
        "VIRTUAL TABLE",
        "CONSTANT ROW",
        "(subquery",
        "SCAN k",
        "SCAN segment",
    ];
    // `o` is a subquery with a LIMIT.
    step.starts_with("SCAN") && step != "SCAN o" && !FINE.iter().any(|fine| step.contains(fine))
}

/// Whether `step` finds more rows than one for a key.
fn reads_history(step: &str, unique: &Unique) -> bool {
    if !step.starts_with("SEARCH") || step.contains("AUTOMATIC") {
        return false;
    }
    let Some((_, condition)) = step.rsplit_once(" (") else {
        return true;
    };
    let condition = condition.trim_end_matches(')');
    let columns: Option<Vec<_>> = condition
        .split(" AND ")
        .map(|part| part.strip_suffix("=?").map(str::to_owned))
        .collect();
    !columns.is_some_and(|columns| {
        let orders = ORDERS.iter().any(|order| columns == *order);
        orders || columns == ["rowid"] || unique.contains(&columns)
    })
}
