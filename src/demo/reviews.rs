//! The demo's catalogue and what is said of it.

use std::collections::HashMap;

use entity::{
    artist, catalogue_item, review,
    values::CatalogueKind::{self, *},
};

use super::{
    Community,
    draw::{Draw, Part},
};
use crate::{bulk::catalogue::Item, catalogue::service::by_artist, search};

/// A line an item: kind, title, further title, year, platform; of music, artist and further name.
pub(super) const CATALOGUE: &str = include_str!("texts/catalogue.tsv");
const REVIEWS: &str = include_str!("texts/reviews.txt");
const OF_A_KIND: &str = include_str!("texts/kinds.txt");

/// How often each rating is given: people review what they like.
const RATINGS: [(i32, usize); 5] = [(5, 38), (4, 32), (3, 18), (2, 8), (1, 4)];
/// How many reviews people have.
const COUNTS: [usize; 12] = [0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 6, 10];
/// The known ones have so many.
const KNOWN: usize = 10;

fn kind_of(word: &str) -> Option<CatalogueKind> {
    Some(match word {
        "CD" => Cd,
        "MOVIE" => Movie,
        "VIDEO_GAME" => VideoGame,
        "BOOK" => Book,
        "SONG" => Song,
        _ => return None,
    })
}

impl Community {
    /// The built-in catalogue, the music by `artists`, the items in an order of the seed's: the first are the best
    /// known.
    pub(super) fn catalogue(&self, artists: &HashMap<String, artist::Model>) -> Vec<Item> {
        let mut draw = Draw::new(self.seed, Part::Catalogue, 0);
        let mut items: Vec<_> = CATALOGUE
            .lines()
            .filter_map(|line| {
                let mut cells = line.split('\t');
                let kind = kind_of(cells.next()?)?;
                let title = cells.next()?;
                let other_title = cells.next()?;
                let year = cells.next()?;
                let platform = cells.next().filter(|platform| !platform.is_empty());
                let artist = cells
                    .next()
                    .and_then(|name| artists.get(&search::fold(name)));
                let edition = match kind {
                    VideoGame => platform.unwrap_or_default(),
                    Movie => year,
                    Cd | Book | Song => "",
                };
                let created_at = super::people::opening();
                let row = catalogue_item::Model {
                    id: draw.id(created_at),
                    kind,
                    title: title.to_owned(),
                    title_key: search::fold(title),
                    edition: edition.to_owned(),
                    year: year.parse().ok(),
                    platform: platform.map(str::to_owned),
                    artist_id: None,
                    created_at,
                };
                Some(Item {
                    row: match artist {
                        Some(artist) => by_artist(row, artist),
                        None => row,
                    },
                    titles: Some(other_title.to_owned())
                        .filter(|title| !title.is_empty())
                        .into_iter()
                        .collect(),
                })
            })
            .collect();
        draw.shuffle(&mut items);
        items
    }

    /// Every review of `items`, author by author, oldest first.
    pub(super) fn reviews<'c>(
        &'c self,
        items: &'c [catalogue_item::Model],
    ) -> impl Iterator<Item = review::Model> + 'c {
        let texts: Vec<_> = REVIEWS
            .lines()
            .filter_map(|line| line.split_once(' '))
            .collect();
        let of_a_kind: Vec<_> = OF_A_KIND
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(kind, text)| Some((kind_of(kind)?, text)))
            .collect();
        self.people
            .iter()
            .enumerate()
            .flat_map(move |(index, author)| {
                let mut draw = Draw::new(self.seed, Part::Reviews, index);
                let count = if index < 2 {
                    KNOWN
                } else {
                    draw.pick(&COUNTS).unwrap_or(0)
                };
                let mut chosen: Vec<_> = (0..count).map(|_| draw.low_below(items.len())).collect();
                chosen.sort_unstable();
                chosen.dedup();
                let mut reviews: Vec<_> = chosen
                    .into_iter()
                    .filter_map(|item| {
                        let item = items.get(item)?;
                        let rating = draw.weighted(&RATINGS)?;
                        let created_at = draw.time(author.joined_at, self.now);
                        Some(review::Model {
                            author_id: author.id,
                            item_id: item.id,
                            id: draw.id(created_at),
                            kind: item.kind,
                            rating,
                            body: body(&mut draw, &texts, &of_a_kind, item.kind, rating),
                            created_at,
                            edited_at: None,
                        })
                    })
                    .collect();
                reviews.sort_by_key(|review| (review.created_at, review.id));
                reviews
            })
    }
}

fn body(
    draw: &mut Draw,
    texts: &[(&str, &str)],
    of_a_kind: &[(CatalogueKind, &str)],
    kind: CatalogueKind,
    rating: i32,
) -> String {
    let rating = rating.to_string();
    let fit: Vec<_> = texts
        .iter()
        .filter(|(of, _)| *of == rating)
        .map(|(_, text)| *text)
        .collect();
    let mut body = draw.pick(&fit).unwrap_or_default().to_owned();
    if rating.as_str() >= "4" && draw.chance(60) {
        let fit: Vec<_> = of_a_kind
            .iter()
            .filter(|(of, _)| *of == kind)
            .map(|(_, text)| *text)
            .collect();
        body.push('\n');
        body.push_str(draw.pick(&fit).unwrap_or_default());
    }
    body
}
