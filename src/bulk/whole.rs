//! Filling an empty PostgreSQL at once, for communities of millions.
//!
//! Everything is one transaction: broken off at any moment, it leaves nothing behind. It takes the
//! indexes and keys away, lets the rows through by `COPY` while the next ones are made, and builds the
//! indexes over what is there, with PostgreSQL's own parallel workers. The tables are emptied in the
//! same transaction, so the rows come frozen, and without a log where `wal_level` is `minimal`.
//! Meanwhile nobody else reads or writes: there is nobody yet who could.

use sea_orm::{
    DbErr,
    sqlx::{AssertSqlSafe, Connection, Error, PgConnection, Row, raw_sql},
};
use tokio::{
    sync::mpsc::{Receiver, channel},
    task::JoinHandle,
};

use super::{
    copying::{Copying, Piece},
    target::Target,
};
use crate::database::{
    Database,
    shards::{Lies, TABLES},
};

/// Pieces that wait: some megabytes each.
const WAITING: usize = 4;
/// What an index is sorted in.
const MEMORY: &str = "1GB";

/// A load of an empty database.
#[derive(Debug)]
pub struct Whole {
    copying: Copying,
    taker: JoinHandle<Result<PgConnection, Error>>,
    /// What was taken away, and comes back.
    rest: Vec<Rebuilt>,
}

/// An index or a key that is built again.
#[derive(Debug)]
struct Rebuilt {
    name: String,
    statement: String,
}

impl Whole {
    /// Begins one. None where the database cannot be filled so: on SQLite, on Citus, and where
    /// anything is there but a catalogue.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin(database: &Database) -> Result<Option<Self>, DbErr> {
        let Some(db) = database.to_fill().await.map_err(said)? else {
            return Ok(None);
        };
        begin(db).await.map_err(said)
    }

    /// Where the rows go: those that hold counters after those that are counted.
    pub fn target(&self) -> Target<'_> {
        Target::Whole(&self.copying)
    }

    /// Builds what finds the rows, and tells `building` of each before; then commits.
    ///
    /// # Errors
    /// The database's. Then nothing was written.
    pub async fn finish(self, building: &(dyn Fn(&str) + Sync)) -> Result<(), DbErr> {
        let mut db = self.taken().await?;
        for Rebuilt { name, statement } in db.1 {
            building(&name);
            run(&mut db.0, statement).await.map_err(said)?;
        }
        building("on disk");
        run(&mut db.0, "COMMIT".to_owned()).await.map_err(said)?;
        db.0.close().await.map_err(said)
    }

    /// Ends without having written anything. Says what stood against the rows, if that was the
    /// database.
    pub async fn give_up(self) -> Option<DbErr> {
        match self.taken().await {
            Ok((db, _)) => db.close().await.err().map(said),
            Err(error) => Some(error),
        }
    }

    /// The connection once every row was taken, and what comes then.
    async fn taken(self) -> Result<(PgConnection, Vec<Rebuilt>), DbErr> {
        // The end of the pieces is what it waits for.
        drop(self.copying);
        let taken = self
            .taker
            .await
            .map_err(|error| DbErr::Custom(error.to_string()))?;
        Ok((taken.map_err(said)?, self.rest))
    }
}

async fn begin(mut db: PgConnection) -> Result<Option<Whole>, Error> {
    let tables: Vec<_> = TABLES
        .iter()
        .filter(|(_, lies)| *lies != Lies::Everywhere)
        .map(|(table, _)| *table)
        // It refuses to be emptied, empty as it is.
        .filter(|table| *table != "audit_log")
        .collect();
    let all = tables.join(", ");
    run(
        &mut db,
        format!("BEGIN; LOCK TABLE {all} IN ACCESS EXCLUSIVE MODE"),
    )
    .await?;
    let there: Vec<_> = tables
        .iter()
        .map(|table| format!("EXISTS (SELECT FROM {table})"))
        .collect();
    let text = format!("SELECT {}", there.join(" OR "));
    let row = raw_sql(AssertSqlSafe(text)).fetch_one(&mut db).await?;
    if row.try_get(0)? {
        db.close().await?;
        return Ok(None);
    }
    let taken_away = taken_away(&mut db, &tables).await?;
    let drops: Vec<_> = taken_away.iter().map(|(drop, _)| drop.as_str()).collect();
    let prepare = format!(
        "TRUNCATE {all}; {}; SET LOCAL maintenance_work_mem = '{MEMORY}'",
        drops.join("; ")
    );
    run(&mut db, prepare).await?;
    let (pieces, waiting) = channel(WAITING);
    // They were taken away from the outermost to the innermost.
    let mut rest: Vec<_> = taken_away.into_iter().map(|(_, rebuilt)| rebuilt).collect();
    rest.reverse();
    // References are checked by plans that know how many rows there are.
    let references = rest
        .iter()
        .position(|rebuilt| rebuilt.statement.contains("FOREIGN KEY"));
    rest.insert(
        references.unwrap_or(rest.len()),
        Rebuilt {
            name: "what there is of everything".to_owned(),
            statement: format!("ANALYZE {all}"),
        },
    );
    Ok(Some(Whole {
        copying: Copying::new(pieces),
        taker: tokio::spawn(take(db, waiting)),
        rest,
    }))
}

/// The statements that take the references, keys and indexes of `tables` away, in this order, each with
/// what builds it again.
async fn taken_away(
    db: &mut PgConnection,
    tables: &[&str],
) -> Result<Vec<(String, Rebuilt)>, Error> {
    let tables: Vec<_> = tables
        .iter()
        .map(|table| format!("'{table}'::regclass"))
        .collect();
    let tables = tables.join(", ");
    let text = format!(
        "SELECT name, away, again FROM ( \
         SELECT conname::text AS name, CASE contype WHEN 'f' THEN 0 ELSE 2 END AS turn, \
         conrelid AS of_table, \
         format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS away, \
         format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, \
         pg_get_constraintdef(oid)) AS again \
         FROM pg_constraint WHERE conrelid IN ({tables}) AND contype IN ('f', 'p', 'u') \
         UNION ALL \
         SELECT indexrelid::regclass::text, 1, indrelid, \
         format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid) \
         FROM pg_index WHERE indrelid IN ({tables}) \
         AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f') \
         ) AS parts ORDER BY turn, of_table, name"
    );
    let rows = raw_sql(AssertSqlSafe(text)).fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let rebuilt = Rebuilt {
                name: row.try_get(0)?,
                statement: row.try_get(2)?,
            };
            Ok((row.try_get(1)?, rebuilt))
        })
        .collect()
}

/// Lets the rows through until no more come.
async fn take(mut db: PgConnection, mut pieces: Receiver<Piece>) -> Result<PgConnection, Error> {
    while let Some(piece) = pieces.recv().await {
        let mut copy = db.copy_in_raw(&piece.statement).await?;
        copy.send(piece.rows).await?;
        copy.finish().await?;
    }
    Ok(db)
}

async fn run(db: &mut PgConnection, text: String) -> Result<(), Error> {
    raw_sql(AssertSqlSafe(text)).execute(db).await?;
    Ok(())
}

fn said(error: Error) -> DbErr {
    DbErr::Exec(sea_orm::RuntimeErr::SqlxError(error.into()))
}
