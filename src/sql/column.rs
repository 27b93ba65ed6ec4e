//! Lists that a statement reads as a table, a column each.

use std::fmt::Write;

use sea_orm::{Value, sea_query::ArrayType};
use uuid::Uuid;

use super::{array, ids_array};

/// One column of a list that a statement reads as a table.
#[derive(Clone, Debug)]
pub enum Column {
    /// Ids.
    Ids(Vec<Uuid>),
    /// Numbers.
    Numbers(Vec<i64>),
    /// Texts.
    Texts(Vec<String>),
    /// Bytes.
    Bytes(Vec<Vec<u8>>),
}

impl Column {
    pub(super) fn into_array(self) -> Value {
        match self {
            Self::Ids(ids) => ids_array(ids),
            Self::Numbers(numbers) => {
                array(ArrayType::BigInt, numbers.into_iter().map(Value::from))
            }
            Self::Texts(texts) => array(ArrayType::String, texts.into_iter().map(Value::from)),
            Self::Bytes(values) => array(ArrayType::Bytes, values.into_iter().map(Value::from)),
        }
    }

    /// Writes the value of `row` as JSON.
    fn write_json(&self, row: usize, json: &mut String) {
        // Writing to a String cannot fail.
        let _ = match self {
            Self::Ids(ids) => ids.get(row).map(|id| write!(json, "\"{}\"", id.simple())),
            Self::Numbers(numbers) => numbers.get(row).map(|number| write!(json, "{number}")),
            Self::Texts(texts) => texts
                .get(row)
                .map(|text| write!(json, "{}", serde_json::Value::from(text.as_str()))),
            Self::Bytes(values) => values.get(row).map(|bytes| {
                json.push('"');
                bytes
                    .iter()
                    .try_for_each(|byte| write!(json, "{byte:02x}"))?;
                json.push('"');
                Ok(())
            }),
        };
    }

    fn len(&self) -> usize {
        match self {
            Self::Ids(ids) => ids.len(),
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
            Self::Bytes(values) => values.len(),
        }
    }
}

/// One array a row.
pub(super) fn json_rows(columns: &[(&str, Column)]) -> String {
    let rows = columns.iter().map(|(_, column)| column.len()).max();
    let mut json = String::from("[");
    for row in 0..rows.unwrap_or(0) {
        json.push_str(if row > 0 { ",[" } else { "[" });
        for (place, (_, column)) in columns.iter().enumerate() {
            if place > 0 {
                json.push(',');
            }
            column.write_json(row, &mut json);
        }
        json.push(']');
    }
    json.push(']');
    json
}
