//! A JSON of the music that people like. There is no table of genres: they become a line of the
//! bio, where that is empty.

use std::{collections::BTreeMap, fmt, io::BufReader, path::Path, sync::Arc};

use anyhow::anyhow;
use indicatif::ProgressBar;
use sea_orm::DbErr;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::{
    Import, failed,
    names::{named, prefix, username},
    report::{Sort, Tally},
    sheet::{file_name, shortened},
    source::{Allowance, LONGEST, Source},
};
use crate::{
    app::App,
    database::Tx,
    sql::{Column, Sql},
    text,
    user::service::LONGEST_BIO,
};

/// People of one transaction.
const PEOPLE: usize = 5000;

/// A file that has been read.
#[derive(Debug)]
pub(super) struct Favourites {
    /// User name and bio.
    bios: Vec<(String, String)>,
    tally: Tally,
}

/// Reads and checks `path`: nothing of it is written before all of it is known to be right.
pub(super) fn read(path: &Path, import: &Import) -> anyhow::Result<Favourites> {
    let source = Source::open(path)?;
    let allowance = source.allowance();
    // The people are those of the friendships beside it.
    let prefix = prefix(import.friendships.as_deref().unwrap_or(path), import)?;
    let mut entries = Entries {
        prefix,
        allowance: allowance.clone(),
        bios: BTreeMap::new(),
        tally: Tally::new(format!("{}, as lines of the bios:", file_name(path))),
    };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(source));
    (&mut json)
        .deserialize_map(&mut entries)
        .and_then(|()| json.end())
        .map_err(|error| unreadable(path, &allowance, &error))?;
    Ok(Favourites {
        bios: entries.bios.into_iter().collect(),
        tally: entries.tally,
    })
}

fn unreadable(path: &Path, allowance: &Allowance, error: &serde_json::Error) -> anyhow::Error {
    let path = path.display();
    if error.is_io() && allowance.is_used_up() {
        let line = allowance.line();
        return anyhow!(
            "{path} has an entry of more than {LONGEST} bytes (line {line}): nobody likes so much. \
             Nothing of the file was written"
        );
    }
    anyhow!(
        "{path} is no list of favourites, which looks like {{\"0\": [\"Rock\", \"Jazz\"]}}: {error}"
    )
}

/// What a file says of people, person by person: of each no more is kept than a bio holds.
struct Entries {
    prefix: String,
    allowance: Allowance,
    /// By user name.
    bios: BTreeMap<String, String>,
    tally: Tally,
}

impl<'de> Visitor<'de> for &mut Entries {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("people with a list of genres each")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        loop {
            self.allowance.renew();
            let Some((label, genres)) = map.next_entry::<String, Vec<String>>()? else {
                return Ok(());
            };
            self.take(&label, &genres);
        }
    }
}

impl Entries {
    fn take(&mut self, label: &str, genres: &[String]) {
        let Some(username) = username(&self.prefix, label) else {
            let what = "people who can have no such name";
            self.tally.tell(Sort::Refused, what, shortened(label));
            return;
        };
        if genres.is_empty() {
            self.tally
                .add(Sort::PassedOver, "people who like nothing", 1);
            return;
        }
        match text::optional_line("bio", &line(genres), LONGEST_BIO) {
            Ok(bio) => _ = self.bios.insert(username, bio),
            Err(_) => self
                .tally
                .tell(Sort::Refused, "genres with control characters", username),
        }
    }
}

/// As many of `genres` as a bio has room for.
fn line(genres: &[String]) -> String {
    let mut line = String::from("Likes ");
    let mut length = line.chars().count();
    for (index, genre) in genres.iter().enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        length += comma.len() + genre.chars().count();
        if length > LONGEST_BIO {
            break;
        }
        line.push_str(comma);
        line.push_str(genre);
    }
    line
}

impl Favourites {
    /// Writes what was read.
    pub(super) async fn run(mut self, app: &App, bar: &ProgressBar) -> anyhow::Result<Tally> {
        bar.set_message("favourites");
        bar.set_length(self.bios.len() as u64);
        bar.set_position(0);
        for bios in self.bios.chunks(PEOPLE) {
            let bios: Arc<[_]> = bios.into();
            let count = bios.len();
            let [written, there, unknown] = app
                .database
                .write(move |tx| {
                    let bios = bios.clone();
                    Box::pin(async move { Ok(write(tx, &bios).await?) })
                })
                .await
                .map_err(failed)?;
            self.tally.add(Sort::Took, "bios", written);
            self.tally.add(Sort::Had, "bios", there);
            let what = "people who were not imported";
            self.tally.add(Sort::Refused, what, unknown);
            bar.inc(count as u64);
        }
        Ok(self.tally)
    }
}

/// Writes `bios`, pairs of user name and bio: how many were written, had a bio, were not there.
async fn write(tx: &Tx, bios: &[(String, String)]) -> Result<[usize; 3], DbErr> {
    let names: Vec<_> = bios.iter().map(|(name, _)| name.as_str()).collect();
    let people = named(tx, &names).await?;
    let [mut there, mut unknown] = [0, 0];
    let (mut ids, mut new) = (Vec::new(), Vec::new());
    for (name, bio) in bios {
        match people.get(name) {
            Some(known) if !known.imported => unknown += 1,
            Some(known) if known.has_bio => there += 1,
            Some(known) => {
                ids.push(known.id);
                new.push(bio.clone());
            }
            None => unknown += 1,
        }
    }
    let written = new.len();
    let mut sql = Sql::of(&tx.sql);
    let columns = vec![("id", Column::Ids(ids)), ("bio", Column::Texts(new))];
    let d = sql.table("d", columns);
    let text = format!("UPDATE users SET bio = d.bio FROM {d} WHERE users.id = d.id");
    sql.run(&tx.sql, text).await?;
    Ok([written, there, unknown])
}
