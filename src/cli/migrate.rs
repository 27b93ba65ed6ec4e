//! `ashiato migrate`.

use clap::Subcommand;

use super::examples;
use crate::{
    config::DEFAULT_DATABASE_URL,
    database::{
        Place,
        shards::{bound_waits, distribute},
        tables::{self, Steps},
    },
};

/// Brings the tables up to date, back, or onto a cluster
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to do with the tables; to bring them up to date if nothing is said
    #[command(subcommand)]
    change: Option<Change>,
    /// Then spread the tables over the nodes of a Citus cluster
    #[arg(long, env = "ASHIATO_DISTRIBUTE")]
    distribute: bool,
    /// The database: sqlite://FILE, or postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(
        long,
        global = true,
        env = "ASHIATO_DATABASE_URL",
        hide_env_values = true,
        default_value = DEFAULT_DATABASE_URL
    )]
    database_url: String,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Change {
    /// Take the steps that are missing
    #[command(after_help = examples::MIGRATE_UP)]
    Up,
    /// Take back the last steps, with EVERYTHING that stands in their tables; that of the session
    /// tokens signs everybody out
    #[command(after_help = examples::MIGRATE_DOWN)]
    Down {
        /// How many
        #[arg(
            long,
            env = "ASHIATO_STEPS",
            default_value_t = 1,
            value_parser = clap::value_parser!(u32).range(1..)
        )]
        steps: u32,
        /// Yes, remove the tables
        #[arg(long, env = "ASHIATO_YES")]
        yes: bool,
    },
    /// Say which steps were taken
    #[command(after_help = examples::MIGRATE_STATUS)]
    Status,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<()> {
    let place = Place::new(&args.database_url);
    let change = args.change.unwrap_or(Change::Up);
    if !matches!(change, Change::Up) {
        anyhow::ensure!(
            place.file().is_none_or(std::path::Path::exists),
            "there is no database at `{place}`: name the server's with --database-url"
        );
    }
    let db = place.connect_to_migrate().await?;
    match change {
        Change::Up => {
            for step in tables::up(&db).await? {
                println!("took {step}");
            }
            println!("The tables of {place} are up to date.");
        }
        Change::Down { steps, yes } => {
            anyhow::ensure!(
                yes,
                "taking back a step removes its tables with everything in them, and that of the \
                 session tokens signs everybody out. Make a backup, then say --yes"
            );
            for step in tables::down(&db, steps).await? {
                println!("took back {step}");
            }
        }
        Change::Status => print(&Steps::read(&db).await?),
    }
    if args.distribute {
        let spread = distribute(&db).await?;
        if spread.is_some() {
            bound_waits(&db).await?;
        }
        match spread {
            None => println!("{place} is no Citus cluster: nothing was spread."),
            Some(spread) if spread.is_empty() => println!("All tables are spread already."),
            Some(spread) => println!("Spread {}.", spread.join(", ")),
        }
    }
    db.close().await?;
    Ok(())
}

fn print(steps: &Steps) {
    for (said, names) in [
        ("taken  ", &steps.taken),
        ("missing", &steps.missing),
        ("unknown", &steps.unknown),
    ] {
        for name in names {
            println!("{said} {name}");
        }
    }
}
