//! `ashiato backup` and `ashiato restore`.

use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    config::DatabaseArgs,
    database::backup::{backup, restore},
    secrets::beside::file_beside,
};

/// Copies the SQLite database into a file, while the service runs
#[derive(Debug, clap::Args)]
pub(super) struct BackupArgs {
    /// The file to make
    file: PathBuf,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Puts a backup in the place of the SQLite database
#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// The backup
    file: PathBuf,
    /// Yes, in the place of the database that is there, with everything in it
    #[arg(long, env = "ASHIATO_REPLACE")]
    replace: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) async fn run_backup(args: &BackupArgs) -> anyhow::Result<()> {
    let place = args.database.place();
    let style = ProgressStyle::with_template("copying [{bar:40}] {bytes} of {total_bytes}")?;
    let bar = ProgressBar::new(0).with_style(style);
    backup(&place, &args.file, &bar).await?;
    println!("Copied {place} into {}.", args.file.display());
    if let Some(keys) = place.file().map(file_beside).filter(|keys| keys.exists()) {
        let keys = keys.display();
        println!(
            "The secret keys in {keys} are not in it: keep a copy of that file, apart from it."
        );
    }
    Ok(())
}

pub(super) async fn run_restore(args: &RestoreArgs) -> anyhow::Result<()> {
    let place = args.database.place();
    restore(&place, &args.file, args.replace).await?;
    println!("{} stands at {place} now.", args.file.display());
    Ok(())
}
