//! Catalogue items, with their further titles and the search.

use std::collections::BTreeSet;

use entity::{catalogue_gram, catalogue_item, catalogue_title};
use sea_orm::DbErr;

use super::{Batch, insert};
use crate::{database::Tx, search};

/// An item that is to be written, whose (kind, title, edition) no other has.
#[derive(Clone, Debug)]
pub struct Item {
    /// The item.
    pub row: catalogue_item::Model,
    /// Its titles in further scripts.
    pub titles: Vec<String>,
}

impl Batch for Item {
    const ROWS: usize = 2000;

    async fn write(tx: &Tx, items: &[Self]) -> Result<(), DbErr> {
        let rows: Vec<_> = items.iter().map(|item| item.row.clone()).collect();
        insert(&tx.sql, &rows).await?;
        let titles: Vec<_> = items.iter().flat_map(Self::title_rows).collect();
        insert(&tx.sql, &titles).await?;
        let mut grams: Vec<_> = items.iter().flat_map(Self::search_rows).collect();
        grams.sort_unstable_by(|one, other| {
            (&one.gram, &one.title_key, one.item_id).cmp(&(
                &other.gram,
                &other.title_key,
                other.item_id,
            ))
        });
        insert(&tx.sql, &grams).await
    }
}

impl Item {
    fn title_rows(&self) -> impl Iterator<Item = catalogue_title::Model> + '_ {
        (1..)
            .zip(&self.titles)
            .map(|(position, title)| catalogue_title::Model {
                item_id: self.row.id,
                position,
                title: title.clone(),
            })
    }

    fn search_rows(&self) -> impl Iterator<Item = catalogue_gram::Model> + '_ {
        grams(&self.row.title, &self.titles)
            .into_iter()
            .map(|gram| catalogue_gram::Model {
                gram,
                title_key: self.row.title_key.clone(),
                item_id: self.row.id,
                kind: self.row.kind,
            })
    }
}

/// What an item is found by.
pub fn grams(title: &str, titles: &[String]) -> BTreeSet<String> {
    let mut grams = search::grams_of(&search::fold(title));
    for title in titles {
        grams.append(&mut search::grams_of(&search::fold(title)));
    }
    grams
}
