//! Every statement that the tests put stands in a committed list, one for each database, in
//! `tests/snapshots`. So a change of it is seen in a review, and `tests/plans.rs` looks at the plan
//! of each. `make statements` writes the lists anew; a single test with `ASHIATO_TEST_STATEMENTS=1`
//! adds what it puts.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex},
};

use sea_orm::{DbBackend, Statement, Value, sea_query::ArrayType};

/// Between a text and the types of what is bound to it.
const TYPES: &str = " -- ";

/// A list as it was committed, or as it is being written.
static LISTED: LazyLock<[Mutex<BTreeSet<String>>; 2]> = LazyLock::new(|| {
    [DbBackend::Sqlite, DbBackend::Postgres].map(|backend| Mutex::new(lines(backend)))
});

/// A statement of the list.
#[derive(Debug)]
pub struct Known {
    pub text: String,
    /// What PostgreSQL calls the types of `$1`, `$2`, …, with commas between.
    pub types: String,
}

/// The list of a database.
pub fn listed(backend: DbBackend) -> Vec<Known> {
    lines(backend)
        .iter()
        .map(|line| {
            let (text, types) = line.split_once(TYPES).unwrap_or((line, ""));
            let (text, types) = (text.to_owned(), types.to_owned());
            Known { text, types }
        })
        .collect()
}

/// Holds `statement` to be in its list, or writes it there.
pub fn hold(statement: &Statement) {
    let backend = statement.db_backend;
    let words = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
    // On SQLite the steps of the tables pass here, too: some make a table anew, from the old one.
    let of_a_step = statement.sql.contains(" FROM \"old_");
    if of_a_step || !words.iter().any(|word| statement.sql.starts_with(word)) {
        return;
    }
    let line = line(statement);
    let [sqlite, postgres] = &*LISTED;
    let listed = match backend {
        DbBackend::Sqlite => sqlite,
        _ => postgres,
    };
    let mut listed = listed.lock().unwrap();
    if listed.contains(&line) {
        return;
    }
    if std::env::var_os("ASHIATO_TEST_STATEMENTS").is_some() {
        listed.insert(line);
        let mut text = String::new();
        for line in &*listed {
            text.push_str(line);
            text.push('\n');
        }
        std::fs::write(path(backend), text).unwrap();
        return;
    }
    drop(listed);
    panic!(
        "{} has not this statement: add it by running the test with ASHIATO_TEST_STATEMENTS=1 (or \
         `make statements`, which writes the list anew), and look at its plan by `cargo test plans`: \
         {line}",
        path(backend).display()
    );
}

fn path(backend: DbBackend) -> PathBuf {
    let name = match backend {
        DbBackend::Sqlite => "sqlite",
        _ => "postgres",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    folder.join(format!("statements_{name}.sql"))
}

fn lines(backend: DbBackend) -> BTreeSet<String> {
    let text = std::fs::read_to_string(path(backend)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// The statement on one line, with the types of what is bound as PostgreSQL is told them. (SQLite
/// is told none.) Of the rows that a load writes at once the first stands for all.
fn line(statement: &Statement) -> String {
    let words: Vec<_> = statement.sql.split_whitespace().collect();
    let (text, bound) = one_row(&words.join(" "));
    if statement.db_backend == DbBackend::Sqlite {
        return text;
    }
    let values = statement.values.iter().flat_map(|values| &values.0);
    let types: Vec<_> = values.map(type_of).take(bound).collect();
    if types.is_empty() {
        return text;
    }
    format!("{text}{TYPES}{}", types.join(", "))
}

/// `text` with the first of its rows of placeholders, and how many values it then has.
fn one_row(text: &str) -> (String, usize) {
    let is_row = |row: &str| {
        row.chars()
            .all(|sign| "$?, ".contains(sign) || sign.is_ascii_digit())
    };
    let whole = || (text.to_owned(), usize::MAX);
    let Some((head, rows)) = text.split_once(" VALUES (") else {
        return whole();
    };
    let Some((first, mut rest)) = rows.split_once(')').filter(|(row, _)| is_row(row)) else {
        return whole();
    };
    let mut rows = 1;
    while let Some((_, after)) = rest
        .strip_prefix(',')
        .and_then(|rest| rest.trim_start().strip_prefix('('))
        .and_then(|row| row.split_once(')'))
        .filter(|(row, _)| is_row(row))
    {
        (rest, rows) = (after, rows + 1);
    }
    if rows == 1 {
        return whole();
    }
    assert!(!rest.contains(['$', '?']), "values after the rows: {text}");
    (
        format!("{head} VALUES ({first}){rest}"),
        first.split(',').count(),
    )
}

/// As sea-query's driver for PostgreSQL binds `value`.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "boolean",
        Value::Int(_) => "integer",
        Value::BigInt(_) | Value::BigUnsigned(_) => "bigint",
        Value::String(_) | Value::Enum(_) => "text",
        Value::Bytes(_) => "bytea",
        Value::Uuid(_) => "uuid",
        Value::ChronoDate(_) => "date",
        Value::ChronoDateTimeUtc(_) | Value::ChronoDateTimeWithTimeZone(_) => "timestamptz",
        Value::Array(ArrayType::Uuid, _) => "uuid[]",
        Value::Array(ArrayType::BigInt, _) => "bigint[]",
        Value::Array(ArrayType::String, _) => "text[]",
        Value::Array(ArrayType::Bytes, _) => "bytea[]",
        other => panic!("say what PostgreSQL calls the type of {other:?}"),
    }
}
