//! A JSON of the music that people like. There is no table of genres: they become a line of the
//! bio, where that is empty.

use std::{collections::BTreeMap, io::BufReader, path::Path, sync::Arc};

use anyhow::anyhow;
use indicatif::ProgressBar;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::{
    Import, failed,
    names::{named, prefix, username},
    report::{Sort, Tally},
    sheet::{file_name, open_file, shortened},
};
use crate::{app::App, database::Tx, text, user::service::LONGEST_BIO};

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
    let by_label: BTreeMap<String, Vec<String>> =
        serde_json::from_reader(BufReader::new(open_file(path)?)).map_err(|error| {
            anyhow!(
                "{} is no list of favourites, which looks like {{\"0\": [\"Rock\", \"Jazz\"]}}: \
                 {error}",
                path.display()
            )
        })?;
    // The people are those of the friendships beside it.
    let prefix = prefix(import.friendships.as_deref().unwrap_or(path), import)?;
    let mut tally = Tally::new(format!("{}, as lines of the bios:", file_name(path)));
    let mut bios = Vec::with_capacity(by_label.len());
    for (label, genres) in by_label {
        let Some(username) = username(&prefix, &label) else {
            tally.tell(
                Sort::Refused,
                "people who can have no such name",
                shortened(&label),
            );
            continue;
        };
        if genres.is_empty() {
            tally.add(Sort::PassedOver, "people who like nothing", 1);
            continue;
        }
        match text::optional_line("bio", &line(&genres), LONGEST_BIO) {
            Ok(bio) => bios.push((username, bio)),
            Err(_) => tally.tell(Sort::Refused, "genres with control characters", username),
        }
    }
    Ok(Favourites { bios, tally })
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
    let mut new = Vec::with_capacity(bios.len());
    for (name, bio) in bios {
        match people.get(name) {
            Some(known) if !known.imported => unknown += 1,
            Some(known) if known.has_bio => there += 1,
            Some(known) => new.push((known.id.simple().to_string(), bio)),
            None => unknown += 1,
        }
    }
    let json = serde_json::to_string(&new).map_err(|error| DbErr::Json(error.to_string()))?;
    tx.sql
        .execute_raw(Statement::from_sql_and_values(
            tx.sql.get_database_backend(),
            "UPDATE users SET bio = d.bio FROM (SELECT unhex(value ->> 0) AS id, \
             value ->> 1 AS bio FROM json_each(?1)) AS d WHERE users.id = d.id",
            [json.into()],
        ))
        .await?;
    Ok([new.len(), there, unknown])
}
