//! Writing many rows at once, for the demo and for imports.
//!
//! Rows go in with everything that counts and finds them, in one transaction: whatever moment a
//! load is broken off at, the tables agree with each other (see [`recount`]). A load is cut into
//! transactions of a fraction of a second, so that a running server's own mutations get their turn
//! between them. An empty PostgreSQL is filled otherwise: see [`whole`].
//!
//! Measured on 420,000 friendship rows of a real graph (release build, two busy cores): statements
//! of many rows with bound values took 1.0-1.8 s, the same rows as JSON through `json_each`
//! 2.2-2.6 s. Bound values are also written exactly as the service itself writes them.

pub mod artists;
pub mod brands;
pub mod catalogue;
mod copying;
mod counters;
pub mod diaries;
pub mod footprints;
pub mod groups;
pub mod introductions;
mod kept;
pub mod kiribans;
pub mod music;
pub mod notifications;
pub mod orders;
pub mod people;
pub mod photos;
pub mod recount;
pub mod rests;
pub mod reviews;
pub mod room;
pub mod target;
mod texts;
pub mod ties;
pub mod usage;
pub mod whole;

use std::{future::Future, sync::Arc};

use sea_orm::{ConnectionTrait, DbErr, EntityName, EntityTrait, Iden, Iterable, ModelTrait};

use crate::{app::App, error::Error, rejection::Rejection, sql::Sql};
use target::Target;
use whole::Whole;

/// Values of a statement: many enough to make the statement's own cost small, few enough to keep
/// its text short. (SQLite takes 32,766.)
const VALUES: usize = 4000;

/// What is written together with what counts and finds it.
pub trait Batch: Sized + Send + Sync + 'static {
    /// How many of these go into one transaction: some tenths of a second.
    const ROWS: usize;

    /// Writes `rows`.
    ///
    /// # Errors
    /// The database's.
    fn write(to: Target<'_>, rows: &[Self]) -> impl Future<Output = Result<(), DbErr>> + Send;
}

/// Writes `rows`, in transactions of some of them, and tells `done` how many each has written.
///
/// # Errors
/// The database's. What `done` was told of is on disk.
pub async fn write<B: Batch>(
    app: &App,
    rows: impl IntoIterator<Item = B, IntoIter: Send>,
    done: &(dyn Fn(usize) + Sync),
) -> Result<(), Rejection> {
    let mut rows = rows.into_iter();
    loop {
        let chunk: Arc<[B]> = rows.by_ref().take(B::ROWS).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let written = chunk.len();
        app.database
            .write(move |tx| {
                let chunk = chunk.clone();
                Box::pin(async move { Ok(B::write(tx.into(), &chunk).await?) })
            })
            .await?;
        done(written);
    }
}

/// As [`write()`], into a database that is filled at once: nothing is on disk before its end.
///
/// # Errors
/// Where it takes no more.
pub async fn pass<B: Batch>(
    whole: &Whole,
    rows: impl IntoIterator<Item = B, IntoIter: Send>,
    done: &(dyn Fn(usize) + Sync),
) -> Result<(), Rejection> {
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<B> = rows.by_ref().take(B::ROWS).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let written = B::write(whole.target(), &chunk).await;
        written.map_err(Error::from)?;
        done(chunk.len());
    }
}

/// Writes `rows` into their table with statements of many rows.
///
/// # Errors
/// The database's; a key that is there already among them.
pub async fn insert<M: ModelTrait>(db: &impl ConnectionTrait, rows: &[M]) -> Result<(), DbErr> {
    let columns: Vec<_> = <M::Entity as EntityTrait>::Column::iter().collect();
    let names: Vec<_> = columns.iter().map(|column| column.unquoted()).collect();
    let head = format!(
        "INSERT INTO {} ({}) VALUES ",
        M::Entity::default().table_name(),
        names.join(",")
    );
    for rows in rows.chunks((VALUES / columns.len().max(1)).max(1)) {
        let mut sql = Sql::of(db);
        let mut text = head.clone();
        for (index, row) in rows.iter().enumerate() {
            text.push_str(if index > 0 { ",(" } else { "(" });
            for (index, column) in columns.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                text.push_str(&sql.bind_in_order(row.get(*column)));
            }
            text.push(')');
        }
        sql.run(db, text).await?;
    }
    Ok(())
}
