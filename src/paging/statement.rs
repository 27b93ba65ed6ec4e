//! The statements that read many rows at once: a page of children for each of many parents, and
//! rows by their keys. One statement, whatever the breadth.
//!
//! The ids travel as one JSON array of hexadecimal texts, so that a statement's text, and with it
//! its prepared form, is the same for one parent and for a thousand. (`unhex`, because a blob
//! never equals its text: nothing would match, silently.)
//!
//! Never `ROW_NUMBER() OVER (PARTITION BY parent)`: it reads every child of every parent, and was
//! measured 3-54 times slower, worst for celebrities.

use std::{collections::HashMap, fmt::Write, hash::Hash};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::{Page, Position, Slice};

/// A list of children, in the order of one column, served by an index on
/// (parent columns, segment column, order column).
#[derive(Clone, Copy, Debug)]
pub struct List<const N: usize> {
    /// The children's table.
    pub table: &'static str,
    /// The columns that name the parent, the shard key first.
    pub parent: [&'static str; N],
    /// The column whose values cut the list into segments, each in the list's order.
    pub segment: Option<&'static str>,
    /// The column that orders the list.
    pub order: &'static str,
    /// Whether the list is read from the greatest down.
    pub newest_first: bool,
}

impl<const N: usize> List<N> {
    /// The statement for `segments` segments, read backwards or not. Its values: the parents, the
    /// bounds below and above, the limit, the segments.
    fn sql(&self, backwards: bool, segments: usize) -> String {
        let Self { table, order, .. } = self;
        let direction = if self.newest_first == backwards {
            "ASC"
        } else {
            "DESC"
        };
        let of_parent = key_equals(&self.parent);
        let range = |segment: String| {
            format!(
                "SELECT * FROM (SELECT {order} FROM {table} WHERE {of_parent}{segment} \
                 AND {order} > ?2 AND {order} < ?3 ORDER BY {order} {direction} LIMIT ?4)"
            )
        };
        let ranges = match self.segment {
            None => range(String::new()),
            Some(column) => (0..segments)
                .map(|index| range(format!(" AND {column} = ?{}", index + 5)))
                .collect::<Vec<_>>()
                .join(" UNION ALL "),
        };
        let child_of_parent = key_equals(&self.parent.map(|column| format!("t.{column}")));
        format!(
            "SELECT t.* FROM json_each(?1) AS p CROSS JOIN {table} AS t WHERE {child_of_parent} \
             AND t.{order} IN ({ranges} ORDER BY 1 {direction} LIMIT ?4) \
             ORDER BY p.key, t.{order} {direction}"
        )
    }
}

/// `page` of the children of each of `parents`; of the segments `segments` where the list has
/// segments.
///
/// # Errors
/// The database's.
pub async fn children<R, P, const N: usize>(
    db: &impl ConnectionTrait,
    list: &List<N>,
    parents: &[[Uuid; N]],
    page: &Page<P>,
    segments: &[String],
    parent_of: impl Fn(&R) -> [Uuid; N],
) -> Result<HashMap<[Uuid; N], Slice<R>>, DbErr>
where
    R: FromQueryResult,
    P: Position,
{
    if parents.is_empty() || (list.segment.is_some() && segments.is_empty()) {
        return Ok(HashMap::new());
    }
    let (below, above) = if list.newest_first {
        (&page.before, &page.after)
    } else {
        (&page.after, &page.before)
    };
    let mut values: Vec<Value> = vec![
        json_keys(parents).into(),
        below.clone().unwrap_or_else(P::least).value(),
        above.clone().unwrap_or_else(P::greatest).value(),
        i64::from(page.limit + 1).into(),
    ];
    values.extend(segments.iter().map(|segment| Value::from(segment.as_str())));
    let statement = Statement::from_sql_and_values(
        db.get_database_backend(),
        list.sql(page.backwards, segments.len()),
        values,
    );
    let mut by_parent: HashMap<[Uuid; N], Vec<R>> = HashMap::new();
    for row in db.query_all_raw(statement).await? {
        let row = R::from_query_result(&row, "")?;
        by_parent.entry(parent_of(&row)).or_default().push(row);
    }
    Ok(by_parent
        .into_iter()
        .map(|(parent, rows)| (parent, Slice::new(rows, page)))
        .collect())
}

/// The rows of `table` whose `columns` equal one of `keys`, by key.
///
/// # Errors
/// The database's.
pub async fn by_keys<R, const N: usize>(
    db: &impl ConnectionTrait,
    table: &str,
    columns: [&str; N],
    keys: &[[Uuid; N]],
    key_of: impl Fn(&R) -> [Uuid; N],
) -> Result<HashMap<[Uuid; N], R>, DbErr>
where
    R: FromQueryResult,
    [Uuid; N]: Hash,
{
    let of_key = key_equals(&columns.map(|column| format!("t.{column}")));
    let statement = Statement::from_sql_and_values(
        db.get_database_backend(),
        format!("SELECT t.* FROM json_each(?1) AS p CROSS JOIN {table} AS t WHERE {of_key}"),
        [json_keys(keys).into()],
    );
    db.query_all_raw(statement)
        .await?
        .iter()
        .map(|row| R::from_query_result(row, "").map(|row| (key_of(&row), row)))
        .collect()
}

/// `keys` as a JSON array with one hexadecimal text a key, for `json_each`.
pub fn json_keys<const N: usize>(keys: &[[Uuid; N]]) -> String {
    let mut json = String::with_capacity(2 + keys.len() * (32 * N + 3));
    json.push('[');
    for key in keys {
        if json.len() > 1 {
            json.push(',');
        }
        json.push('"');
        for part in key {
            // Writing to a String cannot fail.
            let _ = write!(json, "{}", part.simple());
        }
        json.push('"');
    }
    json.push(']');
    json
}

/// `columns` equal the parts of the key `p.value`.
fn key_equals<const N: usize>(columns: &[impl AsRef<str>; N]) -> String {
    let mut condition = String::new();
    for (index, column) in columns.iter().enumerate() {
        if index > 0 {
            condition.push_str(" AND ");
        }
        let _ = write!(
            condition,
            "{} = unhex(substr(p.value, {}, 32))",
            column.as_ref(),
            index * 32 + 1
        );
    }
    condition
}
