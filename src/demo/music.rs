//! The demo's music: who made it, which songs its people like best, and what they listened to in the last
//! weeks.

use chrono::Duration;
use entity::{artist, catalogue_item, favourite_song, listen, values::CatalogueKind};

use super::{
    Community,
    draw::{Draw, Part},
    reviews::CATALOGUE,
};
use crate::{
    bulk::{artists::Artist, music::Listening},
    catalogue::artist::store::Name,
    music::listen::id_of,
    search,
};

/// How many favourite songs people have.
const FAVOURITES: [usize; 8] = [0, 0, 0, 1, 2, 3, 5, 8];
/// The known ones have so many.
const KNOWN: usize = 12;
/// So many in a hundred have a player that reports.
const REPORTING: usize = 30;
/// For so many weeks.
const WEEKS: i64 = 4;
/// How often they listen to something in a week, at the least and at the most.
const LISTENS: [usize; 2] = [2, 14];
/// The known ones do so oftener.
const KNOWN_LISTENS: [usize; 2] = [25, 40];
/// So many listens in a hundred are to a favourite song.
const TO_FAVOURITES: usize = 60;

impl Community {
    /// The artists of the built-in catalogue.
    pub(super) fn artists(&self) -> Vec<Artist> {
        let mut draw = Draw::new(self.seed, Part::Artists, 0);
        let created_at = super::people::opening();
        let mut artists: Vec<Artist> = Vec::new();
        for line in CATALOGUE.lines() {
            let mut cells = line.split('\t').skip(5);
            let Some(name) = cells.next() else { continue };
            let names = std::iter::once(name).chain(cells);
            let names = names.map(|name| Name {
                key: search::fold(name),
                name: name.to_owned(),
            });
            if artists.iter().all(|artist| artist.row.name != name) {
                artists.push(Artist {
                    row: artist::Model {
                        id: draw.id(created_at),
                        name: name.to_owned(),
                        created_at,
                    },
                    names: names.collect(),
                });
            }
        }
        artists
    }

    /// What everybody likes and listens to, of the songs among `items`, the first of which are the best
    /// known.
    pub(super) fn listening<'c>(
        &'c self,
        items: &'c [catalogue_item::Model],
    ) -> impl Iterator<Item = Listening> + 'c {
        let songs: Vec<_> = items
            .iter()
            .filter(|item| item.kind == CatalogueKind::Song)
            .collect();
        let people = self.people.iter().enumerate();
        people.map(move |(index, person)| {
            let mut draw = Draw::new(self.seed, Part::Music, index);
            let is_known = index < 2;
            let count = match is_known {
                true => KNOWN,
                false => draw.pick(&FAVOURITES).unwrap_or_default(),
            };
            let mut liked: Vec<usize> = Vec::new();
            for _ in 0..count {
                let song = draw.low_below(songs.len());
                if !liked.contains(&song) {
                    liked.push(song);
                }
            }
            let liked: Vec<_> = liked
                .into_iter()
                .filter_map(|song| songs.get(song).copied())
                .collect();
            let favourites = (1..)
                .zip(&liked)
                .map(|(place, song)| favourite_song::Model {
                    user_id: person.id,
                    item_id: song.id,
                    place,
                    added_at: draw.time(person.joined_at, self.now),
                });
            let favourites = favourites.collect();
            let mut listens = Vec::new();
            if is_known || draw.chance(REPORTING) {
                let [least, most] = if is_known { KNOWN_LISTENS } else { LISTENS };
                for week in 0..WEEKS {
                    let to = self.now - Duration::weeks(week);
                    let from = (to - Duration::weeks(1)).max(person.joined_at);
                    if from >= to {
                        break;
                    }
                    for _ in 0..draw.between(least, most) {
                        let song = match draw.chance(TO_FAVOURITES) {
                            true => draw.pick(&liked),
                            false => songs.get(draw.low_below(songs.len())).copied(),
                        };
                        let time = draw.time(from, to);
                        listens.extend(song.map(|song| listen::Model {
                            user_id: person.id,
                            id: id_of(person.id, song.id, time),
                            item_id: song.id,
                        }));
                    }
                }
            }
            listens.sort_unstable_by_key(|listen| listen.id);
            listens.dedup_by_key(|listen| listen.id);
            Listening {
                user: person.id,
                favourites,
                listens,
            }
        })
    }
}
