//! Rows, read by the places of their columns: to look each up by its name, and to ask of what type it
//! is, was a quarter of what a page of a list cost the server.

use chrono::{DateTime, NaiveDate, Utc};
use entity::payment_values::{EndingWay, LedgerKind, OrderState};
use entity::values::{
    Audience, AuditAct, CatalogueKind, Device, ExportState, FootprintPolicy, HomeRegion,
    NotificationKind, PhotoFormat, PhotoState, ReportReason, ReportState, RequestDirection, Role,
    Sex, UserKind, VisitOrigin,
};
use sea_orm::{
    ActiveEnum, DbErr, QueryResult, RuntimeErr,
    sqlx::{Decode, Postgres, Row as _, Sqlite},
};
use uuid::Uuid;

/// What a statement's row is read as. The macro `row` makes it.
pub trait Row: Sized + Send {
    /// The names of its columns, in their order.
    const COLUMNS: &'static [&'static str];

    /// Reads a row that has these columns, in this order.
    ///
    /// # Errors
    /// Where one holds what is not of its type.
    fn read(cells: &mut Cells<'_>) -> Result<Self, DbErr>;
}

/// What a column is read as.
pub trait Cell: Sized {
    /// Reads the column at `place` of `row`.
    ///
    /// # Errors
    /// Where it holds something else.
    fn read(row: &QueryResult, place: usize) -> Result<Self, DbErr>;
}

/// The columns of a row, one after the other.
pub struct Cells<'r> {
    row: &'r QueryResult,
    place: usize,
}

impl<'r> Cells<'r> {
    /// All of `row`.
    pub fn of(row: &'r QueryResult) -> Self {
        Self { row, place: 0 }
    }

    /// The next.
    ///
    /// # Errors
    /// Where it is not a `T`, or there is none.
    pub fn one<T: Cell>(&mut self) -> Result<T, DbErr> {
        let cell = T::read(self.row, self.place);
        self.place += 1;
        cell
    }
}

/// As the driver has it, which is not asked whether the column's type is the one that the table's step
/// gave it.
fn decoded<'r, T>(row: &'r QueryResult, place: usize) -> Result<T, DbErr>
where
    T: Decode<'r, Postgres> + Decode<'r, Sqlite>,
{
    let cell = match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
        (Some(row), _) => row.try_get_unchecked(place),
        (None, Some(row)) => row.try_get_unchecked(place),
        (None, None) => return Err(DbErr::Custom("a row of no database".to_owned())),
    };
    cell.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))
}

macro_rules! cells {
    ($($type:ty),*) => {$(
        impl Cell for $type {
            fn read(row: &QueryResult, place: usize) -> Result<Self, DbErr> {
                // SQLite's driver would give a null as an empty text, or 0.
                let cell: Option<Self> = decoded(row, place)?;
                cell.ok_or_else(|| DbErr::Type(format!("column {place} has nothing")))
            }
        }

        impl Cell for Option<$type> {
            fn read(row: &QueryResult, place: usize) -> Result<Self, DbErr> {
                decoded(row, place)
            }
        }
    )*};
}

cells!(
    Uuid,
    String,
    bool,
    i32,
    i64,
    NaiveDate,
    DateTime<Utc>,
    Vec<u8>
);

macro_rules! enums {
    ($($type:ty),*) => {$(
        impl Cell for $type {
            fn read(row: &QueryResult, place: usize) -> Result<Self, DbErr> {
                Self::try_from_value(&String::read(row, place)?)
            }
        }

        impl Cell for Option<$type> {
            fn read(row: &QueryResult, place: usize) -> Result<Self, DbErr> {
                let value = Option::<String>::read(row, place)?;
                value.map(|value| <$type>::try_from_value(&value)).transpose()
            }
        }
    )*};
}

enums!(
    Audience,
    AuditAct,
    CatalogueKind,
    Device,
    EndingWay,
    ExportState,
    FootprintPolicy,
    HomeRegion,
    LedgerKind,
    NotificationKind,
    OrderState,
    PhotoFormat,
    PhotoState,
    ReportReason,
    ReportState,
    RequestDirection,
    Role,
    Sex,
    UserKind,
    VisitOrigin
);

/// Says that rows are read as `$row`, a column for each of its fields, which bear the columns' names.
macro_rules! row {
    ($($row:ty { $($field:ident),* $(,)? })*) => {$(
        impl $crate::sql::Row for $row {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];

            fn read(cells: &mut $crate::sql::Cells<'_>) -> Result<Self, sea_orm::DbErr> {
                // In the order in which they are written.
                Ok(Self { $($field: cells.one()?),* })
            }
        }
    )*};
}
pub(crate) use row;
