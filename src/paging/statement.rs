//! The statement that reads a page of children for each of many parents: one, whatever the breadth.
//! It is the loaders that cut what would come to too many rows.
//!
//! Never `ROW_NUMBER() OVER (PARTITION BY parent)`: it reads every child of every parent, and was
//! measured 3-54 times slower, worst for celebrities.

use foldhash::{HashMap, HashMapExt};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::{Narrow, Page, Position, Slice};
use crate::{
    database::{Answer, Question, Source, ask},
    sql::{Row, Sql},
};

/// A list of children, in the order of one column, served by an index on
/// (parent columns, order column), or with the column of its segments between.
#[derive(Clone, Copy, Debug)]
pub struct List<const N: usize> {
    /// The children's table.
    pub table: &'static str,
    /// The columns that name the parent, the shard key first.
    pub parent: [&'static str; N],
    /// Where each parent with children has one row, on their shard: the table, and the columns
    /// that name the parent there.
    pub beside: (&'static str, [&'static str; N]),
    /// The column that orders the list.
    pub order: &'static str,
    /// The index on (parent columns, order column) where that is not the primary key. It is named
    /// because SQLite's planner would rather read all children of a parent by the primary key: it
    /// takes ten for many.
    pub index: Option<&'static str>,
    /// Whether the list is read from the greatest down.
    pub newest_first: bool,
    /// The columns of the table under an alias without its long text, where it has one: see
    /// [`brief`].
    pub brief: Option<fn(&str) -> String>,
}

/// The columns of `R` in the table `alias`, as [`Row::read`] takes them. With a `*` what is read would be what the table
/// has: once a newer version's step has added a column, PostgreSQL refuses the statements that its
/// connections have prepared.
pub fn columns<R: Row>(alias: &str) -> String {
    let columns = R::COLUMNS.iter().map(|column| format!("{alias}.{column}"));
    columns.collect::<Vec<_>>().join(", ")
}

/// The columns of `R` in the table `alias`, with nothing in the place of the long `text`: lists
/// read it only for who asks for it.
pub fn brief<R: Row>(alias: &str, text: &str) -> String {
    let columns = R::COLUMNS.iter().map(|column| match *column {
        name if name == text => format!("'' AS {name}"),
        name => format!("{alias}.{name}"),
    });
    columns.collect::<Vec<_>>().join(", ")
}

/// The parents of a list as the rows `p`. On Citus, which takes no subquery with a LIMIT that looks
/// at a list (for it lies on no shard), the parents' own rows `o` stand between.
struct Parents {
    /// What follows FROM.
    from: String,
    /// That a child is the parent's.
    of_parent: String,
    /// What `o` needs, with its WHERE.
    condition: String,
}

/// The placeholders of a page.
struct Bounds {
    below: String,
    above: String,
    limit: String,
}

impl<const N: usize> List<N> {
    fn direction(&self, backwards: bool) -> &'static str {
        if self.newest_first == backwards {
            "ASC"
        } else {
            "DESC"
        }
    }

    /// What is read of the rows `alias`, with their long texts or without.
    pub fn columns<R: Row>(&self, alias: &str, texts: bool) -> String {
        match self.brief {
            Some(brief) if !texts => brief(alias),
            _ => columns::<R>(alias),
        }
    }

    fn bounds<P: Position>(&self, sql: &mut Sql, page: &Page<P>) -> Bounds {
        let (below, above) = if self.newest_first {
            (&page.before, &page.after)
        } else {
            (&page.after, &page.before)
        };
        let bound =
            |at: &Option<P>, end: fn() -> P| -> Value { at.clone().unwrap_or_else(end).value() };
        Bounds {
            below: sql.bind(bound(below, P::least)),
            above: sql.bind(bound(above, P::greatest)),
            limit: sql.bind(i64::from(page.limit + 1)),
        }
    }

    fn parents(&self, sql: &mut Sql, parents: &[[Uuid; N]]) -> Parents {
        let p = sql.keys("p", parents);
        if !sql.is_citus() {
            return Parents {
                from: p,
                of_parent: matches(&self.parent, "p"),
                condition: String::new(),
            };
        }
        let (beside, names) = self.beside;
        let names = names.map(|column| format!("o.{column}"));
        let of_key = matches(&names, "p");
        let of_parent = equal(&self.parent, &names);
        Parents {
            from: format!("{p} CROSS JOIN {beside} AS o"),
            of_parent: of_parent + &sql.on_shards(&self.parent, parents),
            condition: format!(" WHERE {of_key}{}", sql.on_shards(&names, parents)),
        }
    }

    /// What follows FROM: the page of every parent `p`, as the rows `t`; with the bounds' limit.
    /// On PostgreSQL `t` has `columns` alone.
    fn source<P: Position>(
        &self,
        sql: &mut Sql,
        columns: &str,
        parents: &[[Uuid; N]],
        page: &Page<P>,
        narrow: &Narrow,
    ) -> (String, String) {
        let Self { table, order, .. } = self;
        let direction = self.direction(page.backwards);
        let Parents {
            from,
            of_parent,
            condition,
        } = self.parents(sql, parents);
        let Bounds {
            below,
            above,
            limit,
        } = self.bounds(sql, page);
        let ranges = narrow.ranges(sql);
        let lateral = sql.is_postgres();
        let column = if lateral { columns } else { order };
        let ranges: Vec<_> = ranges
            .iter()
            .map(|condition| {
                format!(
                    "SELECT * FROM (SELECT {column} FROM {table} WHERE {of_parent}{condition} \
                     AND {order} > {below} AND {order} < {above} \
                     ORDER BY {order} {direction} LIMIT {limit}) AS segment"
                )
            })
            .collect();
        let read = ranges.join(" UNION ALL ");
        let source = if lateral {
            format!(
                "{from} CROSS JOIN LATERAL ({read} ORDER BY {order} {direction} LIMIT {limit}) \
                 AS t{condition}"
            )
        } else {
            let index = self
                .index
                .map_or_else(String::new, |index| format!(" INDEXED BY {index}"));
            let child = matches(&self.parent.map(|column| format!("t.{column}")), "p");
            format!(
                "{from} CROSS JOIN {table} AS t{index} WHERE {child} \
                 AND t.{order} IN ({read} ORDER BY 1 {direction} LIMIT {limit})"
            )
        };
        (source, limit)
    }
}

/// A page of the children of each of many parents.
#[derive(Clone)]
struct Children<R, P, const N: usize> {
    list: List<N>,
    page: Page<P>,
    narrow: Narrow,
    parent_of: fn(&R) -> [Uuid; N],
}

impl<R, P, const N: usize> Question for Children<R, P, N>
where
    R: Row + Clone + Sync + 'static,
    P: Position,
{
    type Key = [Uuid; N];
    type Found = Slice<R>;
    // The order, and with it the index, and the columns depend on these.
    type Same = (
        &'static str,
        [&'static str; N],
        &'static str,
        bool,
        Page<P>,
        Narrow,
    );

    fn same(&self) -> Self::Same {
        let List {
            table,
            parent,
            order,
            newest_first,
            ..
        } = self.list;
        let (page, narrow) = (self.page.clone(), self.narrow.clone());
        (table, parent, order, newest_first, page, narrow)
    }

    fn rows_each(&self) -> usize {
        usize::try_from(self.page.limit).unwrap_or_default() + 1
    }

    async fn ask(
        &self,
        db: &impl ConnectionTrait,
        parents: &[Self::Key],
    ) -> Result<Answer<Self>, DbErr> {
        let Self { list, page, .. } = self;
        let mut sql = Sql::of(db);
        let (source, _) = list.source(&mut sql, "*", parents, page, &self.narrow);
        let text = format!(
            "SELECT {} FROM {source} ORDER BY p.n, t.{} {}",
            list.columns::<R>("t", page.texts),
            list.order,
            list.direction(page.backwards)
        );
        let mut by_parent: HashMap<[Uuid; N], Vec<R>> = HashMap::new();
        for row in sql.models::<R>(db, text).await? {
            let parent = (self.parent_of)(&row);
            by_parent.entry(parent).or_default().push(row);
        }
        let slices = by_parent.into_iter();
        Ok(slices
            .map(|(parent, rows)| (parent, Slice::new(rows, page)))
            .collect())
    }
}

/// `page` of the children of each of `parents`.
///
/// # Errors
/// The database's.
pub async fn children<R, P, const N: usize>(
    db: &impl Source,
    list: &List<N>,
    parents: &[[Uuid; N]],
    page: &Page<P>,
    narrow: &Narrow,
    parent_of: fn(&R) -> [Uuid; N],
) -> Result<HashMap<[Uuid; N], Slice<R>>, DbErr>
where
    R: Row + Clone + Sync + 'static,
    P: Position,
{
    if parents.is_empty() || narrow.is_nothing() {
        return Ok(HashMap::new());
    }
    let question = Children {
        list: *list,
        page: page.clone(),
        narrow: narrow.clone(),
        parent_of,
    };
    if narrow.is_for_all() {
        ask(db, question, parents).await
    } else {
        question.ask(db, parents).await
    }
}

/// One page of the children of all `parents` together, in the list's order.
///
/// # Errors
/// The database's.
pub async fn merged<R, P, const N: usize>(
    db: &impl ConnectionTrait,
    list: &List<N>,
    parents: &[[Uuid; N]],
    page: &Page<P>,
    narrow: &Narrow,
) -> Result<Slice<R>, DbErr>
where
    R: Row,
    P: Position,
{
    if parents.is_empty() || narrow.is_nothing() {
        return Ok(Slice::default());
    }
    let List {
        table,
        parent,
        order,
        ..
    } = list;
    let direction = list.direction(page.backwards);
    let mut sql = Sql::of(db);
    // The keys are merged first, so that the rows' texts are read for one page alone.
    let keys = format!("{}, {order}", parent.join(", "));
    let of = |alias: &str| parent.map(|column| format!("{alias}.{column}"));
    let (taken, same) = (of("t").join(", "), equal(&of("r"), &of("k")));
    let read = list.columns::<R>("r", page.texts);
    let (source, limit) = list.source(&mut sql, &keys, parents, page, narrow);
    let text = format!(
        "SELECT {read} FROM (SELECT {taken}, t.{order} FROM {source} \
         ORDER BY t.{order} {direction} LIMIT {limit}) AS k \
         CROSS JOIN {table} AS r WHERE {same} AND r.{order} = k.{order} \
         ORDER BY r.{order} {direction}"
    );
    Ok(Slice::new(sql.models(db, text).await?, page))
}

/// That `columns` equal the key of `keys`.
pub(super) fn matches<const N: usize>(columns: &[impl AsRef<str>; N], keys: &str) -> String {
    let keys: [String; N] = std::array::from_fn(|part| format!("{keys}.k{part}"));
    equal(columns, &keys)
}

/// That `columns` equal `others`.
fn equal<const N: usize>(columns: &[impl AsRef<str>; N], others: &[impl AsRef<str>; N]) -> String {
    let pairs = columns.iter().zip(others);
    pairs
        .map(|(column, other)| format!("{} = {}", column.as_ref(), other.as_ref()))
        .collect::<Vec<_>>()
        .join(" AND ")
}
