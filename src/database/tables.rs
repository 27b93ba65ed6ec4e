//! The steps that make the tables: which were taken, and taking those that are missing.
//!
//! Whoever starts first takes them, in one transaction under a lock; the others wait and find them
//! taken.

use std::collections::BTreeSet;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use super::{postgres, shards};
use crate::{error::Error, sql::Sql};

/// The key of the advisory lock on PostgreSQL. (SQLite has one writer.)
const MIGRATING: i64 = 0x6173_6869_6174_6f00;
/// How often SQLite is asked again that another process migrates: a minute in all, at the second
/// that it waits for a lock itself. (PostgreSQL has the advisory lock to wait for.)
const TRIES: u32 = 60;

/// The steps that a database has taken, against those that this program knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Known and taken, oldest first.
    pub taken: Vec<String>,
    /// Known and not taken, oldest first.
    pub missing: Vec<String>,
    /// Taken and not known: a newer program was here.
    pub unknown: Vec<String>,
}

impl Steps {
    /// Reads which steps were taken. Changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn read(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let mut taken = BTreeSet::new();
        if there(db).await? {
            let text = "SELECT version FROM seaql_migrations";
            for row in Sql::of(db).rows(db, text).await? {
                taken.insert(row.try_get_by_index::<String>(0)?);
            }
        }
        let mut steps = Self::default();
        for step in Migrator::migrations() {
            let name = step.name().to_owned();
            if taken.remove(&name) {
                steps.taken.push(name);
            } else {
                steps.missing.push(name);
            }
        }
        steps.unknown.extend(taken);
        Ok(steps)
    }

    /// Refuses tables that a newer program made.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn refuse_newer(&self) -> anyhow::Result<()> {
        if let Some(newest) = self.unknown.last() {
            anyhow::bail!(
                "the database was made by a newer Ashiato, which took the step `{newest}` that \
                 this one does not know. Run that one, or restore a backup of before"
            );
        }
        Ok(())
    }

    /// Refuses tables that are not those of this program.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn refuse_other(&self) -> anyhow::Result<()> {
        self.refuse_newer()?;
        if let Some(oldest) = self.missing.first() {
            anyhow::bail!(
                "the database is older than this Ashiato: it has not taken the step `{oldest}`. \
                 Run `ashiato migrate up`, or leave out --no-migrate"
            );
        }
        Ok(())
    }
}

async fn there(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let sql = Sql::of(db);
    let text = if sql.is_postgres() {
        "SELECT to_regclass('seaql_migrations') IS NOT NULL"
    } else {
        "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'seaql_migrations')"
    };
    match sql.rows(db, text).await?.first() {
        Some(row) => row.try_get_by_index(0),
        None => Ok(false),
    }
}

/// Takes the missing steps. Says which they were. Where the tables are spread over a cluster, so are
/// those that the steps make.
///
/// # Errors
/// A sentence for tables that a newer program made; the database's.
pub async fn up(db: &DatabaseConnection) -> anyhow::Result<Vec<String>> {
    let steps = Steps::read(db).await?;
    if steps.missing.is_empty() {
        steps.refuse_newer()?;
        return Ok(Vec::new());
    }
    let tx = alone(db).await?;
    let steps = Steps::read(&tx).await?;
    steps.refuse_newer()?;
    let spread = shards::is_spread(&tx).await?;
    if spread {
        // One shard after the other: what a step begins it can then go on with.
        let text = "SET LOCAL citus.multi_shard_modify_mode = 'sequential'";
        tx.execute_unprepared(text).await?;
    }
    Migrator::up(&tx, None).await?;
    if spread {
        shards::distribute(&tx).await?;
    }
    tx.commit().await?;
    Ok(steps.missing)
}

/// Takes back the last `count` steps, with everything that stands in their tables. Says which they
/// were.
///
/// # Errors
/// As [`up`].
pub async fn down(db: &DatabaseConnection, count: u32) -> anyhow::Result<Vec<String>> {
    let tx = alone(db).await?;
    let mut steps = Steps::read(&tx).await?;
    steps.refuse_newer()?;
    Migrator::down(&tx, Some(count)).await?;
    tx.commit().await?;
    let kept = steps
        .taken
        .len()
        .saturating_sub(usize::try_from(count).unwrap_or(usize::MAX));
    let mut taken_back = steps.taken.split_off(kept);
    taken_back.reverse();
    Ok(taken_back)
}

/// A transaction while no other process changes the tables.
async fn alone(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let mut tries = 1;
    let tx = loop {
        match db.begin_with_options(options).await {
            // It is held by another, which may well be taking the steps.
            Err(error) if tries < TRIES && is_held(db, &error) => tries += 1,
            begun => break begun?,
        }
    };
    if Sql::of(&tx).is_postgres() {
        postgres::lock(&tx, MIGRATING).await?;
    }
    Ok(tx)
}

fn is_held(db: &DatabaseConnection, error: &DbErr) -> bool {
    !Sql::of(db).is_postgres() && matches!(Error::from(error.clone()), Error::Unavailable(_))
}
