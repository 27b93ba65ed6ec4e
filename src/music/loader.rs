//! How favourite songs, listens and charts are found.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::{favourite_song, listen, song_listener};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::{
    node::Weekly,
    rank::{Chart, MOST_PLACES},
    store::{self, charts, listens},
};
use crate::{
    error::Error,
    friendship::mutual::mine,
    ids::least_at,
    loaders::{Access, Loaders, group_by, parts},
    paging::{Page, Slice},
};

/// The most friends of the viewer who are looked at: of who has more, the newest.
const MOST_FRIENDS: usize = 1_000;
/// The most songs of each of them that come to a chart of a week: those that they listen to most.
const MOST_SONGS: i64 = 50;
/// Who listened last longer ago is no listener any more.
const LISTENS_STILL: TimeDelta = TimeDelta::weeks(4);

/// A page of somebody's favourite songs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FavouritesOf {
    /// Whose.
    pub user: Uuid,
    /// Which part.
    pub page: Page<i64>,
}

#[async_trait::async_trait]
impl Access for FavouritesOf {
    type Value = Arc<Slice<favourite_song::Model>>;

    /// One statement for each distinct page.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            for keys in parts(&keys, page.limit) {
                let users: Vec<_> = keys.iter().map(|key| key.user).collect();
                let pages = store::of_users(&loaders.db(), &users, &page).await?;
                let pages = loaders.pages_of(keys, pages, |key| key.user, |_| 0)?;
                found.extend(pages.map(|(key, slice)| (key, Arc::new(slice))));
            }
        }
        Ok(found)
    }
}

/// How many favourite songs somebody has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FavouriteCountOf(pub Uuid);

#[async_trait::async_trait]
impl Access for FavouriteCountOf {
    type Value = i64;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let users: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = store::counts(&loaders.db(), &users).await?.into_iter();
        Ok(found.map(|(user, count)| (Self(user), count)).collect())
    }
}

/// A page of what somebody listened to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListensOf {
    /// Who.
    pub user: Uuid,
    /// Which part.
    pub page: Page<Uuid>,
}

#[async_trait::async_trait]
impl Access for ListensOf {
    type Value = Arc<Slice<listen::Model>>;

    /// One statement for each distinct page.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            for keys in parts(&keys, page.limit) {
                let users: Vec<_> = keys.iter().map(|key| key.user).collect();
                let pages = listens::of_users(&loaders.db(), &users, &page).await?;
                let pages = loaders.pages_of(keys, pages, |key| key.user, |_| 0)?;
                found.extend(pages.map(|(key, slice)| (key, Arc::new(slice))));
            }
        }
        Ok(found)
    }
}

/// The friends of the viewer who are looked at, the newest first. (They are read at the primary, and none is
/// among them who is hidden.)
async fn friends(loaders: &Loaders) -> Result<Vec<Uuid>, Error> {
    let mine = mine(loaders, loaders.viewer.member()?.id).await?;
    Ok(mine.ids.iter().take(MOST_FRIENDS).copied().collect())
}

/// A page of the viewer's friends who listen to a song.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FriendsListeningTo {
    /// Which song.
    pub song: Uuid,
    /// Which part.
    pub page: Page<Uuid>,
}

#[async_trait::async_trait]
impl Access for FriendsListeningTo {
    type Value = Arc<Slice<song_listener::Model>>;

    /// One statement for each distinct page, beside the one for the viewer's friends.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let friends = friends(loaders).await?;
        let mut found = HashMap::new();
        if friends.is_empty() {
            return Ok(found);
        }
        let since = least_at(loaders.app.clock.now() - LISTENS_STILL);
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            for keys in parts(&keys, page.limit) {
                let songs: Vec<_> = keys.iter().map(|key| key.song).collect();
                let db = &loaders.db();
                let pages = listens::listeners(db, &songs, &friends, since, &page).await?;
                let pages = loaders.pages_of(keys, pages, |key| key.song, |_| 0)?;
                found.extend(pages.map(|(key, slice)| (key, Arc::new(slice))));
            }
        }
        Ok(found)
    }
}

/// A weekly chart: of everybody, in which everybody counts, or of the viewer's friends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChartOf(pub Weekly);

#[async_trait::async_trait]
impl Access for ChartOf {
    type Value = Arc<Chart>;

    /// One statement for each week, and whose chart it is, beside the one for the viewer's friends.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for key in keys {
            let week = key.0.week.number();
            let db = &loaders.db();
            let songs = if key.0.by_friends {
                let friends = friends(loaders).await?;
                if friends.is_empty() {
                    continue;
                }
                charts::of_users(db, &friends, week, [MOST_SONGS, MOST_PLACES]).await?
            } else {
                charts::of_week(db, week, MOST_PLACES).await?
            };
            loaders.budget.read(songs.iter().map(|_| 0))?;
            found.insert(key.clone(), Arc::new(Chart::of(songs)));
        }
        Ok(found)
    }
}
