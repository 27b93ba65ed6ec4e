//! Whether a statement joins across users.
//!
//! A statement may name several tables that are spread over shards only where their shard keys are
//! said to be equal, directly or through a parameter or a column of a list: then the rows lie on
//! one shard, and Citus carries it out there.

mod cases;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::ControlFlow,
};

use ashiato::database::shards::{Lies, TABLES};
use sqlparser::{
    ast::{
        BinaryOperator, Expr, FromTable, FunctionArguments, Query, Select, SelectItem, SetExpr,
        Statement, TableFactor, TableWithJoins, UpdateTableFromKind, Visit, Visitor,
    },
    dialect::PostgreSqlDialect,
    parser::Parser,
};

/// The tables that are joined across shards, where there are.
pub fn check(sql: &str) -> Result<(), String> {
    // Which index SQLite is to take is no matter here, and no SQL of PostgreSQL's.
    let mut parts = sql.split(" INDEXED BY ");
    let first = parts.next().unwrap_or_default().to_owned();
    let sql = &parts.fold(first, |sql, part| {
        let rest = part.split_once(' ').map_or("", |(_, rest)| rest);
        format!("{sql} {rest}")
    });
    // What a directory says is asked first, by itself: then it is a value.
    let sql = &[
        "ARRAY(SELECT user_id FROM usernames WHERE username = ANY($1))",
        "SELECT user_id FROM usernames WHERE username IN (SELECT value ->> 0 FROM json_each($1))",
    ]
    .iter()
    .fold(sql.clone(), |sql, asked| sql.replace(asked, "$1"));
    // What it cannot read, such as a setting, joins nothing.
    let Ok(statements) = Parser::parse_sql(&PostgreSqlDialect {}, sql) else {
        let words = sql
            .split_whitespace()
            .filter(|word| word.eq_ignore_ascii_case("join"));
        assert_eq!(words.count(), 0, "a statement that cannot be read: {sql}");
        return Ok(());
    };
    let mut reader = Reader::default();
    let _ = statements.visit(&mut reader);
    reader.verdict()
}

/// Where a column's value comes from: `table#number.column`, a parameter, …
type Source = String;

#[derive(Default)]
struct Reader {
    /// Of each query under way, what its tables are called: the source that it stands for.
    scopes: Vec<Scope>,
    /// Each use of a table that is spread: the source of its shard key, and its name.
    spread: BTreeMap<Source, String>,
    /// What is equal to what.
    equal: Vec<(Source, Source)>,
}

#[derive(Default)]
struct Scope(Vec<(String, Named)>);

/// What a name in a query's FROM stands for.
enum Named {
    /// A table, or a list: its columns are its own.
    Table(Source),
    /// A query: its columns are those of others.
    Query(HashMap<String, Source>),
}

impl Reader {
    fn scope<'t>(&mut self, tables: impl IntoIterator<Item = &'t TableWithJoins>) -> Scope {
        let mut scope = Scope::default();
        for table in tables {
            self.name(&table.relation, &mut scope);
            for join in &table.joins {
                self.name(&join.relation, &mut scope);
            }
        }
        scope
    }

    /// Where a table stands in the statement is its name: it may be looked at twice.
    fn name(&mut self, factor: &TableFactor, scope: &mut Scope) {
        match factor {
            TableFactor::Table { name, alias, .. } => {
                let table = name.to_string();
                let called = alias
                    .as_ref()
                    .map_or(table.clone(), |alias| alias.name.to_string());
                let source = format!("{called}#{factor:p}");
                let lies = TABLES
                    .iter()
                    .find(|(spread, _)| *spread == table.trim_matches('"'));
                if let Some((_, Lies::With(key) | Lies::By(key) | Lies::Beside(_, key))) = lies {
                    self.spread.insert(format!("{source}.{key}"), table);
                }
                scope
                    .0
                    .push((called.trim_matches('"').to_owned(), Named::Table(source)));
            }
            TableFactor::Derived {
                subquery, alias, ..
            } => {
                let Some(alias) = alias else { return };
                let columns = self.columns(subquery);
                scope.0.push((alias.name.to_string(), columns));
            }
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => {
                let inner = self.scope([&**table_with_joins]);
                scope.0.extend(inner.0);
            }
            other => {
                // A function's rows, such as those of unnest.
                let alias = other.to_string();
                let called = alias.rsplit(" AS ").next().unwrap_or_default();
                let called = called
                    .split(['(', ' '])
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let source = format!("{called}#{factor:p}");
                scope.0.push((called, Named::Table(source)));
            }
        }
    }

    /// What the columns of a query are, by name.
    fn columns(&mut self, query: &Query) -> Named {
        self.columns_of(&query.body)
    }

    fn columns_of(&mut self, body: &SetExpr) -> Named {
        let select = match body {
            SetExpr::Select(select) => select,
            SetExpr::Query(query) => return self.columns(query),
            // Each side is held to its own conditions; one stands for both here.
            SetExpr::SetOperation { left, .. } => return self.columns_of(left),
            _ => return Named::Query(HashMap::new()),
        };
        let mut scope = self.scope(&select.from);
        if let [SelectItem::Wildcard(_)] = select.projection.as_slice()
            && scope.0.len() == 1
        {
            return scope.0.remove(0).1;
        }
        self.scopes.push(scope);
        let columns = select.projection.iter().filter_map(|item| match item {
            SelectItem::UnnamedExpr(expr) => {
                let name = expr.to_string();
                let name = name.rsplit('.').next().unwrap_or_default().to_owned();
                Some((name, self.source(expr)?))
            }
            // What is worked out is a value of its own.
            SelectItem::ExprWithAlias { expr, alias } => {
                let source = self.source(expr);
                Some((
                    alias.to_string(),
                    source.unwrap_or_else(|| format!("{expr:p}")),
                ))
            }
            _ => None,
        });
        let columns = columns.collect();
        self.scopes.pop();
        Named::Query(columns)
    }

    fn source(&self, expr: &Expr) -> Option<Source> {
        match expr {
            Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => self.source(inner),
            Expr::Value(value) => Some(value.to_string()),
            Expr::Identifier(column) => self.column(None, &column.value),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, column] => self.column(Some(&table.value), &column.value),
                _ => None,
            },
            _ => None,
        }
    }

    fn column(&self, table: Option<&str>, column: &str) -> Option<Source> {
        for Scope(names) in self.scopes.iter().rev() {
            for (called, named) in names {
                if table.is_some_and(|table| table != called) {
                    continue;
                }
                match named {
                    Named::Table(source) if table.is_some() || names.len() == 1 => {
                        return Some(format!("{source}.{column}"));
                    }
                    Named::Query(columns) => {
                        if let Some(source) = columns.get(column) {
                            return Some(source.clone());
                        }
                    }
                    Named::Table(_) => {}
                }
            }
        }
        None
    }

    /// That `expr` is one of the rows of `query`.
    fn equate_query(&mut self, expr: &Expr, query: &Query) {
        let Named::Query(columns) = self.columns(query) else {
            return;
        };
        let parts = match expr {
            Expr::Tuple(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        for part in parts {
            let own = part.to_string();
            let name = own.rsplit('.').next().unwrap_or_default();
            if let (Some(source), Some(other)) = (self.source(part), columns.get(name)) {
                self.equal.push((source, other.clone()));
            }
        }
    }

    fn equate(&mut self, one: &Expr, other: &Expr) {
        if let (Some(one), Some(other)) = (self.source(one), self.source(other)) {
            self.equal.push((one, other));
        }
    }

    /// Whether the shard keys of all tables are one value.
    fn verdict(&self) -> Result<(), String> {
        let Some((first, _)) = self.spread.first_key_value() else {
            return Ok(());
        };
        let mut reached = HashSet::from([first.as_str()]);
        loop {
            let before = reached.len();
            for (one, other) in &self.equal {
                if reached.contains(one.as_str()) || reached.contains(other.as_str()) {
                    reached.extend([one.as_str(), other.as_str()]);
                }
            }
            if reached.len() == before {
                break;
            }
        }
        if self.spread.keys().all(|key| reached.contains(key.as_str())) {
            return Ok(());
        }
        let tables: Vec<_> = self.spread.values().map(String::as_str).collect();
        Err(tables.join(", "))
    }
}

impl Visitor for Reader {
    type Break = ();

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        let mut tables = Vec::new();
        match statement {
            Statement::Update(update) => {
                tables.push(&update.table);
                if let Some(
                    UpdateTableFromKind::AfterSet(from) | UpdateTableFromKind::BeforeSet(from),
                ) = &update.from
                {
                    tables.extend(from);
                }
            }
            Statement::Delete(delete) => {
                let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) =
                    &delete.from;
                tables.extend(from);
                tables.extend(delete.using.iter().flatten());
            }
            _ => {}
        }
        let scope = self.scope(tables);
        self.scopes.push(scope);
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        let scope = self.scope(&select.from);
        self.scopes.push(scope);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _: &Select) -> ControlFlow<()> {
        self.scopes.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            } => self.equate(left, right),
            Expr::InSubquery {
                expr,
                subquery,
                negated: false,
            } => self.equate_query(expr, subquery),
            // `= ANY(ARRAY(SELECT ...))`
            Expr::AnyOp {
                left,
                compare_op: BinaryOperator::Eq,
                right,
                ..
            } => {
                if let Expr::Function(array) = &**right
                    && let FunctionArguments::Subquery(query) = &array.args
                {
                    self.equate_query(left, query);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
