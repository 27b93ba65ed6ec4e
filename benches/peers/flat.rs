//! Whether what a request costs stays as it is while the community grows: ours alone, in one size after
//! the other.

use std::{fmt::Write, path::Path, time::Duration};

use anyhow::{Result, ensure};
use ashiato::clock::{Clock, SystemClock};

use crate::{
    community::Community,
    measure_all,
    operations::{self, Operation},
    plots,
    report::{Report, machine},
    server::{Kind, Server},
    special::{Page, Special},
};

const KINDS: [Kind; 2] = [Kind::Ashiato, Kind::Cached];
const ROUNDS: usize = 2;
const TIME: Duration = Duration::from_secs(2);

/// What the table of the peers says of this one.
pub const ELSEWHERE: &str = "\n## As the community grows\n\n\
     `make bench-large` measures 10,000, 100,000 and 1,000,000 users: [LARGE.md](LARGE.md).\n\n\
     ![CPU a request by size](plots/cpu.svg)\n\n\
     ![The home feed of few and of many friends](plots/feed.svg)\n\n\
     ![A tarento's pages](plots/tarento.svg)\n";

/// What was measured in one size.
pub struct Size {
    pub users: usize,
    pub report: Report,
    /// The special viewers' pages, of each of [`KINDS`].
    pub pages: Vec<(Kind, Vec<Page>)>,
    made_in: Duration,
    bytes: i64,
}

/// Measures each of `sizes`, and writes what it found to `results` and to plots beside it.
///
/// # Errors
/// Where a community cannot be made, or a request fails.
pub async fn run(sizes: &[usize], results: Option<&Path>) -> Result<()> {
    ensure!(!sizes.is_empty(), "no sizes");
    let operations = operations::all(&KINDS)?;
    let mut measured = Vec::new();
    for users in sizes {
        eprintln!("{users} users:");
        let size = measure(*users, &operations).await?;
        measured.push(size);
        let text = markdown(&operations, &measured);
        println!("{text}");
        if let Some(path) = results {
            std::fs::write(path, text)?;
            let folder = path.parent().unwrap_or(Path::new(".")).join("plots");
            std::fs::create_dir_all(&folder)?;
            plots::draw(&folder, &operations, &measured)?;
        }
    }
    Ok(())
}

async fn measure(users: usize, operations: &[Operation]) -> Result<Size> {
    let community = Community::make(users).await?;
    let bytes = "SELECT pg_database_size(current_database())";
    let bytes = community.db.query_one(bytes, &[]).await?.get(0);
    let mut servers = Vec::new();
    for kind in KINDS {
        servers.push(Server::start(kind, &community).await?);
    }
    for operation in operations {
        operations::compare(operation, &servers, &community).await?;
    }
    let mut report = Report::new(users, KINDS.to_vec());
    for round in 0..ROUNDS {
        measure_all(operations, &servers, &community, TIME, &mut report).await?;
        eprintln!("round {} of {ROUNDS}", round + 1);
    }
    drop(servers);
    eprintln!("special viewers");
    let special = Special::make(&community.db).await?;
    community.db.batch_execute("VACUUM ANALYZE").await?;
    let mut pages = Vec::new();
    for kind in KINDS {
        let server = Server::start(kind, &community).await?;
        pages.push((kind, special.measure(&server).await?));
    }
    Ok(Size {
        users,
        report,
        pages,
        made_in: community.made_in,
        bytes,
    })
}

/// Milliseconds.
#[expect(clippy::cast_precision_loss, reason = "latencies are small")]
pub fn at(page: &Page, quantile: f64) -> f64 {
    page.latency.value_at_quantile(quantile) as f64 / 1000.0
}

/// As Markdown. Writing to a text does not fail.
fn markdown(operations: &[Operation], sizes: &[Size]) -> String {
    let mut text = format!(
        "# As the community grows\n\n`make bench-large`, {}, {}: our server alone on one core, \
         PostgreSQL and the load on what is left; {ROUNDS} rounds of {} s, each after as long for \
         warmth. The community is that of `ashiato demo --profile 2011`.\n\n\
         | users | generated and loaded in | database |\n|--:|--:|--:|\n",
        SystemClock.now().format("%Y-%m-%d"),
        machine(),
        TIME.as_secs(),
    );
    for size in sizes {
        let (time, megabytes) = (size.made_in.as_secs(), size.bytes / 1_000_000);
        let _ = writeln!(text, "| {} | {time} s | {megabytes} MB |", size.users);
    }
    costs(&mut text, operations, sizes);
    pages(&mut text, sizes);
    text
}

fn costs(text: &mut String, operations: &[Operation], sizes: &[Size]) {
    text.push_str(
        "\n## CPU a request\n\nMilliseconds of the server and of PostgreSQL. The goal: the largest \
         community at most 1.2 times the smallest.\n\n![](plots/cpu.svg)\n\n| | |",
    );
    for size in sizes {
        let _ = write!(text, " {} users |", size.users);
    }
    text.push_str(" largest to smallest |\n|---|---|");
    text.push_str(&"--:|".repeat(sizes.len() + 1));
    text.push('\n');
    for operation in operations {
        for kind in KINDS {
            let costs = sizes.iter().map(|it| it.report.cost(operation.name, kind));
            let costs: Vec<f64> = costs.flatten().collect();
            let head = if kind == Kind::Ashiato {
                format!("**{}** {}", operation.name, operation.title)
            } else {
                String::new()
            };
            let _ = write!(text, "| {head} | {} |", kind.name());
            for cost in &costs {
                let _ = write!(text, " {cost:.3} |");
            }
            let ratio = costs
                .last()
                .zip(costs.first())
                .map(|(last, first)| last / first);
            let _ = writeln!(text, " {:.2} |", ratio.unwrap_or(f64::NAN));
        }
    }
}

fn pages(text: &mut String, sizes: &[Size]) {
    text.push_str(
        "\n## Viewers unlike the others\n\nMilliseconds, p50 / p99, one request after the other, the \
         pages in turn. The tarento has 100,000 friends and footprints, or as many as there are \
         users. The goals: a feed's p99 with 1,000 friends at most 3 times the median viewer's; each \
         page of the tarento as fast as a member's.\n\n![](plots/feed.svg)\n\n![](plots/tarento.svg)\n\n\
         | | |",
    );
    for size in sizes {
        let _ = write!(text, " {} users |", size.users);
    }
    text.push_str("\n|---|---|");
    text.push_str(&"--:|".repeat(sizes.len()));
    text.push('\n');
    let Some(first) = sizes.first() else { return };
    for (kind, pages) in &first.pages {
        for page in pages {
            let _ = write!(text, "| {} | {} |", page.name, kind.name());
            for size in sizes {
                let of_kind = size.pages.iter().filter(|(it, _)| it == kind);
                let same = of_kind
                    .flat_map(|(_, pages)| pages)
                    .find(|it| it.name == page.name);
                if let Some(page) = same {
                    let _ = write!(text, " {:.2} / {:.2} |", at(page, 0.5), at(page, 0.99));
                }
            }
            text.push('\n');
        }
    }
}
