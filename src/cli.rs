//! The command line: one file a subcommand.

pub mod admin;
mod backup;
mod completions;
mod demo;
mod doctor;
pub mod errors;
mod examples;
mod import;
mod migrate;
mod output;
mod schema;
mod serve;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use tokio::runtime::Runtime;

use crate::config::ServeArgs;

/// A GraphQL social graph service: users, friendships, diaries, reviews and footprints.
#[derive(Debug, Parser)]
#[command(
    name = "ashiato",
    version,
    args_conflicts_with_subcommands = true,
    after_help = examples::ASHIATO
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API (what happens without a subcommand)
    #[command(after_help = examples::SERVE)]
    Serve(Box<ServeArgs>),
    /// Say whether it could serve with the same flags and environment, and what to do where it could not
    #[command(after_help = examples::DOCTOR)]
    Doctor(Box<doctor::Args>),
    /// Change what a user is, or what they sign in with
    #[command(after_help = examples::ADMIN)]
    Admin(admin::AdminArgs),
    /// Read friendships, favourites and catalogues from files
    #[command(after_help = examples::IMPORT)]
    Import(import::ImportArgs),
    /// Fill an empty database with a made-up community
    #[command(after_help = examples::DEMO)]
    Demo(demo::DemoArgs),
    /// Copy the SQLite database into a file, while the service runs
    #[command(after_help = examples::BACKUP)]
    Backup(backup::BackupArgs),
    /// Put a backup in the place of the SQLite database
    #[command(after_help = examples::RESTORE)]
    Restore(backup::RestoreArgs),
    /// Print the schema
    #[command(after_help = examples::SCHEMA)]
    Schema(schema::Args),
    /// Print every error that a client can be told, as a page
    #[command(after_help = examples::ERRORS)]
    Errors(errors::Args),
    /// Bring the tables up to date, back, or onto a cluster
    #[command(after_help = examples::MIGRATE)]
    Migrate(migrate::Args),
    /// Print what a shell completes commands by
    #[command(after_help = examples::COMPLETIONS)]
    Completions(completions::Args),
}

/// Runs what the command line asks for. A failure is one sentence on standard error, and 1.
///
/// The runtime is made here, so that all that runs on it is built with this crate's limits: a binary that
/// awaits the schema's futures itself would have to be allowed types as deep as theirs.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match Runtime::new() {
        Ok(runtime) => runtime.block_on(carry_out(cli)),
        Err(error) => {
            eprintln!("ashiato: cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(cli: Cli) -> ExitCode {
    let done = match cli.command {
        None => serve::run(cli.serve).await,
        Some(Command::Serve(args)) => serve::run(*args).await,
        Some(Command::Doctor(args)) => doctor::run(*args).await,
        Some(Command::Admin(args)) => admin::run(args).await,
        Some(Command::Import(args)) => import::run(args).await,
        Some(Command::Demo(args)) => demo::run(args).await,
        Some(Command::Backup(args)) => backup::run_backup(&args).await,
        Some(Command::Restore(args)) => backup::run_restore(&args).await,
        Some(Command::Schema(args)) => schema::run(&args),
        Some(Command::Errors(args)) => errors::run(&args),
        Some(Command::Completions(args)) => completions::run(&args),
        Some(Command::Migrate(args)) => migrate::run(&args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ashiato: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The command line with every flag, for who documents or checks it.
pub fn command() -> clap::Command {
    Cli::command()
}
