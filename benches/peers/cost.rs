//! What a server and its database have used: processor time, and statements.

use anyhow::{Context, Result};
use procfs::process::{Process, all_processes};
use tokio_postgres::Client;

/// Processor time that was used, in seconds, and statements that were run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Of the server's process.
    pub server: f64,
    /// Of all processes of the database.
    pub database: f64,
    /// As the database counted them, without those that begin and end transactions.
    pub statements: i64,
}

impl std::ops::Sub for Cost {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            server: self.server - other.server,
            database: self.database - other.database,
            statements: self.statements - other.statements,
        }
    }
}

impl Cost {
    /// What `server` and the database whose first process is `postmaster` have used by now.
    ///
    /// # Errors
    /// Where a process has gone, or the database does not answer.
    pub async fn now(server: i32, postmaster: i32, db: &Client) -> Result<Self> {
        // Its own statements come first, so that both ends of a span count them alike.
        let text = "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements \
             WHERE query !~* '^(begin|commit|start|rollback|savepoint|release)' \
             AND query !~* 'pg_stat_statements'";
        let statements = db.query_one(text, &[]).await?.get(0);
        Ok(Self {
            server: seconds(&Process::new(server)?)?,
            database: tree(postmaster)?,
            statements,
        })
    }
}

/// With the children that have ended, and were waited for.
fn seconds(process: &Process) -> Result<f64> {
    let stat = process.stat()?;
    let ended = u64::try_from(stat.cutime + stat.cstime)?;
    let ticks = stat.utime + stat.stime + ended;
    #[expect(clippy::cast_precision_loss, reason = "ticks of a benchmark are few")]
    let seconds = ticks as f64 / procfs::ticks_per_second() as f64;
    Ok(seconds)
}

fn tree(root: i32) -> Result<f64> {
    let mut sum = 0.0;
    for process in all_processes().context("processes cannot be read")? {
        let Ok(process) = process else { continue };
        let Ok(stat) = process.stat() else { continue };
        if stat.pid == root || stat.ppid == root {
            sum += seconds(&process).unwrap_or_default();
        }
    }
    Ok(sum)
}
