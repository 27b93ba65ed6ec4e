//! What people like and listen to, with what counts it.

use std::collections::BTreeMap;

use entity::{favourite_song, listen, song_chart, song_listener, weekly_listen};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    target::{Target, insert},
};
use crate::music::{
    listening::weekly,
    store::charts::{self, Uncharted},
};

/// What one user likes and listens to.
#[derive(Clone, Debug)]
pub struct Listening {
    /// Whose it is.
    pub user: Uuid,
    /// The favourite songs, in their order.
    pub favourites: Vec<favourite_song::Model>,
    /// What was listened to, in the order of the ids.
    pub listens: Vec<listen::Model>,
}

impl Batch for Listening {
    const ROWS: usize = 500;

    /// With the charts, but where everything goes at once: there they come after all of it, as
    /// [`chart_of`] has them.
    async fn write(to: Target<'_>, all: &[Self]) -> Result<(), DbErr> {
        let rows = all.iter().flat_map(|one| one.favourites.iter().cloned());
        insert(to, &rows.collect::<Vec<_>>()).await?;
        let rows = all.iter().flat_map(|one| one.listens.iter().cloned());
        insert(to, &rows.collect::<Vec<_>>()).await?;
        let rows = all.iter().flat_map(Self::weeks);
        insert(to, &rows.collect::<Vec<_>>()).await?;
        let rows = all.iter().flat_map(Self::last);
        insert(to, &rows.collect::<Vec<_>>()).await?;
        match to {
            Target::Statements(tx) => {
                let counted: Vec<_> = all.iter().flat_map(Self::counted).collect();
                charts::add(&tx.sql, &counted).await
            }
            Target::Whole(_) => Ok(()),
        }
    }
}

impl Listening {
    fn weeks(&self) -> Vec<weekly_listen::Model> {
        let counted = self.counted().into_iter();
        counted
            .map(|row| weekly_listen::Model {
                user_id: self.user,
                week: row.week,
                item_id: row.item_id,
                listens: row.listens,
            })
            .collect()
    }

    /// What comes of it to the charts.
    fn counted(&self) -> Vec<Uncharted> {
        let listens: Vec<_> = self
            .listens
            .iter()
            .map(|row| (row.id, row.item_id))
            .collect();
        let weeks = weekly(&listens).into_iter();
        weeks
            .map(|row| Uncharted {
                week: row.week,
                item_id: row.item_id,
                listens: row.listens,
                listeners: 1,
            })
            .collect()
    }

    fn last(&self) -> Vec<song_listener::Model> {
        // The last of each stands for those before.
        let last: BTreeMap<_, _> = self
            .listens
            .iter()
            .map(|row| (row.item_id, row.id))
            .collect();
        last.into_iter()
            .map(|(item_id, listen_id)| song_listener::Model {
                user_id: self.user,
                item_id,
                listen_id,
            })
            .collect()
    }
}

/// The charts to which `all` comes.
pub fn chart_of(all: impl Iterator<Item = Listening>) -> Vec<song_chart::Model> {
    let mut charts: BTreeMap<(i64, Uuid), [i64; 2]> = BTreeMap::new();
    for row in all.flat_map(|one| one.counted()) {
        let [listens, listeners] = charts.entry((row.week, row.item_id)).or_default();
        *listens += row.listens;
        *listeners += row.listeners;
    }
    let charts = charts.into_iter();
    charts
        .map(
            |((week, item_id), [listens, listeners])| song_chart::Model {
                week,
                item_id,
                listens,
                listeners,
            },
        )
        .collect()
}

/// A song in a weekly chart, after everything that it counts.
impl Batch for song_chart::Model {
    const ROWS: usize = 5000;

    async fn write(to: Target<'_>, rows: &[Self]) -> Result<(), DbErr> {
        insert(to, rows).await
    }
}
