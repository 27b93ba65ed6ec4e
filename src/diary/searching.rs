//! How diaries are found by their words: what has the terms by the index, and of that what the rules show to the
//! viewer, as everywhere.
//!
//! Three kinds are looked for, each by itself: those for everybody, or for members; those for friends of friends,
//! of authors who have a friend of the viewer's; and the viewer's own and those of friends, also for groups. What is
//! for others has none of the terms that are asked for, so it is not come upon, however much of it there is.

use std::sync::Arc;

use entity::diary;
use sea_orm::DbErr;

use super::{
    loader::visible_rows,
    store::words::{TEXTS, for_all, for_group, of_friend, of_own},
};
use crate::{
    error::Error,
    friendship::{group::store as groups, searcher::Searcher},
    loaders::Loaders,
    search::{Hit, Lane, Place, Query, Rank, Scope, Searched, Sought},
    visibility::{Relation, visible_audiences},
};

/// In their order.
const RANKS: [Rank; 2] = [Rank::InTitle, Rank::Elsewhere];

/// A search for diaries.
#[derive(Debug)]
pub struct Search<'l> {
    loaders: &'l Loaders,
    query: Query,
    searcher: Searcher,
    /// Those for everybody whom the viewer can be to somebody without a tie.
    for_others: Vec<Scope>,
    /// Those for friends of friends.
    for_tied: Vec<Scope>,
    /// Those of the viewer and of friends.
    of_known: Vec<Scope>,
}

impl<'l> Search<'l> {
    /// For what the viewer searches by `query`: a statement for the groups that they are in, beside those that say
    /// who they are.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin(loaders: &'l Loaders, query: Query) -> Result<Self, Error> {
        let searcher = Searcher::viewer(loaders).await?;
        let opened = |relation| visible_audiences(relation).iter().copied();
        let for_others: Vec<_> = opened(searcher.to_others).filter_map(for_all).collect();
        let for_tied = opened(Relation::FriendOfFriend).filter_map(for_all);
        let for_tied = for_tied
            .filter(|scope| !for_others.contains(scope))
            .collect();
        let friends = &searcher.friends;
        let own = searcher.me.into_iter().map(of_own);
        let mut of_known: Vec<_> = own.chain(friends.iter().copied().map(of_friend)).collect();
        if let Some(me) = searcher.me.filter(|_| !friends.is_empty()) {
            let reader = loaders.app.database.reader();
            for (author, those) in groups::opened_to(reader, me, friends).await? {
                of_known.extend(those.into_iter().map(|group| for_group(author, group.id)));
            }
        }
        // The same text for the same search.
        of_known.sort_unstable();
        Ok(Self {
            loaders,
            query,
            searcher,
            for_others,
            for_tied,
            of_known,
        })
    }

    /// What is looked at, each by itself.
    fn lanes(&self) -> impl Iterator<Item = (&[Scope], Lane<'_>)> {
        let tied = self.searcher.of_friends_of_friends();
        let known = (!self.of_known.is_empty()).then(|| self.searcher.of_known());
        let others = [(&*self.for_others, self.searcher.of_others())];
        let tied = tied.map(|lane| (&*self.for_tied, lane));
        let known = known.map(|lane| (&*self.of_known, lane));
        others.into_iter().chain(tied).chain(known)
    }

    /// Up to `limit` of one rank.
    async fn of_rank(&self, rank: Rank, from: &Place, limit: usize) -> Result<Vec<Hit>, DbErr> {
        let sought = Sought {
            query: &self.query,
            rank,
            now: self.searcher.now,
        };
        let db = self.loaders.db();
        TEXTS.of_rank(&db, sought, self.lanes(), from, limit).await
    }
}

#[async_trait::async_trait]
impl Searched for Search<'_> {
    type Place = Place;
    type Hit = Hit;
    type Found = Arc<diary::Model>;

    async fn hits(&self, from: &Place, limit: usize) -> Result<Vec<(Place, Hit)>, Error> {
        let mut found = Vec::new();
        for rank in RANKS {
            let missing = limit - found.len();
            if missing > 0 {
                let hits = self.of_rank(rank, from, missing).await?;
                found.extend(hits.into_iter().map(|hit| (Place::of(rank, &hit), hit)));
            }
        }
        Ok(found)
    }

    async fn shown(&self, hits: &[Hit]) -> Result<Vec<Option<Self::Found>>, Error> {
        let keys = hits.iter().map(|hit| [hit.author, hit.id]);
        let rows = visible_rows(self.loaders, keys).await?.into_iter();
        let is_meant = |row: &Arc<diary::Model>| self.query.is_in(&[&row.title, &row.body]);
        Ok(rows.map(|row| row.filter(is_meant)).collect())
    }
}
