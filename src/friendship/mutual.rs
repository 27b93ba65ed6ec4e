//! How the friends are found whom the viewer and somebody else have in common.

mod store;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entity::friendship;
use uuid::Uuid;

use super::{
    loader::friend_ids,
    store::{FriendsPage, friends_page},
};
use crate::{
    block::loader::hidden,
    error::Error,
    loaders::{Access, Loaders, group_by, parts},
    paging::{Page, Slice},
};

/// How many friends of somebody are read in their order, to find a page of the mutual ones, rather
/// than to look for each of the viewer's. Nearly nobody can have more.
const READ_THROUGH: i32 = 1_000;
/// How many friends of several users are read with the viewer's.
const READ_TOGETHER: i64 = 2_000;

type Pages = HashMap<Uuid, Slice<friendship::Model>>;

/// A page of a user's friends who are the viewer's, too, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MutualFriendsOf {
    /// Whose.
    pub user: Uuid,
    /// How many friends the user has.
    pub friends: i64,
    /// Which part.
    pub page: Page<Uuid>,
}

impl MutualFriendsOf {
    /// Whether each of `mine` is looked up. To read the user's friends until a page is full is cheaper
    /// (two with 45 friends each: 0.04 ms for 0.09 on PostgreSQL, 0.03 for 0.05 on SQLite), but can
    /// come to all of them (100,000: 18 ms and 8, where 45 look-ups take 0.07 and 1,000 take 3). So
    /// it comes to at most [`READ_THROUGH`], or to as many as the viewer has.
    fn looks_up(&self, mine: &[Uuid]) -> bool {
        let mine = i64::try_from(mine.len()).unwrap_or(i64::MAX);
        self.friends > READ_THROUGH.into() && self.friends > mine
    }
}

#[async_trait::async_trait]
impl Access for MutualFriendsOf {
    type Value = Arc<Slice<friendship::Model>>;

    /// One statement, where the viewer and the users together have not too many friends to read them
    /// all. Otherwise one for the viewer's, one for each distinct page, and one more for the pages of
    /// those who have very many.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let Some(me) = loaders.viewer.id() else {
            return Ok(HashMap::new());
        };
        if let Some(found) = read_all(keys, me, loaders).await? {
            return Ok(found);
        }
        let hidden = hidden(loaders).await?;
        let mine = friend_ids(loaders, me).await?;
        let mut found = HashMap::new();
        if mine.is_empty() {
            return Ok(found);
        }
        for ((page, looks_up), keys) in
            group_by(keys, |key| (key.page.clone(), key.looks_up(&mine)))
        {
            for keys in parts(&keys, page.limit) {
                let users: Vec<_> = keys.iter().map(|key| key.user).collect();
                let db = loaders.db();
                let mut pages: Pages = if looks_up {
                    store::friends_page(&db, &users, &mine, &page).await?
                } else {
                    let of = FriendsPage {
                        page: &page,
                        newest_first: true,
                        among: Some(&mine),
                        without: hidden.ids(),
                    };
                    friends_page(&db, &users, of).await?
                };
                let rows = pages.values().flat_map(|slice| &slice.rows);
                loaders.budget.read(rows.map(|_| 0))?;
                found.extend(keys.iter().map(|key| {
                    let slice = pages.remove(&key.user).unwrap_or_default();
                    ((*key).clone(), Arc::new(slice))
                }));
            }
        }
        Ok(found)
    }
}

/// What `keys` find, by the friends of the viewer and of all users, read together; nothing where
/// these are too many.
async fn read_all(
    keys: &[MutualFriendsOf],
    me: Uuid,
    loaders: &Loaders,
) -> Result<Option<HashMap<MutualFriendsOf, Arc<Slice<friendship::Model>>>>, Error> {
    if keys.iter().map(|key| key.friends).sum::<i64>() > READ_TOGETHER {
        return Ok(None);
    }
    let hidden = hidden(loaders).await?;
    let mut users: Vec<_> = keys.iter().map(|key| key.user).chain([me]).collect();
    users.sort_unstable();
    users.dedup();
    let whole = Page {
        limit: READ_THROUGH,
        backwards: false,
        after: None,
        before: None,
        texts: true,
    };
    let of = FriendsPage {
        page: &whole,
        newest_first: true,
        among: None,
        without: hidden.ids(),
    };
    // The viewer's decide who sees what: a replica could still know a friendship that has ended.
    let friends = friends_page(loaders.app.database.reader(), &users, of).await?;
    if friends.values().any(|slice| slice.has_next) {
        return Ok(None);
    }
    let of = |user| friends.get(user).map_or(&[][..], |slice| &slice.rows);
    let mine: HashSet<_> = of(&me).iter().map(|row| row.friend_id).collect();
    let found: HashMap<_, _> = keys
        .iter()
        .map(|key| {
            let common = of(&key.user).iter();
            let common = common.filter(|row| mine.contains(&row.friend_id));
            (key.clone(), Arc::new(key.page.cut(common, |row| row.id)))
        })
        .collect();
    let rows = found.values().flat_map(|slice| &slice.rows);
    loaders.budget.read(rows.map(|_| 0))?;
    Ok(Some(found))
}
