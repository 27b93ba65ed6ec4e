//! What an import took and what it did not, with the reasons.

use std::fmt;

/// The most lines that are shown of one reason.
const SHOWN: usize = 3;

/// What became of a thing that a file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// It was written.
    Took,
    /// It was there already, and stays as it is.
    Had,
    /// It is not of those that are taken.
    PassedOver,
    /// It is against a rule, or cannot be read.
    Refused,
}

/// So many of one thing, of which the same became.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Count {
    sort: Sort,
    what: &'static str,
    count: u64,
    first: Vec<String>,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The file, for people.
    pub of: String,
    counts: Vec<Count>,
}

impl Tally {
    /// Of `of`, with nothing counted.
    pub(super) fn new(of: String) -> Self {
        Self {
            of,
            counts: Vec::new(),
        }
    }

    /// Counts `count` things more.
    pub(super) fn add(&mut self, sort: Sort, what: &'static str, count: usize) {
        if count > 0 {
            self.entry(sort, what).count += count as u64;
        }
    }

    /// Counts one thing more; the first ones are shown as `example`.
    pub(super) fn tell(&mut self, sort: Sort, what: &'static str, example: impl Into<String>) {
        let entry = self.entry(sort, what);
        entry.count += 1;
        if entry.first.len() < SHOWN {
            entry.first.push(example.into());
        }
    }

    fn entry(&mut self, sort: Sort, what: &'static str) -> &mut Count {
        let index = self
            .counts
            .iter()
            .position(|count| count.sort == sort && count.what == what)
            .unwrap_or_else(|| {
                self.counts.push(Count {
                    sort,
                    what,
                    count: 0,
                    first: Vec::new(),
                });
                self.counts.len() - 1
            });
        // The position was just found or made.
        #[allow(clippy::indexing_slicing)]
        &mut self.counts[index]
    }

    /// How many of `what` `sort` happened to.
    pub fn count(&self, sort: Sort, what: &str) -> u64 {
        self.counts
            .iter()
            .filter(|count| count.sort == sort && count.what == what)
            .map(|count| count.count)
            .sum()
    }

    /// How many things `sort` happened to.
    pub fn total(&self, sort: Sort) -> u64 {
        self.counts
            .iter()
            .filter(|count| count.sort == sort)
            .map(|count| count.count)
            .sum()
    }
}

/// What became of all files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// One a file.
    pub tallies: Vec<Tally>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for tally in &self.tallies {
            writeln!(f, "{}", tally.of)?;
            let sorts = [
                (Sort::Took, "took"),
                (Sort::Had, "had already"),
                (Sort::PassedOver, "passed over"),
                (Sort::Refused, "refused"),
            ];
            for (sort, word) in sorts {
                for count in tally.counts.iter().filter(|count| count.sort == sort) {
                    write!(f, "  {word} {} {}", count.count, count.what)?;
                    if !count.first.is_empty() {
                        write!(f, ": {}", count.first.join("; "))?;
                        if count.count > count.first.len() as u64 {
                            write!(f, "; …")?;
                        }
                    }
                    writeln!(f)?;
                }
            }
        }
        Ok(())
    }
}
