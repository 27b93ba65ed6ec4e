//! Holds every statement of the tests to what the house demands of SQL (design.md, section 4): none
//! joins across users, none has a text of its own for each length of a list, and none reads what
//! columns there are.

mod joins;
pub mod known;

use std::{
    collections::HashSet,
    sync::{LazyLock, Mutex},
};

use sea_orm::{ConnectionTrait, Statement};

use super::backend::is_citus;

/// What a test's own statements begin with: they look at everything.
const OWN: &str = "/* a test's own */ ";

/// A test's own statement, which may join as it likes.
pub fn own(db: &impl ConnectionTrait, sql: &str) -> Statement {
    Statement::from_string(db.get_database_backend(), format!("{OWN}{sql}"))
}

/// Panics where `statement` is not as it should be, or is not known.
pub fn hold(statement: &Statement) {
    // The recount compares everything that there is, on several shards: it is for one who looks after
    // the database.
    let sql = &statement.sql;
    let recounts = sql.contains("AS kept") && sql.contains("AS counted");
    if recounts || sql.starts_with(OWN) {
        return;
    }
    hold_to_house(&statement.sql);
    // For a cluster statements are put otherwise, and planned by its own rules.
    if !is_citus() {
        known::hold(statement);
    }
}

fn hold_to_house(sql: &str) {
    static FINE: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);
    if FINE.lock().unwrap().contains(sql) {
        return;
    }
    assert!(
        !lists_keys(sql),
        "a list is bound as one array, or each length is a statement of its own: {sql}"
    );
    assert!(
        !reads_everything(sql),
        "a column that a newer version adds breaks what is prepared: name the columns: {sql}"
    );
    if let Err(tables) = joins::check(sql) {
        panic!("a statement joins across users ({tables}): {sql}");
    }
    FINE.lock().unwrap().insert(sql.to_owned());
}

/// Whether there is an `IN` with several placeholders, or rows of a `VALUES` with as many as there
/// are: three are more than a pair, such as both sides of a friendship.
fn lists_keys(sql: &str) -> bool {
    let lists = sql.split(" IN (").skip(1);
    let holders = |list: &str| {
        let list = list.split(')').next().unwrap_or_default();
        list.contains(',')
            && list
                .split(',')
                .all(|one| one.trim().starts_with(['$', '?']))
    };
    lists.into_iter().any(holders) || sql.matches("), (").count() > 1
}

/// Whether the columns that come out are those that a table happens to have.
fn reads_everything(sql: &str) -> bool {
    let read = sql.strip_prefix("SELECT ").unwrap_or_default();
    let mut read = read.split(" FROM ").next().unwrap_or_default().split(',');
    read.any(|column| column.trim() == "*" || column.trim().ends_with(".*"))
}

#[test]
fn columns_that_nobody_named_are_seen() {
    assert!(reads_everything("SELECT * FROM users"));
    assert!(reads_everything(
        "SELECT 1, t.* FROM p CROSS JOIN users AS t"
    ));
    assert!(!reads_everything("SELECT count(*) FROM users"));
    assert!(!reads_everything(
        "SELECT s.id FROM (SELECT * FROM users) AS s"
    ));
}

#[test]
fn a_list_of_placeholders_is_seen() {
    assert!(lists_keys("SELECT * FROM users WHERE id IN ($1, $2)"));
    assert!(lists_keys("INSERT INTO t (a) VALUES ($1), ($2), ($3)"));
    assert!(!lists_keys("INSERT INTO t (a) VALUES ($1), ($2)"));
    assert!(!lists_keys(
        "SELECT 1 WHERE (a, b) IN (SELECT k0, k1 FROM k)"
    ));
}
