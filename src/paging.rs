//! Connections: pages of a list, from a cursor, as the Relay specification asks.
//!
//! Every list is read by keyset: a cursor is the position of a row in the list's order, so that
//! page one thousand costs what page one costs.

mod connection;
mod counts;
mod first;
mod keyed;
mod look_up;
mod narrow;
mod statement;

use std::sync::Arc;

use async_graphql::{InputType, SelectionField};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::Value;
use uuid::Uuid;

use crate::error::{Error, text::service::ServiceText};
pub(crate) use connection::connection;
pub use connection::{PageInfo, int};
pub use counts::count_among;
pub use first::First;
pub use keyed::{by_keys, by_keys_as};
pub use look_up::LookUp;
pub use narrow::Narrow;
pub use statement::{List, brief, children, columns, merged};

/// How many nodes a page has where neither `first` nor `last` is given.
pub const DEFAULT_PAGE: i32 = 20;
/// The most nodes of a page.
pub const MAX_PAGE: i32 = 100;

/// A position in a list's order: what a cursor holds.
pub trait Position:
    Clone + PartialEq + Eq + std::hash::Hash + std::fmt::Debug + Send + Sync + 'static
{
    /// Before every row.
    fn least() -> Self;
    /// After every row.
    fn greatest() -> Self;
    /// For a statement.
    fn value(&self) -> Value;
    /// For a cursor.
    fn bytes(&self) -> Vec<u8>;
    /// From a cursor.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl Position for Uuid {
    fn least() -> Self {
        Self::nil()
    }
    fn greatest() -> Self {
        Self::max()
    }
    fn value(&self) -> Value {
        (*self).into()
    }
    fn bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_slice(bytes).ok()
    }
}

impl Position for i64 {
    fn least() -> Self {
        Self::MIN
    }
    fn greatest() -> Self {
        Self::MAX
    }
    fn value(&self) -> Value {
        (*self).into()
    }
    fn bytes(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

/// A position by name, then id: the order of a search.
impl Position for (String, Uuid) {
    fn least() -> Self {
        (String::new(), Uuid::nil())
    }
    fn greatest() -> Self {
        (char::MAX.to_string(), Uuid::max())
    }
    fn value(&self) -> Value {
        self.0.clone().into()
    }
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.1.as_bytes().to_vec();
        bytes.extend_from_slice(self.0.as_bytes());
        bytes
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, name) = bytes.split_at_checked(16)?;
        let name = String::from_utf8(name.to_vec()).ok()?;
        // No name has one, and PostgreSQL takes none.
        (!name.contains('\0')).then_some((name, Uuid::from_slice(id).ok()?))
    }
}

/// A position by rank, greatest first, then id.
impl Position for (i64, Uuid) {
    fn least() -> Self {
        (i64::MAX, Uuid::nil())
    }
    fn greatest() -> Self {
        (i64::MIN, Uuid::max())
    }
    fn value(&self) -> Value {
        self.0.into()
    }
    fn bytes(&self) -> Vec<u8> {
        [self.0.to_be_bytes().as_slice(), self.1.as_bytes()].concat()
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (rank, id) = bytes.split_at_checked(8)?;
        Some((i64::from_bytes(rank)?, Uuid::from_slice(id).ok()?))
    }
}

/// The cursor of `position` in the lists that bear `tag`.
pub fn cursor(tag: u8, position: &impl Position) -> String {
    let mut bytes = vec![tag];
    bytes.extend(position.bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a cursor of the lists that bear `tag`.
///
/// # Errors
/// [`Error::InvalidCursor`] where no list with this tag gave it.
pub fn position<P: Position>(tag: u8, cursor: &str) -> Result<P, Error> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| match bytes.split_first() {
            Some((first, rest)) if *first == tag => P::from_bytes(rest),
            _ => None,
        })
        .ok_or(Error::InvalidCursor)
}

/// The arguments of a connection, as the client gave them.
#[derive(Clone, Debug, Default)]
pub struct PageArgs {
    /// The first so many.
    pub first: Option<i32>,
    /// After this cursor.
    pub after: Option<String>,
    /// The last so many.
    pub last: Option<i32>,
    /// Before this cursor.
    pub before: Option<String>,
}

impl PageArgs {
    /// The arguments of a connection that is read forwards only.
    pub fn forward(first: Option<i32>, after: Option<String>) -> Self {
        Self {
            first,
            after,
            ..Self::default()
        }
    }

    /// Those of `field`; None where one is of no type that it can have.
    pub fn of(field: &SelectionField<'_>) -> Option<Self> {
        let mut args = Self::default();
        for (name, value) in field.arguments().ok()? {
            match name.as_str() {
                "first" => args.first = argument(value)?,
                "after" => args.after = argument(value)?,
                "last" => args.last = argument(value)?,
                "before" => args.before = argument(value)?,
                _ => {}
            }
        }
        Some(args)
    }

    /// Checks the arguments against the list that bears `tag`.
    ///
    /// # Errors
    /// [`Error::InvalidPage`] where `first` or `last` are not 1-100 or both are given (never a
    /// silent clamp), [`Error::InvalidCursor`] where a cursor is not one of this list's.
    pub fn page<P: Position>(&self, tag: u8) -> Result<Page<P>, Error> {
        let (limit, backwards) = match (self.first, self.last) {
            (Some(_), Some(_)) => {
                return Err(Error::InvalidPage(ServiceText::FirstAndLast));
            }
            (None, None) => (DEFAULT_PAGE, false),
            (Some(first), None) => (within("first", first)?, false),
            (None, Some(last)) => (within("last", last)?, true),
        };
        let read = |cursor: &Option<String>| {
            cursor
                .as_deref()
                .map(|cursor| position(tag, cursor))
                .transpose()
        };
        Ok(Page {
            limit,
            backwards,
            after: read(&self.after)?,
            before: read(&self.before)?,
            texts: true,
        })
    }
}

fn argument<T: InputType>(value: async_graphql::Value) -> Option<T> {
    T::parse(Some(value)).ok()
}

fn within(argument: &'static str, size: i32) -> Result<i32, Error> {
    if (1..=MAX_PAGE).contains(&size) {
        Ok(size)
    } else {
        Err(Error::InvalidPage(ServiceText::PageSize {
            argument,
            minimum: 1,
            limit: MAX_PAGE,
            given: size,
        }))
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page<P> {
    /// The most rows, 1-100.
    pub limit: i32,
    /// Whether the last rows are asked for, not the first.
    pub backwards: bool,
    /// Rows after this one.
    pub after: Option<P>,
    /// Rows before this one.
    pub before: Option<P>,
    /// Whether the rows' long texts are read, too.
    pub texts: bool,
}

impl Page<Uuid> {
    /// This page of `rows`, which are all there are, newest first.
    pub fn cut<'r, R: Clone + 'r>(
        &self,
        rows: impl DoubleEndedIterator<Item = &'r R>,
        id_of: impl Fn(&R) -> Uuid,
    ) -> Slice<R> {
        let below = self.before.unwrap_or_else(Uuid::least);
        let above = self.after.unwrap_or_else(Uuid::greatest);
        let rows = rows.filter(|row| id_of(row) > below && id_of(row) < above);
        let most = usize::try_from(self.limit).unwrap_or(0) + 1;
        let rows: Vec<R> = if self.backwards {
            rows.rev().take(most).cloned().collect()
        } else {
            rows.take(most).cloned().collect()
        };
        // As of whom a statement finds nothing.
        if rows.is_empty() {
            return Slice::default();
        }
        Slice::new(rows, self)
    }
}

impl<P> Page<P> {
    /// The same page, whose long texts are read only where `texts` are asked for.
    pub fn with_texts(self, texts: bool) -> Self {
        Self { texts, ..self }
    }
}

/// A page's rows, in the list's order.
#[derive(Clone, Debug)]
pub struct Slice<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// Whether there are rows before the first.
    pub has_previous: bool,
    /// Whether there are rows after the last.
    pub has_next: bool,
}

impl<R> Default for Slice<R> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            has_previous: false,
            has_next: false,
        }
    }
}

impl<R> Slice<R> {
    /// The same page of rows that are shared, not copied.
    pub fn shared(self) -> Slice<Arc<R>> {
        self.filter_map(|row| Some(Arc::new(row)))
    }

    /// Makes a page of `rows`, read in the direction of `page` with one row more than its limit.
    pub fn new<P>(mut rows: Vec<R>, page: &Page<P>) -> Self {
        let limit = usize::try_from(page.limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        if page.backwards {
            rows.reverse();
            Self {
                rows,
                has_previous: more,
                has_next: page.before.is_some(),
            }
        } else {
            Self {
                rows,
                has_previous: page.after.is_some(),
                has_next: more,
            }
        }
    }

    /// The same page of other things; what `make` has nothing for is left out.
    pub fn filter_map<T>(self, make: impl FnMut(R) -> Option<T>) -> Slice<T> {
        Slice {
            rows: self.rows.into_iter().filter_map(make).collect(),
            has_previous: self.has_previous,
            has_next: self.has_next,
        }
    }
}
