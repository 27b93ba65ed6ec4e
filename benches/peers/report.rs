//! The table of what was measured.

use std::fmt::Write;

use ashiato::clock::{Clock, SystemClock};
use procfs::Current;

use crate::{load::Measured, operations::Operation, server::Kind};

/// All that was measured.
pub struct Report {
    users: usize,
    kinds: Vec<Kind>,
    rows: Vec<Row>,
}

/// What was measured of an operation by a server, round after round.
struct Row {
    name: &'static str,
    title: &'static str,
    kind: Kind,
    rounds: Vec<Measured>,
}

/// A line of the table: the sums over all rounds.
#[derive(Clone, Copy)]
struct Line {
    rate: f64,
    p50: f64,
    p99: f64,
    /// Milliseconds a request.
    server: f64,
    database: f64,
    statements: f64,
}

impl Line {
    fn cost(self) -> f64 {
        self.server + self.database
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a benchmark are small"
)]
fn line(rounds: &[Measured]) -> Line {
    let mut latency = hdrhistogram::Histogram::<u64>::new_with_bounds(1, 60_000_000, 3).ok();
    let (mut requests, mut time) = (0.0, 0.0);
    let (mut server, mut database, mut statements) = (0.0, 0.0, 0.0);
    for round in rounds {
        requests += round.requests as f64;
        time += round.time.as_secs_f64();
        server += round.cost.server * 1000.0;
        database += round.cost.database * 1000.0;
        statements += round.cost.statements as f64;
        if let Some(all) = &mut latency {
            // Both have room for a minute.
            let _ = all.add(&round.latency);
        }
    }
    let at = |part| {
        latency
            .as_ref()
            .map_or(0.0, |all| all.value_at_quantile(part) as f64 / 1000.0)
    };
    Line {
        rate: requests / time,
        p50: at(0.5),
        p99: at(0.99),
        server: server / requests,
        database: database / requests,
        statements: statements / requests,
    }
}

impl Report {
    /// An empty one.
    pub fn new(users: usize, kinds: Vec<Kind>) -> Self {
        Self {
            users,
            kinds,
            rows: Vec::new(),
        }
    }

    /// Takes down what was measured.
    pub fn add(&mut self, operation: &Operation, kind: Kind, measured: Measured) {
        let (name, title) = (operation.name, operation.title);
        let known = self
            .rows
            .iter_mut()
            .find(|row| row.name == name && row.kind == kind);
        match known {
            Some(row) => row.rounds.push(measured),
            None => self.rows.push(Row {
                name,
                title,
                kind,
                rounds: vec![measured],
            }),
        }
    }

    /// What `name` costs at `kind`: milliseconds of server and database a request.
    pub fn cost(&self, name: &str, kind: Kind) -> Option<f64> {
        self.line(name, kind).map(Line::cost)
    }

    fn line(&self, name: &str, kind: Kind) -> Option<Line> {
        let row = self
            .rows
            .iter()
            .find(|row| row.name == name && row.kind == kind);
        row.map(|row| line(&row.rounds))
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "# What a request costs\n\n\
             `make bench`, {}, {}: one core for each server, PostgreSQL and the load on what is left; \
             {} rounds, the servers in turn.\n\n\
             {} users. CPU is milliseconds a request, of the server and of PostgreSQL. Statements \
             are those a request, the session's look-up among them, without BEGIN and COMMIT.\n\n\
             | | | requests/s | p50 ms | p99 ms | CPU server | CPU database | statements | CPU to REST | CPU to Mercurius |\n\
             |---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
            SystemClock.now().format("%Y-%m-%d"),
            machine(),
            self.rows.first().map_or(0, |row| row.rounds.len()),
            self.users
        );
        let mut names: Vec<_> = self.rows.iter().map(|row| (row.name, row.title)).collect();
        names.sort_unstable();
        names.dedup();
        for (name, title) in names {
            let ratio = |line: Line, to| {
                self.line(name, to).map_or_else(
                    || "-".to_owned(),
                    |to| format!("{:.2}", line.cost() / to.cost()),
                )
            };
            for kind in &self.kinds {
                let Some(line) = self.line(name, *kind) else {
                    continue;
                };
                let head = if Some(kind) == self.kinds.first() {
                    format!("**{name}** {title}")
                } else {
                    String::new()
                };
                // Writing to a text does not fail.
                let _ = writeln!(
                    text,
                    "| {head} | {} | {:.0} | {:.2} | {:.2} | {:.3} | {:.3} | {:.1} | {} | {} |",
                    kind.name(),
                    line.rate,
                    line.p50,
                    line.p99,
                    line.server,
                    line.database,
                    line.statements,
                    ratio(line, Kind::Rest),
                    ratio(line, Kind::Mercurius),
                );
            }
        }
        text
    }
}

/// The processors that this ran on.
pub fn machine() -> String {
    let Ok(processors) = procfs::CpuInfo::current() else {
        return "processors unknown".to_owned();
    };
    let model = processors.model_name(0).unwrap_or("model unknown");
    format!("{} x {model}", processors.num_cores())
}
