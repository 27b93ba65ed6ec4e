//! How reviews are found by their words: those of everybody, for members, and beside them the viewer's own and
//! those of friends, who may be people whom no search finds.

use std::sync::Arc;

use entity::review;

use super::{
    loader::ReviewByKey,
    store::words::{TEXTS, for_members, of},
};
use crate::{
    error::Error,
    friendship::searcher::Searcher,
    loaders::Loaders,
    search::{Hit, Place, Query, Rank, Scope, Searched, Sought},
};

/// A search for reviews.
#[derive(Debug)]
pub struct Search<'l> {
    loaders: &'l Loaders,
    query: Query,
    searcher: Searcher,
    for_members: [Scope; 1],
    of_known: Vec<Scope>,
}

impl<'l> Search<'l> {
    /// For what the viewer, who may see reviews, searches by `query`.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin(loaders: &'l Loaders, query: Query) -> Result<Self, Error> {
        let searcher = Searcher::viewer(loaders).await?;
        let known = searcher.me.iter().chain(&searcher.friends);
        Ok(Self {
            of_known: known.map(|author| of(*author)).collect(),
            loaders,
            query,
            searcher,
            for_members: [for_members()],
        })
    }
}

#[async_trait::async_trait]
impl Searched for Search<'_> {
    type Place = Place;
    type Hit = Hit;
    type Found = Arc<review::Model>;

    async fn hits(&self, from: &Place, limit: usize) -> Result<Vec<(Place, Hit)>, Error> {
        let rank = Rank::Anywhere;
        let lanes = [
            (&self.for_members[..], self.searcher.of_others()),
            (&self.of_known[..], self.searcher.of_known()),
        ];
        let sought = Sought {
            query: &self.query,
            rank,
            now: self.searcher.now,
        };
        let db = self.loaders.db();
        let hits = TEXTS.of_rank(&db, sought, lanes.into_iter(), from, limit);
        let hits = hits.await?;
        let places = hits.into_iter().map(|hit| (Place::of(rank, &hit), hit));
        Ok(places.collect())
    }

    async fn shown(&self, hits: &[Hit]) -> Result<Vec<Option<Self::Found>>, Error> {
        let keys = hits.iter().map(|hit| ReviewByKey {
            key: [hit.author, hit.id],
            texts: true,
        });
        let rows = self.loaders.load_many(keys.collect()).await?.into_iter();
        let is_meant = |row: &Arc<review::Model>| self.query.is_in(&[&row.body]);
        Ok(rows.map(|row| row.filter(is_meant)).collect())
    }
}
