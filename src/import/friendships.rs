//! A CSV of pairs who are friends.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use anyhow::bail;
use indicatif::ProgressBar;
use uuid::Uuid;

use super::{
    Import, failed,
    names::{prefix, username},
    pairs::{Cap, Chunk, Pair, Refusal},
    report::{Sort, Tally},
    sheet::{Sheet, file_name, shortened},
};
use crate::app::App;

/// The first lines of the files that are known.
const COLUMNS: [[&str; 2]; 2] = [["node_1", "node_2"], ["id_1", "id_2"]];
/// Pairs of one transaction: under a second, also where all of the people are new.
const PAIRS: usize = 10_000;

/// A file that is ready to be read.
#[derive(Debug)]
pub(super) struct Friendships {
    sheet: Sheet,
    prefix: String,
    tarento_over_cap: bool,
    people: People,
    seen: HashSet<(u32, u32)>,
    tally: Tally,
}

/// Who was met so far, by number.
#[derive(Debug, Default)]
struct People {
    by_label: HashMap<String, u32>,
    /// Labels that differ in case or in the spaces around them are one person's.
    by_username: HashMap<String, u32>,
    usernames: Vec<String>,
    ids: Vec<Option<Uuid>>,
}

/// Opens `path` and looks at its head.
pub(super) fn open(path: &Path, import: &Import) -> anyhow::Result<Friendships> {
    let sheet = Sheet::open(path)?;
    if !COLUMNS.iter().any(|columns| sheet.columns() == columns) {
        bail!(
            "{} is no list of friendships: its first line is `{}`, where `node_1,node_2` or \
             `id_1,id_2` is expected",
            path.display(),
            shortened(&sheet.columns().join(","))
        );
    }
    let prefix = prefix(path, import)?;
    let of = format!("{}, people as {prefix}_…:", file_name(path));
    Ok(Friendships {
        sheet,
        prefix,
        tarento_over_cap: import.tarento_over_cap,
        people: People::default(),
        seen: HashSet::new(),
        tally: Tally::new(of),
    })
}

impl Friendships {
    /// Reads the file.
    pub(super) async fn run(mut self, app: &App, bar: &ProgressBar) -> anyhow::Result<Tally> {
        self.sheet.begin(bar);
        loop {
            let (pairs, at_end) = self.read(app, bar)?;
            self.write(app, pairs).await?;
            if at_end {
                return Ok(self.tally);
            }
        }
    }

    /// The next pairs that are good to write, and whether they are the last.
    fn read(&mut self, app: &App, bar: &ProgressBar) -> anyhow::Result<(Vec<Pair>, bool)> {
        let now = app.clock.now();
        let mut pairs = Vec::with_capacity(PAIRS);
        while pairs.len() < PAIRS {
            let Some((line, record)) = self.sheet.next(bar)? else {
                return Ok((pairs, true));
            };
            let cells: Vec<_> = record.iter().collect();
            let met = match cells.as_slice() {
                [one, other] => self
                    .people
                    .meet(&self.prefix, one)
                    .zip(self.people.meet(&self.prefix, other)),
                _ => None,
            };
            let Some((one, other)) = met else {
                let text = shortened(&cells.join(","));
                let example = format!("line {line}: `{text}`");
                self.tally.tell(Sort::Refused, "malformed lines", example);
                continue;
            };
            if one == other {
                let example = format!("line {line}");
                self.tally
                    .tell(Sort::Refused, "friendships with oneself", example);
            } else if self.seen.insert((one.min(other), one.max(other))) {
                pairs.push(Pair {
                    line,
                    ends: [one, other],
                    id: app.ids.at(now),
                });
            } else {
                let example = format!("line {line}");
                let what = "friendships that the file names again, either way round";
                self.tally.tell(Sort::Refused, what, example);
            }
        }
        Ok((pairs, false))
    }

    async fn write(&mut self, app: &App, pairs: Vec<Pair>) -> anyhow::Result<()> {
        let now = app.clock.now();
        let mut people = HashMap::new();
        let mut strangers = Vec::new();
        for number in pairs.iter().flat_map(|pair| pair.ends) {
            match self.people.id(number) {
                Some(id) => _ = people.insert(number, id),
                None => strangers.push(number),
            }
        }
        strangers.sort_unstable();
        strangers.dedup();
        let strangers = strangers
            .into_iter()
            .map(|number| (number, self.people.username(number), app.ids.at(now)))
            .collect();
        let chunk = std::sync::Arc::new(Chunk {
            pairs,
            people,
            strangers,
            now,
            cap: Cap {
                limit: app.rules.friend_limit,
                tarento_over: self.tarento_over_cap,
            },
        });
        let written = app
            .database
            .write(move |tx| {
                let chunk = chunk.clone();
                Box::pin(async move { Ok(chunk.write(tx).await?) })
            })
            .await
            .map_err(failed)?;
        for (number, id) in &written.found {
            self.people.know(*number, *id);
        }
        self.tally.add(Sort::Took, "people", written.people_made);
        self.tally.add(Sort::Took, "friendships", written.ties_made);
        self.tally.add(Sort::Had, "people", written.people_there);
        self.tally.add(Sort::Had, "friendships", written.ties_there);
        for number in written.made_tarento {
            let name = self.people.username(number);
            self.tally.tell(
                Sort::Took,
                "people as tarento, for their many friends",
                name,
            );
        }
        for (line, refusal) in written.refused {
            let (what, of) = match refusal {
                Refusal::Full(full) => ("friendships over the friend limit", full),
                Refusal::Taken(whose) => ("friendships of a name that a member took", whose),
                Refusal::Asked(one) => ("friendships that one has asked the other for", one),
            };
            let name = self.people.username(of);
            self.tally
                .tell(Sort::Refused, what, format!("line {line}: {name}"));
        }
        Ok(())
    }
}

impl People {
    /// The number of the person whom the file calls `label`; none where that cannot be a name.
    fn meet(&mut self, prefix: &str, label: &str) -> Option<u32> {
        if let Some(number) = self.by_label.get(label) {
            return Some(*number);
        }
        let username = username(prefix, label)?;
        let next = u32::try_from(self.usernames.len()).ok()?;
        let number = *self.by_username.entry(username.clone()).or_insert(next);
        self.by_label.insert(label.to_owned(), number);
        if number == next {
            self.usernames.push(username);
            self.ids.push(None);
        }
        Some(number)
    }

    fn id(&self, number: u32) -> Option<Uuid> {
        self.ids.get(number as usize).copied().flatten()
    }

    fn know(&mut self, number: u32, id: Uuid) {
        if let Some(known) = self.ids.get_mut(number as usize) {
            *known = Some(id);
        }
    }

    fn username(&self, number: u32) -> String {
        self.usernames
            .get(number as usize)
            .cloned()
            .unwrap_or_default()
    }
}
