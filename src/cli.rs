//! The command line.

pub mod admin;
pub mod demo;
pub mod import;

use clap::{Parser, Subcommand};

/// A GraphQL social graph service
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Changes what a user is, or a password
    Admin(admin::AdminArgs),
    /// Fills an empty database with a made-up community
    Demo(demo::DemoArgs),
    /// Reads friendships, favourites and catalogues from files
    Import(import::ImportArgs),
}

/// Does what the command line says.
///
/// # Errors
/// A sentence that says what stood against it.
pub async fn run() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Admin(args) => admin::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Import(args) => import::run(args).await,
    }
}
