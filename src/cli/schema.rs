//! `ashiato schema`.

use std::{io::Write, path::PathBuf};

use anyhow::Context;

use crate::{config::DatabaseArgs, graphql::schema};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to write it to, in place of standard output
    #[arg(long, short, env = "ASHIATO_SCHEMA_OUTPUT")]
    output: Option<PathBuf>,
    /// Taken as every subcommand takes it; the schema is the same whatever the database.
    #[command(flatten)]
    _database: DatabaseArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let sdl = schema::sdl();
    match &args.output {
        Some(file) => std::fs::write(file, sdl)
            .with_context(|| format!("cannot write the schema to {}", file.display())),
        None => std::io::stdout()
            .write_all(sdl.as_bytes())
            .context("cannot write the schema"),
    }
}
