//! Which of the rows of a list are read.

use uuid::Uuid;

use crate::sql::Sql;

/// Which of a parent's children are meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Narrow {
    /// All of them.
    All,
    /// Those whose column has one of these values: each value is one range of the index.
    Segments(&'static str, Vec<String>),
    /// Those whose column is one of these ids.
    Among(&'static str, Vec<Uuid>),
    /// Those of the others whose column is none of these ids.
    Without(Box<Self>, &'static str, Vec<Uuid>),
}

impl Narrow {
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            Self::Segments(_, values) => values.is_empty(),
            Self::Without(others, ..) => others.is_nothing(),
            Self::All | Self::Among(..) => false,
        }
    }

    /// Whether it is the same for whoever asks.
    pub(super) fn is_for_all(&self) -> bool {
        matches!(self, Self::All | Self::Segments(..))
    }

    /// The same but for those whose `column` is one of `ids`. Without ids it is the same statement.
    pub fn without(self, column: &'static str, ids: &[Uuid]) -> Self {
        if ids.is_empty() {
            self
        } else {
            Self::Without(Box::new(self), column, ids.to_vec())
        }
    }

    /// One condition for each range of the index that is read.
    pub(super) fn ranges(&self, sql: &mut Sql) -> Vec<String> {
        match self {
            Self::All => vec![String::new()],
            Self::Segments(column, values) => values
                .iter()
                .map(|value| format!(" AND {column} = {}", sql.bind(value.as_str())))
                .collect(),
            Self::Among(column, ids) => vec![format!(" AND {}", sql.among(column, ids))],
            Self::Without(others, column, ids) => {
                let mut ranges = others.ranges(sql);
                let none_of = sql.none_of(column, ids);
                for range in &mut ranges {
                    range.push_str(&format!(" AND {none_of}"));
                }
                ranges
            }
        }
    }
}
