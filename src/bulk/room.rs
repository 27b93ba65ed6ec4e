//! Room for a load, and the tidying after it.

use sea_orm::{ConnectionTrait, Statement};

use crate::{app::App, rejection::Rejection};

/// Gives SQLite's writer room for a load: a cache that holds the indexes whose every page the rows
/// fall into, and a journal that is carried over to the database seldom. A commit is on disk as
/// ever.
///
/// # Errors
/// The database's.
pub async fn make(app: &App) -> Result<(), Rejection> {
    if app.database.is_postgres() {
        return Ok(());
    }
    run(
        app,
        "PRAGMA cache_size = -262144; PRAGMA wal_autocheckpoint = 32768",
    )
    .await
}

/// Takes back what [`make`] gave, for a service that goes on, and carries the whole journal over
/// to the database. PostgreSQL counts what came, so that it plans for it.
///
/// # Errors
/// The database's.
pub async fn clear(app: &App) -> Result<(), Rejection> {
    if app.database.is_postgres() {
        return run(app, "ANALYZE").await;
    }
    // The journal is carried over by the first commit after this that writes a page.
    run(
        app,
        "PRAGMA cache_size = -2000; PRAGMA wal_autocheckpoint = 1",
    )
    .await?;
    app.database
        .write(|tx| {
            Box::pin(async move {
                let backend = tx.sql.get_database_backend();
                let read = Statement::from_string(backend, "PRAGMA user_version");
                let version: i32 = match tx.sql.query_one_raw(read).await? {
                    Some(row) => row.try_get_by_index(0)?,
                    None => 0,
                };
                let again = format!("PRAGMA user_version = {version}");
                tx.sql.execute_unprepared(&again).await?;
                Ok(())
            })
        })
        .await?;
    run(app, "PRAGMA wal_autocheckpoint = 1000").await
}

async fn run(app: &App, statements: &'static str) -> Result<(), Rejection> {
    app.database
        .write(move |tx| {
            Box::pin(async move {
                tx.sql.execute_unprepared(statements).await?;
                Ok(())
            })
        })
        .await
}
