//! Which pages of a statement are filled by reading past what does not belong to them.
//!
//! A plan of SQLite's does not name the conditions that no index knows. The statement does: of one
//! table, what is read until there are enough rows has no condition on a column that the plan's step
//! does not have, too.

use super::bounds::PASSED_OVER;

/// The conditions of `text` that can make a page a whole history, where that is how `steps` search:
/// those of them for which `one` holds find one row for a key.
pub fn passed_over(text: &str, steps: &[&str], one: impl Fn(&str) -> bool) -> Vec<String> {
    let text = text.replace('"', "");
    let mut steps: Vec<_> = steps.to_vec();
    let mut faults = Vec::new();
    for Part { table, columns } in parts(&text) {
        let of_table = |step: &str| step.split(' ').nth(1) == Some(table);
        let has_all = |step: &str| columns.iter().all(|column| has(step, column));
        let mut found = steps.iter();
        // Each step stands for one part.
        if let Some(place) = found.position(|step| of_table(step) && has_all(step)) {
            steps.remove(place);
        } else if let Some(step) = steps.iter().find(|step| of_table(step) && !one(step)) {
            faults.push(format!("{PASSED_OVER}, for a page by {columns:?}: {step}"));
        }
    }
    faults
}

fn has(step: &str, column: &str) -> bool {
    let names = step.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
    // The index's name has all its columns as one word.
    names.into_iter().any(|name| name == column)
}

/// What reads one table until there are enough rows.
#[derive(Debug, PartialEq)]
struct Part<'t> {
    table: &'t str,
    /// What its conditions are on, but for those that leave out a list that was bound.
    columns: Vec<&'t str>,
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<_> = part(text, false).into_iter().collect();
    for (place, _) in text.match_indices("(SELECT ") {
        let exists = text[..place].ends_with("EXISTS ");
        let query = &text[place + 1..];
        let end = closes(query).unwrap_or(query.len());
        parts.extend(part(&query[..end], exists));
    }
    parts
}

fn part(query: &str, exists: bool) -> Option<Part<'_>> {
    let whole = &query[..outer(query, " UNION ALL ").next().unwrap_or(query.len())];
    let from = outer(whole, " FROM ").next()?;
    let rest = &whole[from + " FROM ".len()..];
    let (table, conditions) = rest.split_once(" WHERE ")?;
    let table = table.split_once(" INDEXED BY ").map_or(table, |(it, _)| it);
    let table = table.split_once(" AS ").map_or(table, |(_, alias)| alias);
    let ends = outer(conditions, " ORDER BY ").chain(outer(conditions, " LIMIT "));
    let end = ends.min();
    let stops = exists || outer(conditions, " LIMIT ").next().is_some();
    if !stops || table.contains([' ', '(']) {
        return None;
    }
    let conditions = &conditions[..end.unwrap_or(conditions.len())];
    let mut columns = Vec::new();
    let mut start = 0;
    for end in outer(conditions, " AND ").chain([conditions.len()]) {
        let condition = &conditions[start..end];
        start = (end + " AND ".len()).min(conditions.len());
        if condition.starts_with("NOT ") && condition.contains("json_each(") {
            continue;
        }
        if condition.starts_with("EXISTS ") {
            columns.push("EXISTS");
            continue;
        }
        let named = condition.split(['=', '<', '>']).next().unwrap_or_default();
        let named = named.split(" IN ").next().unwrap_or_default();
        let words = named.split(|sign: char| !sign.is_alphanumeric() && sign != '_' && sign != '.');
        let words = words.filter(|word| !word.is_empty());
        columns.extend(words.map(|word| word.rsplit('.').next().unwrap_or(word)));
    }
    Some(Part { table, columns })
}

/// Where `part` stands in `text` outside of brackets.
fn outer<'t>(text: &'t str, part: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(part)
        .map(|(place, _)| place)
        .filter(|place| {
            let before = &text[..*place];
            before.matches('(').count() == before.matches(')').count()
        })
}

/// Where the bracket that `text` stands in is closed.
fn closes(text: &str) -> Option<usize> {
    let mut open = 1;
    text.char_indices().find_map(|(place, sign)| {
        open += match sign {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        (open == 0).then_some(place)
    })
}

#[test]
fn what_is_read_until_there_are_enough_rows_is_found() {
    let text = "SELECT t.a FROM (SELECT key AS n FROM json_each($1)) AS p CROSS JOIN things AS t \
        WHERE t.id IN (SELECT * FROM (SELECT id FROM things INDEXED BY i WHERE owner = p.k0 AND \
        kind = $2 AND NOT other IN (SELECT unhex(value) FROM json_each($3)) AND id > $4 \
        ORDER BY id DESC LIMIT $5) AS segment ORDER BY 1 DESC LIMIT $5) \
        AND EXISTS (SELECT 1 FROM blocks AS b WHERE b.user_id = t.owner AND b.other_id = $6)";
    let part = |table, columns: &[&'static str]| Part {
        table,
        columns: columns.to_vec(),
    };
    let found = [
        part("things", &["owner", "kind", "id"]),
        part("b", &["user_id", "other_id"]),
    ];
    assert_eq!(parts(text), found);
    let key = "SEARCH b USING PRIMARY KEY (user_id=? AND other_id=?)";
    let right = "SEARCH things USING INDEX i (owner=? AND kind=? AND id>?)";
    let wrong = "SEARCH things USING INDEX i (owner=? AND id>?)";
    let faults = |step, one: bool| passed_over(text, &[step, key], |_| one).len();
    assert_eq!(faults(right, false), 0);
    assert_eq!(faults(wrong, false), 1);
    assert_eq!(faults(wrong, true), 0);
}
