//! A look-up for each row of what stands before it.

use crate::sql::Sql;

/// The rows of a table that a condition finds, by what stands before it in FROM.
#[derive(Debug)]
pub struct LookUp {
    /// What follows CROSS JOIN.
    pub from: String,
    /// What then stands in WHERE.
    pub condition: String,
}

impl LookUp {
    /// The rows `alias` of `table`, with `columns`, that `condition` finds: by its index alone. Of
    /// someone with few rows PostgreSQL would rather read all by an index on their first column, and
    /// it takes everybody for such. It does not look into what has an OFFSET. (Citus takes none
    /// there, and sees what is bound.)
    pub fn of(sql: &Sql, table: &str, alias: &str, columns: &str, condition: &str) -> Self {
        if !sql.is_postgres() || sql.is_citus() {
            return Self {
                from: format!("{table} AS {alias}"),
                condition: condition.to_owned(),
            };
        }
        Self {
            from: format!(
                "LATERAL (SELECT {columns} FROM {table} AS {alias} WHERE {condition} OFFSET 0) \
                 AS {alias}"
            ),
            condition: "true".to_owned(),
        }
    }
}
