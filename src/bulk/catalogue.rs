//! Catalogue items, with their further titles and the search.

use std::collections::{BTreeSet, HashMap};

use entity::{catalogue_gram, catalogue_item, catalogue_title, values::CatalogueKind};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr};

use super::{
    Batch,
    target::{Target, insert},
};
use crate::{
    paging::columns,
    search,
    sql::{Column, Sql},
};

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

    async fn write(to: Target<'_>, items: &[Self]) -> Result<(), DbErr> {
        let rows: Vec<_> = items.iter().map(|item| item.row.clone()).collect();
        insert(to, &rows).await?;
        let titles: Vec<_> = items.iter().flat_map(Self::title_rows).collect();
        insert(to, &titles).await?;
        let mut grams: Vec<_> = items.iter().flat_map(Self::search_rows).collect();
        grams.sort_unstable_by(|one, other| {
            (&one.gram, &one.title_key, one.item_id).cmp(&(
                &other.gram,
                &other.title_key,
                other.item_id,
            ))
        });
        insert(to, &grams).await
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

/// What tells items apart: kind, folded title, edition.
pub type Key = (CatalogueKind, String, String);

/// The key of `row`.
pub fn key(row: &catalogue_item::Model) -> Key {
    (row.kind, row.title_key.clone(), row.edition.clone())
}

/// Those of `items` that the catalogue has already, by key.
///
/// # Errors
/// The database's.
pub async fn existing(
    db: &impl ConnectionTrait,
    items: &[Item],
) -> Result<HashMap<Key, catalogue_item::Model>, DbErr> {
    let texts = |text: fn(&catalogue_item::Model) -> String| {
        Column::Texts(items.iter().map(|item| text(&item.row)).collect())
    };
    let mut sql = Sql::of(db);
    let k = sql.table(
        "k",
        vec![
            ("kind", texts(|row| row.kind.to_value())),
            ("title_key", texts(|row| row.title_key.clone())),
            ("edition", texts(|row| row.edition.clone())),
        ],
    );
    let read = columns::<catalogue_item::Model>("i");
    let text = format!(
        "SELECT {read} FROM {k} CROSS JOIN catalogue_items AS i WHERE i.kind = k.kind \
         AND i.title_key = k.title_key AND i.edition = k.edition"
    );
    let found: Vec<catalogue_item::Model> = sql.models(db, text).await?;
    Ok(found.into_iter().map(|row| (key(&row), row)).collect())
}

/// Parts `items` into those that are missing from the catalogue, and the rows of all of them as
/// they stand in the catalogue once the missing ones are written.
pub fn settle(
    items: Vec<Item>,
    existing: &HashMap<Key, catalogue_item::Model>,
) -> (Vec<Item>, Vec<catalogue_item::Model>) {
    let mut missing = Vec::new();
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        match existing.get(&key(&item.row)) {
            Some(row) => rows.push(row.clone()),
            None => {
                rows.push(item.row.clone());
                missing.push(item);
            }
        }
    }
    (missing, rows)
}
