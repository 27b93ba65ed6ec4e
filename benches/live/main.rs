//! `cargo bench --bench live`: what open sockets cost, how fast a footprint reaches its owner, and
//! how fast the service starts, on SQLite and on PostgreSQL.
//!
//! The service has default settings but for where it listens and its database. Everything runs on one
//! machine: the sockets' other ends, who visits, and the database take from the same processors.

mod place;
mod report;
mod service;
mod sockets;
mod start;
mod visits;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use place::Place;
use report::{Live, Report};
use service::Service;
use sockets::Sockets;

/// As the service has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many users the community has. (The goal for a start is about so many.)
const USERS: usize = 10_000;
/// What part of the sockets is opened first. What a start took and gave back within the process is used
/// by them, and what all share is made.
const FIRST: usize = 5;
/// Files that a process has open beside its sockets.
const OTHER_FILES: u64 = 500;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// SQLite, as it is out of the box.
    Sqlite,
    /// A PostgreSQL of the benchmark's own.
    Postgres,
}

/// Measures sockets, live footprints and starts
#[derive(Debug, Parser)]
pub struct Args {
    /// 500 sockets and 200 visits a second: for a look in under a minute
    #[arg(long)]
    quick: bool,
    /// How many sockets, each of another member, up to 10,000
    #[arg(long)]
    sockets: Option<usize>,
    /// Visits a second, 1,000 at most
    #[arg(long)]
    rate: Option<u32>,
    /// For how many seconds there are visits
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// On these databases
    #[arg(long, value_enum, value_delimiter = ',')]
    databases: Option<Vec<Kind>>,
    /// Another build of the service, in place of this one's
    #[arg(long, default_value = env!("CARGO_BIN_EXE_ashiato"))]
    binary: PathBuf,
    /// Where the tables go
    #[arg(long)]
    results: Option<PathBuf>,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Args {
    /// How many sockets there are to be.
    fn sockets(&self) -> usize {
        let default = if self.quick { 500 } else { 5_000 };
        self.sockets.unwrap_or(default).min(USERS)
    }

    /// How many visits a second.
    fn rate(&self) -> u32 {
        self.rate.unwrap_or(if self.quick { 200 } else { 1_000 })
    }
}

fn main() -> Result<()> {
    let args = Args::parse();
    allow_files(&args)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(&args))
}

async fn run(args: &Args) -> Result<()> {
    let kinds = args.databases.clone();
    let kinds = kinds.unwrap_or_else(|| Kind::value_variants().to_vec());
    let mut report = Report::new(args)?;
    for kind in kinds {
        let place = Place::make(kind, args, USERS).await?;
        if kind == Kind::Sqlite {
            report.starts = start::measure(args, &place).await?;
        }
        report.lives.push(live(args, &place).await?);
    }
    let text = report.markdown();
    println!("{text}");
    if let Some(path) = &args.results {
        std::fs::write(path, text)?;
    }
    Ok(())
}

async fn live(args: &Args, place: &Place) -> Result<Live> {
    let service = Service::start(args, place).await?;
    let empty = service.rest("started").await?;
    let owners = place.members.get(..args.sockets()).unwrap_or_default();
    let (first, others) = owners.split_at(owners.len() / FIRST);
    let mut sockets = Sockets::default();
    sockets.open(&service, first).await?;
    let some = service.rest("a part idle").await?;
    sockets.open(&service, others).await?;
    let idle = service.rest("all idle").await?;
    let visited = visits::send(args, &service, place, &mut sockets).await?;
    let after = service.rest("after the visits").await?;
    Ok(Live {
        kind: place.kind,
        sockets: owners.len(),
        first: first.len(),
        empty,
        some,
        idle,
        after,
        visited,
    })
}

/// A bar for what takes long.
fn bar(steps: usize, name: &'static str) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{msg:>18} {wide_bar} {pos}/{len}")?;
    let steps = u64::try_from(steps)?;
    Ok(ProgressBar::new(steps).with_style(style).with_message(name))
}

/// Allows this process, and those that it starts, as many open files as the sockets need.
fn allow_files(args: &Args) -> Result<()> {
    let wanted = u64::try_from(args.sockets())? * 2 + OTHER_FILES;
    let (now, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, wanted.max(now), most.max(wanted))
        .with_context(|| format!("{wanted} open files are needed, {most} are allowed: ulimit -n"))
}
