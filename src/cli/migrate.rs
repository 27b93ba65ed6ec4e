//! `ashiato migrate`.

use crate::{config::DatabaseArgs, database::Database, events::Events};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<()> {
    let url = &args.database.database_url;
    let database = Database::open(url, Events::default(), None).await?;
    database.close().await;
    println!("The tables of {url} are up to date.");
    Ok(())
}
