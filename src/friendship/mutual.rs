//! How the friends are found whom the viewer and somebody else have in common.

mod store;

use std::{cmp::Reverse, sync::Arc};

use entity::friendship;
use foldhash::{HashMap, HashMapExt, HashSet};
use uuid::Uuid;

use self::store::Friend;
use super::store::{FriendsPage, friends_of_each_among, friends_page};
use crate::{
    block::loader::hidden,
    cache::{Kept, Key},
    error::Error,
    loaders::{Access, Loaders, group_by, parts},
    paging::{Page, Slice},
};

/// How many friends of somebody are read in their order, to find a page of the mutual ones, rather
/// than to look for each of the viewer's. Nearly nobody can have more.
const READ_THROUGH: i64 = 1_000;
/// How many friends of the viewer and of all users are read together. Of more, and of more than a member
/// can have, the viewer's newest alone are looked at.
const READ_TOGETHER: i64 = 2_000;
/// The most of the viewer's, whatever the limit of friends is.
const MOST_OF_MINE: i64 = 100_000;

/// Pages of them.
type Found = HashMap<MutualFriendsOf, Arc<Slice<Friend>>>;

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

/// Whether each of `mine` is looked up among so many `friends` of a user. To read the user's friends
/// until a page is full is cheaper (two with 45 friends each: 0.04 ms for 0.09 on PostgreSQL, 0.03 for
/// 0.05 on SQLite), but can come to all of them (100,000: 18 ms and 8, where 45 look-ups take 0.07 and
/// 1,000 take 3). So it comes to at most [`READ_THROUGH`], or to as many as `mine` are.
fn looks_up(friends: i64, mine: &[Uuid]) -> bool {
    let mine = i64::try_from(mine.len()).unwrap_or(i64::MAX);
    friends > READ_THROUGH && friends > mine
}

/// The viewer's friends, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Mine {
    /// Who they are.
    pub ids: Arc<[Uuid]>,
    /// Whether these are all: of a tarento's friends, who may be very many, the newest are read alone.
    pub are_all: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct MineOf(Uuid);

#[async_trait::async_trait]
impl Access for MineOf {
    type Value = Mine;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let most = READ_TOGETHER.max(loaders.app.rules.friend_limit);
        let most = usize::try_from(most.min(MOST_OF_MINE)).unwrap_or(0);
        let hidden = hidden(loaders).await?;
        let mut found = HashMap::new();
        // The viewer's own are the only ones that are ever asked for. They decide who is shown whom.
        for key in keys {
            let db = loaders.app.database.reader();
            let mut ids = store::newest_friend_ids(db, key.0, most + 1).await?;
            let are_all = ids.len() <= most;
            ids.truncate(most);
            // A block that came between the two statements has ended a friendship of these.
            ids.retain(|id| !hidden.contains(*id));
            let ids = ids.into();
            found.insert(key.clone(), Mine { ids, are_all });
        }
        Ok(found)
    }
}

/// The friends of the viewer `me`.
///
/// # Errors
/// The database's.
pub async fn mine(loaders: &Loaders, me: Uuid) -> Result<Mine, Error> {
    Ok(loaders.load(MineOf(me)).await?.unwrap_or_default())
}

/// How many friends a user has who are the viewer's, too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MutualCountOf {
    /// Whose.
    pub user: Uuid,
    /// How many friends the user has.
    pub friends: i64,
}

#[async_trait::async_trait]
impl Access for MutualCountOf {
    type Value = i64;

    /// One statement beside the viewer's friends, and one more where there are users who have very many.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        let Some(me) = loaders.viewer.id() else {
            return Ok(found);
        };
        let mine = mine(loaders, me).await?.ids;
        if mine.is_empty() {
            return Ok(found);
        }
        for (looks_up, keys) in group_by(keys, |key| looks_up(key.friends, &mine)) {
            let mut users: Vec<_> = keys.iter().map(|key| key.user).collect();
            users.sort_unstable();
            users.dedup();
            let db = &loaders.db();
            let counts = if looks_up {
                store::count_among(db, &users, &mine).await?
            } else {
                friends_of_each_among(db, &users, &mine).await?
            };
            found.extend(keys.into_iter().map(|key| {
                let count = counts.get(&key.user).copied().unwrap_or_default();
                (key.clone(), count)
            }));
        }
        Ok(found)
    }
}

#[async_trait::async_trait]
impl Access for MutualFriendsOf {
    type Value = Arc<Slice<Friend>>;

    /// One statement, where the viewer and the users together have not too many friends to read them
    /// all. Otherwise one more for the viewer's, one for each distinct page, and one for the pages of
    /// those who have very many.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let Some(me) = loaders.viewer.id() else {
            return Ok(HashMap::new());
        };
        if let Some(found) = read_all(keys, me, loaders).await? {
            return Ok(found);
        }
        let hidden = hidden(loaders).await?;
        let mine = mine(loaders, me).await?.ids;
        let mut found = HashMap::new();
        if mine.is_empty() {
            return Ok(found);
        }
        for ((page, looks_up), keys) in
            group_by(keys, |key| (key.page.clone(), looks_up(key.friends, &mine)))
        {
            for keys in parts(&keys, page.limit) {
                let mut users: Vec<_> = keys.iter().map(|key| key.user).collect();
                // Somebody who made a friend meanwhile is here with both counts.
                users.sort_unstable();
                users.dedup();
                let db = loaders.db();
                let pages = if looks_up {
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
                    let slice = pages.get(&key.user).cloned().unwrap_or_default();
                    let friend = |row: friendship::Model| {
                        let (id, friendship) = (row.friend_id, row.id);
                        Some(Friend { id, friendship })
                    };
                    ((*key).clone(), Arc::new(slice.filter_map(friend)))
                }));
            }
        }
        Ok(found)
    }
}

/// All friends of a user, as they are kept.
struct AllFriends(Arc<[Friend]>);

impl Kept for AllFriends {
    fn size(&self) -> usize {
        self.0.len() * size_of::<Friend>()
    }
}

/// What `keys` find, by the friends of the viewer and of all users, read together; nothing where
/// these are too many. (On Citus they lie on a shard each.)
async fn read_all(
    keys: &[MutualFriendsOf],
    me: Uuid,
    loaders: &Loaders,
) -> Result<Option<Found>, Error> {
    let database = &loaders.app.database;
    let count: i64 = keys.iter().map(|key| key.friends).sum();
    if count > READ_TOGETHER || database.is_citus() {
        return Ok(None);
    }
    let hidden = hidden(loaders).await?;
    let mut users: Vec<_> = keys.iter().map(|key| key.user).chain([me]).collect();
    users.sort_unstable();
    users.dedup();
    // The viewer's decide who sees what: they are read at the primary, and never what is kept.
    let cache = loaders.cache();
    let (mut friends, mut missing) = (HashMap::new(), Vec::new());
    for user in users {
        let kept = (user != me).then(|| cache.get::<AllFriends>(&Key::AllFriends(user)));
        match kept.flatten() {
            Some(kept) => drop(friends.insert(user, kept.0.clone())),
            None => missing.push(user),
        }
    }
    let reading = cache.reading(missing.iter().map(|user| Key::AllFriends(*user)));
    let read = store::friends_of(database.reader(), &missing, READ_TOGETHER).await?;
    let Some(read) = read else {
        return Ok(None);
    };
    for (user, theirs) in &read {
        reading.keep(
            &Key::AllFriends(*user),
            &Arc::new(AllFriends(theirs.clone())),
        );
    }
    friends.extend(read);
    let of = |user| friends.get(user).map_or(&[][..], |friends| friends);
    let mine: HashSet<_> = of(&me).iter().map(|friend| friend.id).collect();
    let found: Found = keys
        .iter()
        .map(|key| {
            let common = of(&key.user).iter();
            let mut common: Vec<_> = common
                .filter(|friend| mine.contains(&friend.id) && !hidden.contains(friend.id))
                .collect();
            common.sort_unstable_by_key(|friend| Reverse(friend.friendship));
            let slice = key.page.cut(common.into_iter(), |friend| friend.friendship);
            (key.clone(), Arc::new(slice))
        })
        .collect();
    let rows = found.values().flat_map(|slice| &slice.rows);
    loaders.budget.read(rows.map(|_| 0))?;
    Ok(Some(found))
}
