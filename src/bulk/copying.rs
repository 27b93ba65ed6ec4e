//! Rows in PostgreSQL's binary format, on their way through `COPY`.
//!
//! The format is that of PostgreSQL's manual, "COPY", "Binary Format".

mod texts;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate};
use sea_orm::{
    DbErr, EntityName, EntityTrait, Iden, Iterable, ModelTrait, PrimaryKeyToColumn, Value,
};
use tokio::sync::mpsc::Sender;
use uuid::Uuid;

use super::kept::{Kept, Key};

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// No flags, no header extension.
const HEADER: [u8; 8] = [0; 8];
const END: i16 = -1;
/// The length of what is null.
const NULL: i32 = -1;

/// Rows of one table.
#[derive(Debug)]
pub(super) struct Piece {
    /// The statement that takes them.
    pub(super) statement: String,
    /// The rows.
    pub(super) rows: Vec<u8>,
}

/// What goes to a database that nobody else uses: rows as they come; counters once what they count
/// is written, with the rows that hold them.
#[derive(Debug)]
pub struct Copying {
    pieces: Sender<Piece>,
    tables: Mutex<HashMap<&'static str, Table>>,
}

/// What is known of a table.
#[derive(Debug, Default)]
struct Table {
    /// Whether rows of it are on their way: what they say stands.
    gone: bool,
    kept: Kept,
}

impl Copying {
    pub(super) fn new(pieces: Sender<Piece>) -> Self {
        Self {
            pieces,
            tables: Mutex::default(),
        }
    }

    /// Changes the counters of `table`, whose rows come later.
    ///
    /// # Errors
    /// Where rows of it are on their way already.
    pub(super) fn count<T>(
        &self,
        table: &'static str,
        change: impl FnOnce(&mut Kept) -> T,
    ) -> Result<T, DbErr> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let known = tables.entry(table).or_default();
        if known.gone {
            return Err(DbErr::Custom(format!(
                "{table} was written before what it counts"
            )));
        }
        Ok(change(&mut known.kept))
    }

    /// Sends `rows`, with what was counted of them.
    ///
    /// # Errors
    /// Where nobody takes them any more; what stood against it, who took them says.
    pub(super) async fn insert<M: ModelTrait>(&self, rows: &[M]) -> Result<(), DbErr> {
        if rows.is_empty() {
            return Ok(());
        }
        let piece = self.piece(rows)?;
        self.send(piece).await
    }

    async fn send(&self, piece: Piece) -> Result<(), DbErr> {
        let sent = self.pieces.send(piece).await;
        sent.map_err(|_| DbErr::Custom("the load has ended".to_owned()))
    }

    fn piece<M: ModelTrait>(&self, rows: &[M]) -> Result<Piece, DbErr> {
        let table = M::Entity::default().table_name();
        let columns: Vec<_> = <M::Entity as EntityTrait>::Column::iter().collect();
        let names: Vec<_> = columns.iter().map(|column| column.unquoted()).collect();
        let width = i16::try_from(columns.len()).unwrap_or(i16::MAX);
        let mut bytes = Vec::with_capacity(rows.len() * columns.len() * 20);
        bytes.extend_from_slice(SIGNATURE);
        bytes.extend_from_slice(&HEADER);
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let known = tables.entry(table).or_default();
        known.gone = true;
        let kept = Some(&known.kept).filter(|kept| !kept.is_empty());
        for row in rows {
            let key = kept.map(|_| key_of(row));
            bytes.extend_from_slice(&width.to_be_bytes());
            for (column, name) in columns.iter().zip(&names) {
                let mut value = row.get(*column);
                if let (Value::Uuid(id @ None), Some(kept), Some(key)) = (&mut value, kept, key) {
                    *id = kept.id(key, name);
                }
                if let (Value::BigInt(Some(number)), Some(kept), Some(key)) =
                    (&mut value, kept, key)
                    && let Some(settled) = kept.settled(key, name, *number)
                {
                    *number = settled;
                }
                write(value, &mut bytes)?;
            }
        }
        bytes.extend_from_slice(&END.to_be_bytes());
        Ok(Piece {
            statement: format!(
                "COPY {table} ({}) FROM STDIN (FORMAT binary, FREEZE)",
                names.join(",")
            ),
            rows: bytes,
        })
    }
}

/// The primary key of `row`.
fn key_of<M: ModelTrait>(row: &M) -> Key {
    let mut key = [Uuid::nil(); 2];
    let columns = <M::Entity as EntityTrait>::PrimaryKey::iter();
    for (part, column) in key.iter_mut().zip(columns) {
        if let Value::Uuid(Some(id)) = row.get(column.into_column()) {
            *part = id;
        }
    }
    key
}

fn write(value: Value, bytes: &mut Vec<u8>) -> Result<(), DbErr> {
    match value {
        Value::Uuid(Some(id)) => field(id.as_bytes(), bytes),
        Value::BigInt(Some(number)) => field(&number.to_be_bytes(), bytes),
        Value::Int(Some(number)) => field(&number.to_be_bytes(), bytes),
        Value::Bool(Some(whether)) => field(&[u8::from(whether)], bytes),
        Value::String(Some(text)) => field(text.as_bytes(), bytes),
        Value::Bytes(Some(some)) => field(&some, bytes),
        Value::ChronoDateTimeUtc(Some(time)) => {
            let micros = (time - EPOCH).num_microseconds();
            let micros = micros.ok_or_else(|| DbErr::Custom(format!("{time} is too far away")))?;
            field(&micros.to_be_bytes(), bytes)
        }
        Value::ChronoDate(Some(day)) => {
            let days = (day - DAY_OF_EPOCH).num_days();
            let days = i32::try_from(days).map_err(|error| DbErr::Custom(error.to_string()))?;
            field(&days.to_be_bytes(), bytes)
        }
        Value::Uuid(None)
        | Value::BigInt(None)
        | Value::Int(None)
        | Value::Bool(None)
        | Value::String(None)
        | Value::Bytes(None)
        | Value::ChronoDateTimeUtc(None)
        | Value::ChronoDate(None) => {
            bytes.extend_from_slice(&NULL.to_be_bytes());
            Ok(())
        }
        other => Err(DbErr::Custom(format!("{other:?} is not copied"))),
    }
}

/// From when PostgreSQL counts microseconds.
const EPOCH: DateTime<chrono::Utc> = match DateTime::from_timestamp_secs(946_684_800) {
    Some(epoch) => epoch,
    None => DateTime::UNIX_EPOCH,
};
/// From when it counts days.
const DAY_OF_EPOCH: NaiveDate = EPOCH.naive_utc().date();

fn field(content: &[u8], bytes: &mut Vec<u8>) -> Result<(), DbErr> {
    let length = i32::try_from(content.len()).map_err(|error| DbErr::Custom(error.to_string()))?;
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(content);
    Ok(())
}
