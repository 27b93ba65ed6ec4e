//! Which nodes of a plan of PostgreSQL's give no more rows than were asked for, and which read or
//! sort a history.
//!
//! Not by the rows that PostgreSQL expects: it expects somebody with 40 friends, and for these a
//! sort is cheap. What counts is whether anything bounds them: a LIMIT, the list that was bound, or a
//! unique key.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// By the name of an index, the columns of each unique key of its table.
pub type Unique = HashMap<String, Vec<Vec<String>>>;

/// What is said of a table that is read from one end to the other.
pub const WHOLE: &str = "a whole table is read";
/// What is said of rows that are read, and left out, until there are enough others.
pub const PASSED_OVER: &str = "a whole history can be passed over";

/// What is wrong with `plan`.
pub fn faults(plan: &Value, unique: &Unique) -> Vec<String> {
    let mut reader = Reader {
        unique,
        unbounded: HashSet::new(),
        faults: Vec::new(),
    };
    if !reader.is_bounded(plan, false) {
        reader.faults.push(format!(
            "a whole history is read, without a LIMIT: {}",
            reader.leaf(plan)
        ));
    }
    reader.faults
}

struct Reader<'u> {
    unique: &'u Unique,
    /// The queries of a WITH that give a whole history.
    unbounded: HashSet<String>,
    faults: Vec<String>,
}

impl Reader<'_> {
    /// Whether `node` gives no more rows than were asked for. Where it is at fault itself, that is
    /// told, and not again by those above it. What `stops` is read until there are enough rows: a
    /// condition that its index does not know can make that a whole history.
    fn is_bounded(&mut self, node: &Value, stops: bool) -> bool {
        let mut children = Vec::new();
        for child in node["Plans"].as_array().into_iter().flatten() {
            let bounded = self.is_bounded(child, stops_at(node, child, stops));
            match text(child, "Parent Relationship") {
                "InitPlan" | "SubPlan" => self.subquery(child, bounded),
                _ => children.push(bounded),
            }
        }
        let all = children.iter().all(|bounded| *bounded);
        let bounded = self.bounds(node, &children, all);
        if stops && !bounded {
            self.dropped(node);
        }
        bounded
    }

    /// Tells what of the rows of `node` is read for nothing, where anything is.
    fn dropped(&mut self, node: &Value) {
        let kind = text(node, "Node Type");
        if kind == "Bitmap Index Scan" {
            let leaf = self.leaf(node);
            self.faults
                .push(format!("a whole history is marked, for a page: {leaf}"));
        }
        for filter in ["Filter", "Join Filter"] {
            let filter = text(node, filter);
            if !leaves_out(filter) {
                let leaf = self.leaf(node);
                self.faults.push(format!(
                    "{PASSED_OVER}, for a page of those with {filter}: {leaf}"
                ));
            }
        }
        if ["Semi", "Anti"].contains(&text(node, "Join Type")) {
            let leaf = self.leaf(node);
            self.faults
                .push(format!("{PASSED_OVER}, for a page of a {kind}: {leaf}"));
        }
    }

    fn bounds(&mut self, node: &Value, children: &[bool], all: bool) -> bool {
        match text(node, "Node Type") {
            kind @ ("Seq Scan" | "Sample Scan" | "Tid Scan") => {
                let table = text(node, "Relation Name");
                let filter = text(node, "Filter");
                self.faults
                    .push(format!("{WHOLE}: {kind} of {table} {filter}"));
                true
            }
            "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => self.by_index(node),
            "BitmapAnd" => children.contains(&true),
            "Limit" => true,
            "CTE Scan" => !self.unbounded.contains(text(node, "CTE Name")),
            // It looks for one row of the inner side.
            "Nested Loop" if ["Semi", "Anti"].contains(&text(node, "Join Type")) => {
                children.first() == Some(&true)
            }
            kind @ ("Sort" | "Incremental Sort" | "Aggregate" | "Group" | "Unique"
            | "WindowAgg" | "SetOp" | "Hash") => {
                if !all {
                    let leaf = self.leaf(node);
                    let by = node["Sort Key"].to_string();
                    self.faults
                        .push(format!("{kind} of a whole history (by {by}): {leaf}"));
                }
                true
            }
            "ModifyTable" => {
                if !all {
                    let leaf = self.leaf(node);
                    self.faults
                        .push(format!("a whole history is changed: {leaf}"));
                }
                true
            }
            _ => all,
        }
    }

    /// A query within a condition, or before the rest.
    fn subquery(&mut self, node: &Value, bounded: bool) {
        if bounded {
            return;
        }
        let name = text(node, "Subplan Name");
        match name.strip_prefix("CTE ") {
            Some(name) => {
                self.unbounded.insert(name.to_owned());
            }
            None => {
                let leaf = self.leaf(node);
                self.faults
                    .push(format!("{name} of a whole history: {leaf}"));
            }
        }
    }

    /// Whether the condition names one row for each key that was asked for.
    fn by_index(&mut self, node: &Value) -> bool {
        let condition = text(node, "Index Cond");
        let index = text(node, "Index Name");
        if condition.is_empty() {
            self.faults.push(format!("the whole of {index} is read"));
            return true;
        }
        let is_equal = |column: &String| {
            let equal = [format!("({column} = "), format!("(({column})::text = ")];
            equal.iter().any(|equal| condition.contains(equal))
        };
        let mut keys = self.unique.get(index).into_iter().flatten();
        keys.any(|columns| columns.iter().all(is_equal))
    }

    /// The index that a history is read from.
    fn leaf(&self, node: &Value) -> String {
        let children = node["Plans"].as_array().into_iter().flatten();
        let mut leaves: Vec<_> = children.map(|child| self.leaf(child)).collect();
        leaves.retain(|leaf| !leaf.is_empty());
        let index = text(node, "Index Name");
        if !index.is_empty() {
            leaves.push(format!("{index} {}", text(node, "Index Cond")));
        }
        leaves.join(", ")
    }
}

/// Whether `filter` leaves out at most a list that was bound: with whom there is a block. These are
/// few beside the others.
fn leaves_out(filter: &str) -> bool {
    let conditions = filter.matches(" AND ").count() + usize::from(!filter.is_empty());
    filter.matches(" <> ALL (").count() == conditions
}

/// Whether `child` is read only until `node`, which itself `stops`, has enough rows.
fn stops_at(node: &Value, child: &Value, stops: bool) -> bool {
    match text(child, "Parent Relationship") {
        // One row tells that there is one.
        "SubPlan" | "InitPlan" => !text(child, "Subplan Name").starts_with("CTE "),
        "Inner" if ["Semi", "Anti"].contains(&text(node, "Join Type")) => true,
        _ => match text(node, "Node Type") {
            "Limit" => true,
            "Sort" | "Incremental Sort" | "Aggregate" | "Hash" | "ModifyTable" | "SetOp" => false,
            _ => stops,
        },
    }
}

fn text<'n>(node: &'n Value, name: &str) -> &'n str {
    node[name].as_str().unwrap_or_default()
}
