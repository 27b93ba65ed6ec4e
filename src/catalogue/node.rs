//! The catalogue item's own fields.

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};
use entity::{catalogue_item, item_rating, values};
use uuid::Uuid;

use crate::{
    graphql::{id::NodeId, text::Text},
    ids::Kind,
    paging::{connection, int},
};

/// Something that can be reviewed: a CD, a film, a game, a book, a song.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct CatalogueItem {
    /// Names this item among all, for ever.
    pub id: NodeId,
    /// What kind of thing it is.
    pub kind: CatalogueKind,
    /// The title, 1-300 characters.
    pub title: Text<Arc<catalogue_item::Model>>,
    /// The year that it came out, if known.
    pub year: Option<i32>,
    /// What it runs on, if known; of games, mostly.
    pub platform: Option<String>,
    /// What names it in the database.
    #[graphql(skip)]
    pub item_id: Uuid,
    /// What names its artist.
    #[graphql(skip)]
    pub artist_id: Option<Uuid>,
}

impl From<Arc<catalogue_item::Model>> for CatalogueItem {
    fn from(row: Arc<catalogue_item::Model>) -> Self {
        Self {
            id: NodeId::new(Kind::CatalogueItem, [row.id]),
            kind: row.kind.into(),
            title: Text::new(&row, |row| &row.title),
            year: row.year,
            platform: row.platform.clone(),
            item_id: row.id,
            artist_id: row.artist_id,
        }
    }
}

/// A kind of thing that can be reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, serde::Serialize, serde::Deserialize)]
#[graphql(remote = "values::CatalogueKind")]
pub enum CatalogueKind {
    /// A music album.
    Cd,
    /// A film.
    Movie,
    /// A video game.
    VideoGame,
    /// A book.
    Book,
    /// A single song.
    Song,
}

/// What all reviewers of an item together think of it. Always exact.
#[derive(Clone, Debug, SimpleObject)]
pub struct RatingSummary {
    /// How many reviews there are.
    pub count: i32,
    /// The mean rating, 1-5; null where there is no review.
    pub mean: Option<f64>,
    /// How many reviews give each rating, from 1 to 5.
    pub histogram: Vec<RatingBar>,
}

/// How many reviews give one rating.
#[derive(Clone, Debug, SimpleObject)]
pub struct RatingBar {
    /// The rating, 1-5.
    pub stars: i32,
    /// How many reviews give it.
    pub count: i32,
}

impl RatingSummary {
    /// The summary of `row`, or of no review.
    pub fn new(row: Option<&item_rating::Model>) -> Self {
        let counts = row.map_or([0; 5], |row| {
            [
                row.stars_1,
                row.stars_2,
                row.stars_3,
                row.stars_4,
                row.stars_5,
            ]
        });
        let count: i64 = counts.iter().sum();
        let sum: i64 = (1..).zip(counts).map(|(stars, count)| stars * count).sum();
        Self {
            count: int(count),
            #[allow(clippy::cast_precision_loss)] // counts stay far under 2^52
            mean: (count > 0).then(|| sum as f64 / count as f64),
            histogram: (1..)
                .zip(counts)
                .map(|(stars, count)| RatingBar {
                    stars,
                    count: int(count),
                })
                .collect(),
        }
    }
}

connection! {
    /// A page of catalogue items.
    CatalogueItemConnection,
    /// A catalogue item in a list.
    CatalogueItemEdge {},
    CatalogueItem,
    /// How many items the whole list has; null where counting would cost more than the page.
    Option<i32>
}
