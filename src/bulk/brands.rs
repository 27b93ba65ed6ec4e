//! Brands' pages, and who follows them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{
    brand, brand_day, brand_editor, brand_follower, brand_gram, brand_handle, brand_post,
    followed_brand, run_brand, sequence,
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    counters::{COUNTERS, change},
    kept::Change,
    target::{Target, insert},
};
use crate::{
    brand::store::{days, grams, posts::SEQUENCE},
    clock::day_in_japan,
};

/// A page with who runs it and what it has published, but nobody who follows it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page. What it counts is counted here.
    pub row: brand::Model,
    /// Names that its owner runs it.
    pub owned: Uuid,
    /// Its editors, who has been one for the longest first.
    pub editors: Vec<brand_editor::Model>,
    /// Its posts. They bear their numbers.
    pub posts: Vec<brand_post::Model>,
}

/// A page's handle is free, and its posts' numbers are so, too.
impl Batch for Page {
    const ROWS: usize = 20;

    async fn write(to: Target<'_>, pages: &[Self]) -> Result<(), DbErr> {
        let rows: Vec<_> = pages.iter().map(Self::counted).collect();
        insert(to, &rows).await?;
        let handles = rows.iter().map(|row| brand_handle::Model {
            handle: row.handle.clone(),
            brand_id: row.id,
        });
        insert(to, &handles.collect::<Vec<_>>()).await?;
        let found = rows.iter().flat_map(|row| {
            grams(&row.handle, &row.name)
                .into_iter()
                .map(|gram| brand_gram::Model {
                    gram,
                    handle: row.handle.clone(),
                    brand_id: row.id,
                })
        });
        insert(to, &found.collect::<Vec<_>>()).await?;
        let editors = pages.iter().flat_map(|page| page.editors.iter().cloned());
        insert(to, &editors.collect::<Vec<_>>()).await?;
        let run = pages.iter().flat_map(Self::run);
        insert(to, &run.collect::<Vec<_>>()).await?;
        let posts = pages.iter().flat_map(|page| page.posts.iter().cloned());
        insert(to, &posts.collect::<Vec<_>>()).await?;
        match to {
            Target::Statements(tx) => days::add_many(&tx.sql, &days_of(pages, [])).await,
            Target::Whole(_) => Ok(()),
        }
    }
}

impl Page {
    fn counted(&self) -> brand::Model {
        let count = |length| i64::try_from(length).unwrap_or(i64::MAX);
        brand::Model {
            editor_count: count(self.editors.len()),
            post_count: count(self.posts.len()),
            post_number: count(self.posts.len()),
            ..self.row.clone()
        }
    }

    fn run(&self) -> Vec<run_brand::Model> {
        let run = |user_id, id, is_owner| run_brand::Model {
            user_id,
            brand_id: self.row.id,
            id,
            is_owner,
        };
        let editors = self.editors.iter();
        let editors = editors.map(|row| run(row.user_id, row.id, false));
        std::iter::once(run(self.row.owner_id, self.owned, true))
            .chain(editors)
            .collect()
    }
}

/// Which pages one user follows, who follows none yet.
#[derive(Clone, Debug)]
pub struct Follows(pub Vec<followed_brand::Model>);

impl Batch for Follows {
    const ROWS: usize = 2_000;

    /// With what came to the pages by day, but where everything goes at once: there it comes after all of it, as
    /// [`days_of`] has it.
    async fn write(to: Target<'_>, all: &[Self]) -> Result<(), DbErr> {
        let rows: Vec<_> = all.iter().flat_map(|one| one.0.iter().cloned()).collect();
        insert(to, &rows).await?;
        let ends = rows.iter().map(|row| brand_follower::Model {
            brand_id: row.brand_id,
            user_id: row.user_id,
        });
        insert(to, &ends.collect::<Vec<_>>()).await?;
        let (mut of_brands, mut of_users) = (BTreeMap::new(), BTreeMap::new());
        for row in &rows {
            let [count] = of_brands.entry([row.brand_id]).or_insert([0]);
            *count += 1;
            let [count] = of_users.entry([row.user_id]).or_insert([0]);
            *count += 1;
        }
        let count = [("follower_count", Change::Add)];
        change(to, "brands", ["id"], count, &of_brands).await?;
        let number = [("follow_number", Change::Add)];
        change(to, COUNTERS, ["user_id"], number, &of_users).await?;
        match to {
            Target::Statements(tx) => {
                let days = days_of(&[], all.iter().cloned());
                days::add_many(&tx.sql, &days).await
            }
            Target::Whole(_) => Ok(()),
        }
    }
}

/// What came to pages by day, as `pages` and `follows` have it.
pub fn days_of(
    pages: &[Page],
    follows: impl IntoIterator<Item = Follows>,
) -> Vec<brand_day::Model> {
    let mut days: BTreeMap<(Uuid, NaiveDate), [i64; 2]> = BTreeMap::new();
    for post in pages.iter().flat_map(|page| &page.posts) {
        let day = day_in_japan(post.created_at);
        let [_, posts] = days.entry((post.brand_id, day)).or_default();
        *posts += 1;
    }
    for row in follows.into_iter().flat_map(|one| one.0) {
        let day = day_in_japan(row.since);
        let [gained, _] = days.entry((row.brand_id, day)).or_default();
        *gained += 1;
    }
    let days = days.into_iter();
    days.map(|((brand_id, day), [gained, posts])| brand_day::Model {
        brand_id,
        day,
        gained,
        lost: 0,
        posts,
    })
    .collect()
}

/// What came to a page on a day, after everything that it counts.
impl Batch for brand_day::Model {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, rows: &[Self]) -> Result<(), DbErr> {
        insert(to, rows).await
    }
}

/// A sequence that nothing was numbered by yet.
impl Batch for sequence::Model {
    const ROWS: usize = 10;

    async fn write(to: Target<'_>, rows: &[Self]) -> Result<(), DbErr> {
        insert(to, rows).await
    }
}

/// The sequence of posts, the last of which bears `number`.
pub fn numbered(number: i64) -> sequence::Model {
    sequence::Model {
        name: SEQUENCE.to_owned(),
        number,
    }
}
