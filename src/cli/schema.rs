//! `ashiato schema`.

use std::path::PathBuf;

use super::output;
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
    output::write("the schema", &schema::sdl(), args.output.as_deref())
}
