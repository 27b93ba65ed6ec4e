//! `cargo bench --bench peers`: what a request costs here, beside a hand-written REST endpoint with
//! the best SQL and beside other GraphQL servers, on the same community in one PostgreSQL.
//!
//! Every operation is measured with each server in turn, several times over, so that whatever else
//! the machine does meets all of them. The answers of all are compared before.

mod community;
mod cost;
mod flat;
mod load;
mod operations;
mod plots;
mod report;
mod rest;
mod server;
mod special;
mod sqlite;

use std::time::Duration;

use anyhow::Result;
use clap::Parser;

use community::Community;
use report::Report;
use server::{Kind, Server};

/// As the servers that are compared have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures what requests cost
#[derive(Debug, Parser)]
struct Args {
    /// 10,000 users, one short round: for a look in under three minutes
    #[arg(long)]
    quick: bool,
    /// How many users
    #[arg(long)]
    users: Option<usize>,
    /// Only these servers
    #[arg(long, value_enum, value_delimiter = ',')]
    servers: Option<Vec<Kind>>,
    /// Only these operations, as `q1,w2`
    #[arg(long, value_delimiter = ',')]
    operations: Option<Vec<String>>,
    /// Ours alone, in communities of so many users one after the other, as `10000,100000`
    #[arg(long, value_delimiter = ',')]
    sizes: Option<Vec<usize>>,
    /// Where the table goes; the plots of `--sizes` go into `plots` beside it
    #[arg(long)]
    results: Option<std::path::PathBuf>,
    /// Serves the hand-written endpoints: what the benchmark starts beside itself
    #[arg(long, hide = true)]
    rest: bool,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if args.rest {
        return runtime.block_on(rest::serve());
    }
    // What is measured is told by the servers' own processes, so the load may have a thread alone.
    runtime.block_on(run(&args))
}

async fn run(args: &Args) -> Result<()> {
    if let Some(sizes) = &args.sizes {
        return flat::run(sizes, args.results.as_deref()).await;
    }
    let users = args
        .users
        .unwrap_or(if args.quick { 10_000 } else { 100_000 });
    let (rounds, time) = if args.quick {
        (1, Duration::from_millis(1000))
    } else {
        (2, Duration::from_secs(4))
    };
    let mut community = Community::make(users).await?;
    let kinds = args.servers.clone().unwrap_or_else(Kind::all);
    if kinds.contains(&Kind::Sqlite) {
        community.twin(users).await?;
    }
    let wanted = |name: &str| {
        let names = args.operations.as_ref();
        names.is_none_or(|names| names.iter().any(|it| it == name))
    };
    let mut operations = operations::all(&kinds)?;
    operations.retain(|it| wanted(it.name));
    let mut servers = Vec::new();
    for kind in kinds {
        servers.push(Server::start(kind, &community).await?);
    }
    let mut report = Report::new(users, servers.iter().map(|it| it.kind).collect());
    for operation in &operations {
        operations::compare(operation, &servers, &community).await?;
    }
    for round in 0..rounds {
        measure_all(&operations, &servers, &community, time, &mut report).await?;
        eprintln!("round {} of {rounds}", round + 1);
    }
    let text = report.markdown();
    println!("{text}");
    if let Some(path) = &args.results {
        std::fs::write(path, text + flat::ELSEWHERE)?;
    }
    Ok(())
}

/// Each operation by each server, in turn.
async fn measure_all(
    operations: &[operations::Operation],
    servers: &[Server],
    community: &Community,
    time: Duration,
    report: &mut Report,
) -> Result<()> {
    for operation in operations {
        for server in servers.iter().filter(|it| operation.is_for(it.kind)) {
            let measured = load::measure(operation, server, community, time).await?;
            report.add(operation, server.kind, measured);
        }
    }
    Ok(())
}
