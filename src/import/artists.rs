//! The artists whom a catalogue of music names: lines of their own, and a column beside titles.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use entity::{artist, values::CatalogueKind};

use super::{
    failed,
    report::{Sort, Tally},
    sheet::shortened,
};
use crate::{
    app::App,
    bulk::{
        Batch,
        artists::{Artist, existing},
        catalogue::{Item, key},
    },
    catalogue::{
        artist::{service::LONGEST_NAME, store::Name},
        service::by_artist,
    },
    search, text,
};

/// The artists of a file.
#[derive(Debug, Default)]
pub(super) struct Artists {
    /// Their names, by folded name.
    names: BTreeMap<String, String>,
    /// Those who are written, by the names under which the file has them.
    known: HashMap<String, artist::Model>,
}

impl Artists {
    /// Takes the artist whom `line` names. Gives the folded name.
    pub(super) fn take(&mut self, line: u64, name: &str, tally: &mut Tally) -> Option<String> {
        let checked = text::line("artist", name, LONGEST_NAME).ok();
        let checked = checked.map(|name| (search::fold(&name), name));
        let checked = checked.filter(|(key, _)| key.chars().count() <= LONGEST_NAME);
        let Some((key, name)) = checked else {
            let example = format!("line {line}: `{}`", shortened(name));
            let what =
                "artists whose name is missing, over 100 characters, or of control characters";
            tally.tell(Sort::Refused, what, example);
            return None;
        };
        self.names.entry(key.clone()).or_insert(name);
        Some(key)
    }

    /// Writes those who are missing.
    pub(super) async fn write(&mut self, app: &App, tally: &mut Tally) -> anyhow::Result<()> {
        let mut names = std::mem::take(&mut self.names).into_iter();
        loop {
            let now = app.clock.now();
            let chunk: Arc<[Artist]> = names
                .by_ref()
                .take(Artist::ROWS)
                .map(|(key, name)| Artist {
                    row: artist::Model {
                        id: app.ids.at(now),
                        name: name.clone(),
                        created_at: now,
                    },
                    names: vec![Name { key, name }],
                })
                .collect();
            if chunk.is_empty() {
                return Ok(());
            }
            let all = chunk.len();
            let (missing, known) = app
                .database
                .write(move |tx| {
                    let chunk = chunk.clone();
                    Box::pin(async move {
                        let keys = chunk.iter().flat_map(|artist| &artist.names);
                        let keys: Vec<_> = keys.map(|name| name.key.clone()).collect();
                        let mut known = existing(&tx.sql, &keys).await?;
                        let is_missing = |artist: &&Artist| {
                            let mut names = artist.names.iter();
                            names.all(|name| !known.contains_key(&name.key))
                        };
                        let missing: Vec<_> = chunk.iter().filter(is_missing).cloned().collect();
                        Artist::write(tx.into(), &missing).await?;
                        let new = missing.iter().flat_map(|artist| {
                            let names = artist.names.iter();
                            names.map(|name| (name.key.clone(), artist.row.clone()))
                        });
                        known.extend(new);
                        Ok((missing.len(), known))
                    })
                })
                .await
                .map_err(failed)?;
            self.known.extend(known);
            tally.add(Sort::Took, "artists", missing);
            tally.add(Sort::Had, "artists", all - missing);
        }
    }

    /// Has the music among `items` be by its artists, whose folded names stand in the place of what tells
    /// items apart. Names of one artist can differ: what comes to the same then is one item.
    pub(super) fn name(&self, items: &mut Vec<Item>) {
        if self.known.is_empty() {
            return;
        }
        for item in items.iter_mut() {
            let is_music = matches!(item.row.kind, CatalogueKind::Cd | CatalogueKind::Song);
            let artist = self.known.get(&item.row.edition).filter(|_| is_music);
            if let Some(artist) = artist {
                item.row = by_artist(item.row.clone(), artist);
            }
        }
        let mut seen = HashSet::new();
        items.retain(|item| seen.insert(key(&item.row)));
    }
}
