//! A CSV of catalogue items: games, films, music, books.

use std::{collections::HashMap, path::Path, sync::Arc};

use anyhow::bail;
use csv::StringRecord;
use entity::{catalogue_item, values::CatalogueKind};
use indicatif::ProgressBar;
use sea_orm::ActiveEnum;

use super::{
    artists::Artists,
    failed,
    platform::platform_name,
    report::{Sort, Tally},
    sheet::{Sheet, file_name, shortened},
};
use crate::{
    app::App,
    bulk::{
        Batch,
        catalogue::{Item, Key, existing, key},
    },
    rejection::code::UserErrorCode,
    search, text,
};

/// What the columns hold (the migration of the catalogue).
const LONGEST_TITLE: usize = 300;
const LONGEST_PLATFORM: usize = 100;

/// A file that is ready to be read.
#[derive(Debug)]
pub(super) struct Catalogue {
    sheet: Sheet,
    kind: CatalogueKind,
    columns: Columns,
    items: Vec<Item>,
    by_key: HashMap<Key, usize>,
    artists: Artists,
    tally: Tally,
}

#[derive(Clone, Copy, Debug)]
struct Columns {
    title: usize,
    /// The title in its own script.
    title_exact: Option<usize>,
    year: Option<usize>,
    platform: Option<usize>,
    /// What the line is, in a file of several kinds.
    kind: Option<usize>,
    /// Whose it is, of music.
    artist: Option<usize>,
}

/// Opens `path` and looks at its head.
pub(super) fn open(path: &Path, kind: CatalogueKind) -> anyhow::Result<Catalogue> {
    let sheet = Sheet::open(path)?;
    let word = kind.to_value();
    let is_music = matches!(kind, CatalogueKind::Cd | CatalogueKind::Song);
    let columns = Columns {
        title: sheet.needed("title", "a catalogue")?,
        title_exact: sheet.column("title_exact"),
        year: match kind {
            CatalogueKind::Movie => Some(sheet.needed("year", "the kind MOVIE")?),
            _ => sheet.column("year").or_else(|| sheet.column("release")),
        },
        platform: match kind {
            CatalogueKind::VideoGame => Some(sheet.needed("platform", "the kind VIDEO_GAME")?),
            _ => None,
        },
        kind: sheet.column("kind"),
        artist: sheet.column("artist").filter(|_| is_music),
    };
    if columns.kind.is_some() && !is_music {
        bail!(
            "{} is a catalogue of music, whose lines say themselves whether they are albums or \
             songs: give it the kind CD or SONG, not {word}",
            path.display()
        );
    }
    let of = match columns.kind {
        Some(_) => format!("{}, as CD and SONG:", file_name(path)),
        None => format!("{}, as {word}:", file_name(path)),
    };
    Ok(Catalogue {
        sheet,
        kind,
        columns,
        items: Vec::new(),
        by_key: HashMap::new(),
        artists: Artists::default(),
        tally: Tally::new(of),
    })
}

impl Catalogue {
    /// Reads the file and writes what is missing.
    pub(super) async fn run(mut self, app: &App, bar: &ProgressBar) -> anyhow::Result<Tally> {
        self.sheet.begin(bar);
        let cells = self.sheet.columns().len();
        loop {
            // A copy: what is done with a line changes what stands beside the file.
            let Some((line, record)) = self.sheet.next(bar)?.map(|(n, r)| (n, r.clone())) else {
                break;
            };
            if record.len() == cells {
                self.take(app, line, &record);
            } else {
                let text = shortened(record.get(0).unwrap_or_default());
                let example = format!("line {line}: `{text}…`");
                self.tally.tell(Sort::Refused, "malformed lines", example);
            }
        }
        let mut items = std::mem::take(&mut self.items);
        self.artists.write(app, &mut self.tally).await?;
        self.artists.name(&mut items);
        let mut items = items.into_iter();
        loop {
            let chunk: Arc<[Item]> = items.by_ref().take(Item::ROWS).collect();
            if chunk.is_empty() {
                return Ok(self.tally);
            }
            let all = chunk.len();
            let missing = app
                .database
                .write(move |tx| {
                    let chunk = chunk.clone();
                    Box::pin(async move {
                        let there = existing(&tx.sql, &chunk).await?;
                        let missing: Vec<_> = chunk
                            .iter()
                            .filter(|item| !there.contains_key(&key(&item.row)))
                            .cloned()
                            .collect();
                        Item::write(tx.into(), &missing).await?;
                        Ok(missing.len())
                    })
                })
                .await
                .map_err(failed)?;
            self.tally.add(Sort::Took, "items", missing);
            self.tally.add(Sort::Had, "items", all - missing);
        }
    }

    fn take(&mut self, app: &App, line: u64, record: &StringRecord) {
        let cell = |column: Option<usize>| column.and_then(|column| record.get(column));
        let kind = match cell(self.columns.kind) {
            None => self.kind,
            Some("Album") => CatalogueKind::Cd,
            Some("Single" | "Song") => CatalogueKind::Song,
            Some("MusicalArtist" | "Band") => {
                let name = record.get(self.columns.title).unwrap_or_default();
                self.artists.take(line, name, &mut self.tally);
                return;
            }
            Some(other) => {
                let example = format!("line {line}: a {}", shortened(other));
                let what = "lines that are no album, no song and no artist";
                self.tally.tell(Sort::PassedOver, what, example);
                return;
            }
        };
        let given = record.get(self.columns.title).unwrap_or_default();
        let title = match checked(given) {
            Ok(title) => title,
            Err(what) => {
                let example = format!("line {line}: `{}`", shortened(given));
                self.tally.tell(Sort::Refused, what, example);
                return;
            }
        };
        let year = cell(self.columns.year).and_then(year_of);
        let platform = cell(self.columns.platform).map(platform_name);
        let edition = match kind {
            CatalogueKind::Movie => year.map(|year| year.to_string()),
            CatalogueKind::VideoGame => platform
                .clone()
                .filter(|platform| platform.chars().count() <= LONGEST_PLATFORM),
            CatalogueKind::Cd | CatalogueKind::Book | CatalogueKind::Song => Some(String::new()),
        };
        let Some(edition) = edition else {
            let example = format!("line {line}: `{}`", shortened(&title));
            let what = "lines without a year or a platform that can be read";
            self.tally.tell(Sort::Refused, what, example);
            return;
        };
        let exact = cell(self.columns.title_exact)
            .filter(|exact| *exact != title && is_japanese(exact))
            .map(checked);
        if let Some(Err(what)) = exact {
            let example = format!("line {line}");
            self.tally.tell(Sort::PassedOver, further(what), example);
        }
        let artist = cell(self.columns.artist).filter(|name| !name.trim().is_empty());
        let artist = artist.map(|name| self.artists.take(line, name, &mut self.tally));
        // Until all artists are known their names stand in the place of what tells items apart.
        let edition = artist.flatten().unwrap_or(edition);
        let now = app.clock.now();
        let row = catalogue_item::Model {
            id: app.ids.at(now),
            kind,
            title_key: search::fold(&title),
            title,
            edition,
            year,
            platform,
            artist_id: None,
            created_at: now,
        };
        self.keep(line, row, exact.and_then(Result::ok));
    }

    /// Keeps an item, or merges it with its like.
    fn keep(&mut self, line: u64, row: catalogue_item::Model, further_title: Option<String>) {
        let next = self.items.len();
        let index = *self.by_key.entry(key(&row)).or_insert(next);
        match self.items.get_mut(index) {
            None => self.items.push(Item {
                row,
                titles: further_title.into_iter().collect(),
            }),
            Some(item) => {
                let example = format!("line {line}: `{}`", shortened(&row.title));
                let what = "items that the file names again, merged";
                self.tally.tell(Sort::PassedOver, what, example);
                let new = further_title.filter(|title| !item.titles.contains(title));
                item.titles.extend(new);
            }
        }
    }
}

/// `title`, or what is wrong with it.
fn checked(title: &str) -> Result<String, &'static str> {
    let too_long = "titles over 300 characters";
    let title = text::line("title", title, LONGEST_TITLE).map_err(|error| match error.code {
        UserErrorCode::TextTooLong => too_long,
        UserErrorCode::TextRequired => "lines without a title",
        _ => "titles with control characters",
    })?;
    // Folding can make a text longer: ㍿ becomes four characters.
    if search::fold(&title).chars().count() > LONGEST_TITLE {
        return Err(too_long);
    }
    Ok(title)
}

fn further(what: &'static str) -> &'static str {
    match what {
        "titles over 300 characters" => "further titles over 300 characters",
        _ => "further titles with control characters",
    }
}

/// The year at the beginning of `text`: `1993-07-16` and `1993` are of 1993.
fn year_of(text: &str) -> Option<i32> {
    let year = text.trim().split('-').next()?;
    (year.len() == 4).then(|| year.parse().ok()).flatten()
}

fn is_japanese(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
}
