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
/// (parent columns, order column), or with the column of its segments between.
#[derive(Clone, Copy, Debug)]
pub struct List<const N: usize> {
    /// The children's table.
    pub table: &'static str,
    /// The columns that name the parent, the shard key first.
    pub parent: [&'static str; N],
    /// The column that orders the list.
    pub order: &'static str,
    /// The index on (parent columns, order column) where that is not the primary key. It is named
    /// because SQLite's planner would rather read all children of a parent by the primary key: it
    /// takes ten for many.
    pub index: Option<&'static str>,
    /// Whether the list is read from the greatest down.
    pub newest_first: bool,
}

/// Which of a parent's children are meant.
#[derive(Clone, Debug)]
pub enum Narrow {
    /// All of them.
    All,
    /// Those whose column has one of these values: each value is one range of the index.
    Segments(&'static str, Vec<String>),
    /// Those whose column is one of these ids (as [`json_keys`] writes them).
    Among(&'static str, String),
}

impl Narrow {
    /// One condition for each range of the index that is read; their parameters begin at `?5`.
    fn ranges(&self) -> Vec<String> {
        match self {
            Self::All => vec![String::new()],
            Self::Segments(column, values) => (5..)
                .take(values.len())
                .map(|parameter| format!(" AND {column} = ?{parameter}"))
                .collect(),
            Self::Among(column, _) => vec![format!(
                " AND {column} IN (SELECT unhex(value) FROM json_each(?5))"
            )],
        }
    }

    fn values(&self) -> Vec<Value> {
        match self {
            Self::All => Vec::new(),
            Self::Segments(_, values) => values.iter().map(|v| Value::from(v.as_str())).collect(),
            Self::Among(_, keys) => vec![keys.as_str().into()],
        }
    }
}

impl<const N: usize> List<N> {
    fn direction(&self, backwards: bool) -> &'static str {
        if self.newest_first == backwards {
            "ASC"
        } else {
            "DESC"
        }
    }

    /// Selects `columns` of a page's children of every parent. The parameters: the parents, the
    /// bounds below and above, the limit, then those of `narrow`.
    fn select(&self, columns: &str, backwards: bool, narrow: &Narrow) -> String {
        let Self { table, order, .. } = self;
        let direction = self.direction(backwards);
        let of_parent = key_equals(&self.parent);
        let ranges = narrow
            .ranges()
            .iter()
            .map(|condition| {
                format!(
                    "SELECT * FROM (SELECT {order} FROM {table} WHERE {of_parent}{condition} \
                     AND {order} > ?2 AND {order} < ?3 ORDER BY {order} {direction} LIMIT ?4)"
                )
            })
            .collect::<Vec<_>>()
            .join(" UNION ALL ");
        let child_of_parent = key_equals(&self.parent.map(|column| format!("t.{column}")));
        let index = self
            .index
            .map_or_else(String::new, |index| format!(" INDEXED BY {index}"));
        format!(
            "SELECT {columns} FROM json_each(?1) AS p CROSS JOIN {table} AS t{index} \
             WHERE {child_of_parent} AND t.{order} IN ({ranges} ORDER BY 1 {direction} LIMIT ?4)"
        )
    }

    fn values<P: Position>(&self, parents: String, page: &Page<P>, narrow: &Narrow) -> Vec<Value> {
        let (below, above) = if self.newest_first {
            (&page.before, &page.after)
        } else {
            (&page.after, &page.before)
        };
        let mut values: Vec<Value> = vec![
            parents.into(),
            below.clone().unwrap_or_else(P::least).value(),
            above.clone().unwrap_or_else(P::greatest).value(),
            i64::from(page.limit + 1).into(),
        ];
        values.extend(narrow.values());
        values
    }
}

/// `page` of the children of each of `parents`.
///
/// # Errors
/// The database's.
pub async fn children<R, P, const N: usize>(
    db: &impl ConnectionTrait,
    list: &List<N>,
    parents: &[[Uuid; N]],
    page: &Page<P>,
    narrow: &Narrow,
    parent_of: impl Fn(&R) -> [Uuid; N],
) -> Result<HashMap<[Uuid; N], Slice<R>>, DbErr>
where
    R: FromQueryResult,
    P: Position,
{
    if parents.is_empty() || narrow.ranges().is_empty() {
        return Ok(HashMap::new());
    }
    let statement = Statement::from_sql_and_values(
        db.get_database_backend(),
        format!(
            "{} ORDER BY p.key, t.{} {}",
            list.select("t.*", page.backwards, narrow),
            list.order,
            list.direction(page.backwards)
        ),
        list.values(json_keys(parents), page, narrow),
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

/// One page of the children of all `parents` together, in the list's order.
///
/// # Errors
/// The database's.
pub async fn merged<R, P>(
    db: &impl ConnectionTrait,
    list: &List<1>,
    parents: &[[Uuid; 1]],
    page: &Page<P>,
    narrow: &Narrow,
) -> Result<Slice<R>, DbErr>
where
    R: FromQueryResult,
    P: Position,
{
    if parents.is_empty() || narrow.ranges().is_empty() {
        return Ok(Slice::default());
    }
    let List {
        table,
        parent: [parent],
        order,
        ..
    } = list;
    let direction = list.direction(page.backwards);
    // The keys are merged first, so that the rows' texts are read for one page alone.
    let keys = list.select(&format!("t.{parent}, t.{order}"), page.backwards, narrow);
    let statement = Statement::from_sql_and_values(
        db.get_database_backend(),
        format!(
            "SELECT r.* FROM ({keys} ORDER BY t.{order} {direction} LIMIT ?4) AS k \
             CROSS JOIN {table} AS r WHERE r.{parent} = k.{parent} AND r.{order} = k.{order} \
             ORDER BY r.{order} {direction}"
        ),
        list.values(json_keys(parents), page, narrow),
    );
    let rows = db
        .query_all_raw(statement)
        .await?
        .iter()
        .map(|row| R::from_query_result(row, ""))
        .collect::<Result<_, _>>()?;
    Ok(Slice::new(rows, page))
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
