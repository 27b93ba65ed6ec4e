//! Reviews, with the item's list and figures and the author's counters.

use std::collections::BTreeMap;

use entity::{item_rating, item_review, review, values::CatalogueKind};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    counters::change,
    kept::{Change, Key},
    target::{Target, insert},
    texts::find,
    whole::Whole,
};
use crate::{
    review::store::words::{TEXTS, text_of},
    sql::Sql,
};

/// Reviews, one an author and item.
impl Batch for review::Model {
    const ROWS: usize = 5000;

    async fn write(to: Target<'_>, reviews: &[Self]) -> Result<(), DbErr> {
        insert(to, reviews).await?;
        find(to, &TEXTS, reviews.iter().map(text_of)).await?;
        let mut listed: Vec<_> = reviews
            .iter()
            .map(|review| item_review::Model {
                item_id: review.item_id,
                id: review.id,
                author_id: review.author_id,
            })
            .collect();
        listed.sort_unstable_by_key(|row| (row.item_id, row.id));
        insert(to, &listed).await?;
        rate(to, reviews).await?;
        count(to, reviews).await
    }
}

async fn rate(to: Target<'_>, reviews: &[review::Model]) -> Result<(), DbErr> {
    let mut ratings: BTreeMap<[Uuid; 1], [i64; 5]> = BTreeMap::new();
    for review in reviews {
        let stars = ratings.entry([review.item_id]).or_default();
        let rated = usize::try_from(review.rating - 1).unwrap_or(usize::MAX);
        if let Some(count) = stars.get_mut(rated) {
            *count += 1;
        }
    }
    if let Target::Statements(tx) = to {
        let items: Vec<_> = ratings.keys().copied().collect();
        let mut sql = Sql::of(&tx.sql);
        let i = sql.keys("i", &items);
        let text = format!(
            "INSERT INTO item_ratings (item_id) SELECT i.k0 FROM {i} WHERE true \
             ON CONFLICT DO NOTHING"
        );
        sql.run(&tx.sql, text).await?;
    }
    let columns = [
        ("stars_1", Change::Add),
        ("stars_2", Change::Add),
        ("stars_3", Change::Add),
        ("stars_4", Change::Add),
        ("stars_5", Change::Add),
    ];
    change(to, "item_ratings", ["item_id"], columns, &ratings).await
}

/// The figures of the items that `whole` has reviews of, after the last of them.
///
/// # Errors
/// Where it takes no more.
pub async fn rate_all(whole: &Whole) -> Result<(), DbErr> {
    let Target::Whole(copying) = whole.target() else {
        return Ok(());
    };
    let mut rows: Vec<_> = copying.count("item_ratings", |kept| {
        let row = |[item_id, _]: Key| item_rating::Model {
            item_id,
            stars_1: 0,
            stars_2: 0,
            stars_3: 0,
            stars_4: 0,
            stars_5: 0,
        };
        kept.keys().map(row).collect()
    })?;
    rows.sort_unstable_by_key(|row| row.item_id);
    copying.insert(&rows).await
}

async fn count(to: Target<'_>, reviews: &[review::Model]) -> Result<(), DbErr> {
    let mut written: BTreeMap<[Uuid; 1], [i64; 5]> = BTreeMap::new();
    for review in reviews {
        let [cd, movie, video_game, book, song] = written.entry([review.author_id]).or_default();
        *match review.kind {
            CatalogueKind::Cd => cd,
            CatalogueKind::Movie => movie,
            CatalogueKind::VideoGame => video_game,
            CatalogueKind::Book => book,
            CatalogueKind::Song => song,
        } += 1;
    }
    let columns = [
        ("cd_reviews", Change::Add),
        ("movie_reviews", Change::Add),
        ("video_game_reviews", Change::Add),
        ("book_reviews", Change::Add),
        ("song_reviews", Change::Add),
    ];
    change(to, "users", ["id"], columns, &written).await
}
