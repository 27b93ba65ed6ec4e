//! How friendships, requests and the relation of the viewer to others are found.

use std::sync::Arc;

use entity::{friend_request, friendship, user};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::{reach, relations::store as ties, store};
use crate::{
    block::loader::hidden,
    cache::{Kept, Key},
    error::Error,
    loaders::{Access, Firsts, Loaders, group_by, parts},
    paging::{First, Page, Slice},
    viewer::Viewer,
    visibility::Relation,
};

/// How the viewer stands to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What the viewer is to the user.
    pub relation: Relation,
    /// Whether there are diaries of the user's for groups that the viewer is in: of others they are not
    /// looked for.
    pub sees_group_diaries: bool,
}

impl From<Relation> for Standing {
    /// Of who is in no group.
    fn from(relation: Relation) -> Self {
        Self {
            relation,
            sees_group_diaries: false,
        }
    }
}

/// What the viewer is to a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelationTo(pub Uuid);

#[async_trait::async_trait]
impl Access for RelationTo {
    type Value = Standing;

    /// One statement tells the friends, and whose groups matter; one more, where there are others, the
    /// friends of friends and who is out of reach.
    /// Who is hidden by a block takes as many as a stranger.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let Viewer::Member(me) = loaders.viewer else {
            let relation = |key: &Self| (key.clone(), of_nobody(loaders, key.0).into());
            return Ok(keys.iter().map(relation).collect());
        };
        // It decides who sees what: a replica could still know a friendship that has ended.
        let db = loaders.app.database.reader();
        let hidden = hidden(loaders).await?;
        let others: Vec<_> = keys
            .iter()
            .map(|key| key.0)
            .filter(|id| *id != me.id)
            .collect();
        let friends = if others.is_empty() {
            HashMap::new()
        } else {
            let pairs: Vec<_> = others.iter().map(|other| [me.id, *other]).collect();
            ties::friendships(db, &pairs).await?
        };
        let strangers: Vec<_> = others
            .into_iter()
            .filter(|id| !friends.contains_key(&[me.id, *id]))
            .collect();
        let relations = if strangers.is_empty() {
            HashMap::new()
        } else {
            let mine = friend_ids(loaders, me.id).await?;
            let majority = loaders.app.majority();
            let ties = loaders.app.ties_for(me.id);
            reach::of_others(db, majority, me.id, &strangers, &mine, &ties).await?
        };
        Ok(keys
            .iter()
            .map(|key| {
                let relation = if key.0 == me.id {
                    Relation::Myself
                } else if hidden.contains(key.0) {
                    Relation::Blocked
                } else if let Some(friendship) = friends.get(&[me.id, key.0]) {
                    return (key.clone(), standing_of(friendship));
                } else {
                    let relation = relations.get(&key.0).copied();
                    relation.unwrap_or(Relation::Stranger)
                };
                (key.clone(), relation.into())
            })
            .collect())
    }
}

/// How the viewer, whose `friendship` it is, stands to the friend.
pub fn standing_of(friendship: &friendship::Model) -> Standing {
    Standing {
        relation: Relation::Friend,
        sees_group_diaries: friendship.sees_group_diaries,
    }
}

/// What who is not signed in is to `user`.
fn of_nobody(loaders: &Loaders, user: Uuid) -> Relation {
    if loaders.absent().contains(user) {
        Relation::Blocked
    } else {
        Relation::Anonymous
    }
}

/// What the viewer is to `user`.
///
/// # Errors
/// The database's.
pub async fn relation_to(loaders: &Loaders, user: Uuid) -> Result<Relation, Error> {
    Ok(standing_to(loaders, user).await?.relation)
}

/// How the viewer stands to `user`.
///
/// # Errors
/// The database's.
pub async fn standing_to(loaders: &Loaders, user: Uuid) -> Result<Standing, Error> {
    // What needs no statement waits for no batch.
    match loaders.viewer.id() {
        None => Ok(of_nobody(loaders, user).into()),
        Some(me) if me == user => Ok(Relation::Myself.into()),
        Some(_) => Ok(loaders
            .load(RelationTo(user))
            .await?
            .unwrap_or(Relation::Stranger.into())),
    }
}

/// What the viewer, who sees the absent and a tie through friends in common with a user, is to the user
/// without the absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct RelationWithoutAbsent(Uuid);

#[async_trait::async_trait]
impl Access for RelationWithoutAbsent {
    type Value = Relation;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let app = &loaders.app;
        let me = loaders.viewer.id().unwrap_or_default();
        let mine = friend_ids(loaders, me).await?;
        let others: Vec<_> = keys.iter().map(|key| key.0).collect();
        let (majority, ties) = (app.majority(), app.ties_for_acts());
        let db = app.database.reader();
        let found = reach::of_others(db, majority, me, &others, &mine, &ties).await?;
        Ok(found.into_iter().map(|(id, it)| (Self(id), it)).collect())
    }
}

/// What the viewer is to `user`, where the viewer would do something with them: who promises that asks here.
/// It is what [`relation_to`] says, but for who sees the absent, with whom and through whom nobody does
/// anything.
///
/// # Errors
/// The database's.
pub async fn relation_for_acts(loaders: &Loaders, user: Uuid) -> Result<Relation, Error> {
    if !can_act_with(loaders, user) {
        return Ok(Relation::Blocked);
    }
    let relation = relation_to(loaders, user).await?;
    let me = loaders.viewer.id().unwrap_or_default();
    if relation != Relation::FriendOfFriend || !loaders.app.absences.is_staff(me) {
        return Ok(relation);
    }
    let found = loaders.load(RelationWithoutAbsent(user)).await?;
    Ok(found.unwrap_or(Relation::OutOfReach))
}

/// Whether the viewer could do anything with `user`, or with what is theirs: not where they are absent, whom
/// moderators and administrators see, nor who has wished the own account away.
pub fn can_act_with(loaders: &Loaders, user: Uuid) -> bool {
    let (app, viewer) = (&loaders.app, loaders.viewer);
    viewer
        .id()
        .is_some_and(|me| !app.is_leaving(viewer) && !app.absent_for_acts(me).contains(user))
}

/// The ids of a user's friends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct FriendIdsOf(Uuid);

#[async_trait::async_trait]
impl Access for FriendIdsOf {
    type Value = Arc<[Uuid]>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        // Only the viewer's own are asked for: there is one key. They, too, decide who sees what.
        for key in keys {
            let hidden = hidden(loaders).await?;
            let mut ids = store::friend_ids(loaders.app.database.reader(), key.0).await?;
            // A block that came between the two statements has ended a friendship of these.
            ids.retain(|id| !hidden.contains(*id));
            found.insert(key.clone(), ids.into());
        }
        Ok(found)
    }
}

/// The ids of the friends of the viewer `me`.
///
/// # Errors
/// The database's.
pub async fn friend_ids(loaders: &Loaders, me: Uuid) -> Result<Arc<[Uuid]>, Error> {
    Ok(loaders.load(FriendIdsOf(me)).await?.unwrap_or_default())
}

/// A page of a user's friends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FriendsOf {
    /// Whose.
    pub user: Uuid,
    /// Which part.
    pub page: Page<Uuid>,
    /// In which order.
    pub newest_first: bool,
}

#[async_trait::async_trait]
impl Access for FriendsOf {
    type Value = Arc<Slice<friendship::Model>>;

    /// One statement for each distinct set of arguments.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let mut found = HashMap::new();
        for (args, keys) in group_by(keys, |key| (key.page.clone(), key.newest_first)) {
            let (page, newest_first) = args;
            // The newest friends, as they are for everybody who blocks nobody.
            let is_first = page.is_first() && newest_first;
            let kept = hidden.common().filter(|_| is_first);
            let firsts = Firsts::new(loaders, page.limit, kept, |key: &Self, number| {
                Key::Friends(key.user, number)
            });
            let keys = firsts.find(keys, &mut found)?;
            for keys in parts(&keys, page.limit) {
                let users: Vec<_> = keys.iter().map(|key| key.user).collect();
                let (db, reading) = firsts.reading(keys);
                let of = store::FriendsPage {
                    page: &page,
                    newest_first,
                    among: None,
                    without: hidden.ids(),
                };
                let mut pages = store::friends_page(&db, &users, of).await?;
                let rows = pages.values().flat_map(|slice| &slice.rows);
                loaders.budget.read(rows.map(|_| 0))?;
                found.extend(keys.iter().map(|key| {
                    let slice = pages.remove(&key.user).unwrap_or_default();
                    firsts.keep(&reading, key, slice)
                }));
            }
        }
        Ok(found)
    }
}

impl Kept for First<friendship::Model> {
    fn size(&self) -> usize {
        self.rows.len() * size_of::<friendship::Model>()
    }
}

/// How many of a user's friends are hidden from the viewer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct HiddenFriendsOf(Uuid);

#[async_trait::async_trait]
impl Access for HiddenFriendsOf {
    type Value = i64;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        if hidden.is_empty() {
            return Ok(HashMap::new());
        }
        let users: Vec<_> = keys.iter().map(|key| key.0).collect();
        let db = loaders.app.database.reader();
        let found = store::friends_of_each_among(db, &users, hidden.ids()).await?;
        Ok(found
            .into_iter()
            .map(|(user, count)| (Self(user), count))
            .collect())
    }
}

/// How many friends of `user` the viewer can see: no statement where nobody is hidden.
///
/// # Errors
/// The database's.
pub async fn friend_count(loaders: &Loaders, user: &user::Model) -> Result<i64, Error> {
    if !loaders.may_hide() {
        return Ok(user.friend_count);
    }
    let hidden = loaders.load(HiddenFriendsOf(user.id)).await?;
    Ok((user.friend_count - hidden.unwrap_or_default()).max(0))
}

/// The request between the viewer and a user, as it stands in the viewer's list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestWith(pub Uuid);

#[async_trait::async_trait]
impl Access for RequestWith {
    type Value = friend_request::Model;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let Viewer::Member(me) = loaders.viewer else {
            return Ok(HashMap::new());
        };
        let hidden = hidden(loaders).await?;
        let others: Vec<_> = keys.iter().map(|key| hidden.veiled(key.0)).collect();
        let found = store::requests_with(&loaders.db(), me.id, &others).await?;
        Ok(found
            .into_iter()
            .map(|(other, row)| (RequestWith(other), row))
            .collect())
    }
}
