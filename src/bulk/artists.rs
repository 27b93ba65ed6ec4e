//! Artists, with their names and the search.

use std::collections::HashMap;

use entity::{artist, artist_gram, artist_name};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    Batch,
    target::{Target, insert},
};
use crate::{
    catalogue::artist::store::{Name, grams},
    paging::columns,
    sql::{Cells, Column, Row, Sql},
};

/// An artist who is to be written, whose names lead to nobody yet.
#[derive(Clone, Debug)]
pub struct Artist {
    /// The artist.
    pub row: artist::Model,
    /// All names, the main one first.
    pub names: Vec<Name>,
}

impl Batch for Artist {
    const ROWS: usize = 2000;

    async fn write(to: Target<'_>, artists: &[Self]) -> Result<(), DbErr> {
        let rows: Vec<_> = artists.iter().map(|artist| artist.row.clone()).collect();
        insert(to, &rows).await?;
        let names: Vec<_> = artists.iter().flat_map(Self::name_rows).collect();
        insert(to, &names).await?;
        let grams: Vec<_> = artists.iter().flat_map(Self::search_rows).collect();
        insert(to, &grams).await
    }
}

impl Artist {
    fn name_rows(&self) -> impl Iterator<Item = artist_name::Model> + '_ {
        let names = (0..).zip(&self.names);
        names.map(|(position, name)| artist_name::Model {
            name_key: name.key.clone(),
            artist_id: self.row.id,
            position,
            name: name.name.clone(),
        })
    }

    fn search_rows(&self) -> impl Iterator<Item = artist_gram::Model> + '_ {
        let main = self.names.first();
        let grams = grams(self.names.iter().map(|name| name.key.as_str()));
        grams.into_iter().map(move |gram| artist_gram::Model {
            gram,
            name_key: main.map(|name| name.key.clone()).unwrap_or_default(),
            artist_id: self.row.id,
        })
    }
}

/// The artists to whom the folded names `keys` lead, by name.
///
/// # Errors
/// The database's.
pub async fn existing(
    db: &impl ConnectionTrait,
    keys: &[String],
) -> Result<HashMap<String, artist::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let k = sql.table("k", vec![("name_key", Column::Texts(keys.to_vec()))]);
    let read = columns::<artist::Model>("a");
    let text = format!(
        "SELECT {read}, n.name_key FROM {k} CROSS JOIN artist_names AS n CROSS JOIN artists AS a \
         WHERE n.name_key = k.name_key AND a.id = n.artist_id"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::of(row);
            let artist = artist::Model::read(&mut cells)?;
            Ok((cells.one()?, artist))
        })
        .collect()
}

/// Parts `artists` into those who are missing, and gives all as they are once the missing ones are written,
/// by main name, folded. Of further names those that lead to others are left out.
pub fn settle(
    artists: Vec<Artist>,
    existing: &HashMap<String, artist::Model>,
) -> (Vec<Artist>, HashMap<String, artist::Model>) {
    let (mut missing, mut all) = (Vec::new(), HashMap::new());
    for mut artist in artists {
        let Some(main) = artist.names.first().map(|name| name.key.clone()) else {
            continue;
        };
        match existing.get(&main) {
            Some(row) => _ = all.insert(main, row.clone()),
            None => {
                artist
                    .names
                    .retain(|name| !existing.contains_key(&name.key));
                all.insert(main, artist.row.clone());
                missing.push(artist);
            }
        }
    }
    (missing, all)
}
