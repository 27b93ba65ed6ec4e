//! What was measured, and whether the goals are met.

use std::{fmt::Write, time::Duration};

use anyhow::Result;
use ashiato::clock::{Clock, SystemClock};
use procfs::Current;

use crate::{Args, Kind, USERS, service::Rest, visits::Visited};

/// The goals: bytes a socket, milliseconds to the owner (p99), milliseconds of a start, bytes of the
/// program.
const SOCKET: f64 = 20_000.0;
const ARRIVAL: f64 = 50.0;
const START: f64 = 300.0;
const PROGRAM: f64 = 40_000_000.0;

/// What was measured on one database.
#[derive(Debug)]
pub struct Live {
    pub kind: Kind,
    pub sockets: usize,
    /// So many of them were opened first.
    pub first: usize,
    /// Before the first socket.
    pub empty: Rest,
    /// With the first of them.
    pub some: Rest,
    /// With all of them.
    pub idle: Rest,
    /// When the visits were over.
    pub after: Rest,
    pub visited: Visited,
}

/// All that was measured.
pub struct Report {
    pub lives: Vec<Live>,
    /// The shortest first.
    pub starts: Vec<Duration>,
    program: u64,
}

#[expect(
    clippy::cast_precision_loss,
    reason = "bytes and counts of a benchmark are far below 2^52"
)]
fn float(number: u64) -> f64 {
    number as f64
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn verdict(name: &str, is: f64, goal: f64, unit: &str) -> String {
    if is <= goal {
        format!("Met: {name}, {is:.1} {unit}; the goal is {goal:.0} at most.")
    } else {
        let over = is / goal;
        format!("**Missed**: {name}, {is:.1} {unit}, {over:.2} times the goal of {goal:.0}.")
    }
}

impl Live {
    fn name(&self) -> &'static str {
        match self.kind {
            Kind::Sqlite => "SQLite",
            Kind::Postgres => "PostgreSQL",
        }
    }

    /// By how much each socket's memory grew since before the first, and since some were there, in
    /// bytes.
    fn each(&self) -> [f64; 2] {
        let grown = |from: Rest, sockets: usize| {
            let sockets = u64::try_from(sockets).unwrap_or(1).max(1);
            float(self.idle.memory.saturating_sub(from.memory)) / float(sockets)
        };
        let others = self.sockets.saturating_sub(self.first);
        [grown(self.empty, self.sockets), grown(self.some, others)]
    }

    fn row(&self) -> String {
        let visited = &self.visited;
        let at = |part| float(visited.arrival.value_at_quantile(part)) / 1000.0;
        let [all, others] = self.each();
        format!(
            "| {} | {} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {} | {} of {} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} |",
            self.name(),
            self.sockets,
            float(self.empty.memory) / 1e6,
            float(self.idle.memory) / 1e6,
            all / 1000.0,
            others / 1000.0,
            float(self.after.memory) / 1e6,
            self.idle.load * 100.0,
            visited.rate,
            visited.arrival.len(),
            visited.sent,
            at(0.5),
            at(0.99),
            float(visited.arrival.max()) / 1000.0,
            float(visited.answer.value_at_quantile(0.99)) / 1000.0,
            visited.load * 100.0,
        )
    }

    fn verdicts(&self) -> [String; 3] {
        let visited = &self.visited;
        let p99 = float(visited.arrival.value_at_quantile(0.99)) / 1000.0;
        let name = self.name();
        let [all, others] = self.each();
        let arrived = usize::try_from(visited.arrival.len()).unwrap_or_default();
        [
            verdict(
                &format!("an idle socket on {name}"),
                all.max(others) / 1000.0,
                SOCKET / 1000.0,
                "kB",
            ),
            verdict(
                &format!("p99 from a visit to its owner on {name}"),
                p99,
                ARRIVAL,
                "ms",
            ),
            if arrived == visited.sent {
                format!("Met: every footprint arrived on {name}.")
            } else {
                let lost = visited.sent.saturating_sub(arrived);
                let (failed, why) = (visited.failed, &visited.failure);
                format!(
                    "**Missed**: {lost} footprints did not arrive on {name}; {failed} visits were not \
                     carried out{}.",
                    why.iter()
                        .map(|why| format!(" ({why})"))
                        .collect::<String>()
                )
            },
        ]
    }
}

impl Report {
    /// An empty one.
    ///
    /// # Errors
    /// Where there is no program.
    pub fn new(args: &Args) -> Result<Self> {
        Ok(Self {
            lives: Vec::new(),
            starts: Vec::new(),
            program: std::fs::metadata(&args.binary)?.len(),
        })
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "# What sockets cost, how fast footprints arrive, and how fast the service starts\n\n\
             `make bench-live`, {}, {}, which the service, the sockets' other ends, who visits and the \
             database share.\n\n\
             {USERS} users. Each socket is another member's, who has subscribed to `footprintLeft`. \
             Memory is the service's resident memory once it stays the same. What a socket takes is its \
             growth by the last four fifths of the sockets, and by all of them (which the start's own \
             leavings make smaller, and what they share larger); the larger one counts. Visits are sent at a steady rate, whether answered or not; the \
             time to the owner is counted from when a visit was due. CPU is of one core.\n\n\
             | | sockets | MB without | MB idle | kB each of all | kB each of the last | MB after visits | CPU idle % | \
             visits/s | arrived | p50 ms | p99 ms | max ms | p99 ms of the visitor's answer | CPU % |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
            SystemClock.now().format("%Y-%m-%d"),
            machine(),
        );
        let mut verdicts = Vec::new();
        for live in &self.lives {
            // Writing to a text does not fail.
            let _ = writeln!(text, "{}", live.row());
            verdicts.extend(live.verdicts());
        }
        if let (Some(best), Some(median)) =
            (self.starts.first(), self.starts.get(self.starts.len() / 2))
        {
            let _ = write!(
                text,
                "\nFrom the start of the process, on an existing SQLite database, to the first 200 of \
                 `/readyz`: {:.0} ms at best, {:.0} ms in the median of {}.\n",
                millis(*best),
                millis(*median),
                self.starts.len()
            );
            verdicts.push(verdict("a start (median)", millis(*median), START, "ms"));
        }
        verdicts.push(verdict(
            "the program",
            float(self.program) / 1e6,
            PROGRAM / 1e6,
            "MB",
        ));
        text.push('\n');
        for verdict in verdicts {
            let _ = writeln!(text, "- {verdict}");
        }
        text
    }
}

/// The processors that this ran on.
fn machine() -> String {
    let Ok(processors) = procfs::CpuInfo::current() else {
        return "processors unknown".to_owned();
    };
    let model = processors.model_name(0).unwrap_or("model unknown");
    format!("{} x {model}", processors.num_cores())
}
