//! How groups of friends are found: at the primary, for they say who sees what.

use std::sync::Arc;

use entity::{friend_group, friend_group_member};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::{
    node::FriendGroup,
    store::{self, GroupKey, Opened, lists},
};
use crate::{
    error::Error,
    friendship::loader::Standing,
    loaders::{Access, Loaders, group_by, parts},
    paging::{Page, Slice},
};

/// All groups of a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct AllOf(Uuid);

#[async_trait::async_trait]
impl Access for AllOf {
    type Value = Arc<[friend_group::Model]>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        // Only the viewer's own are asked for: there is one key.
        for key in keys {
            let groups = store::all(loaders.app.database.reader(), key.0).await?;
            found.insert(key.clone(), groups.into());
        }
        Ok(found)
    }
}

/// All groups of the viewer `me`, in the order of their list.
///
/// # Errors
/// The database's.
pub async fn mine(loaders: &Loaders, me: Uuid) -> Result<Arc<[friend_group::Model]>, Error> {
    Ok(loaders.load(AllOf(me)).await?.unwrap_or_default())
}

/// A page of the friends in a group of the viewer's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MembersOf {
    /// Of which.
    pub group: GroupKey,
    /// Which part.
    pub page: Page<Uuid>,
}

#[async_trait::async_trait]
impl Access for MembersOf {
    type Value = Arc<Slice<friend_group_member::Model>>;

    /// One statement for each distinct page. Who is absent is none of them; who is hidden by a block is no
    /// friend.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        let absent = loaders.absent();
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            for keys in parts(&keys, page.limit) {
                let groups: Vec<_> = keys.iter().map(|key| key.group).collect();
                let db = loaders.app.database.reader();
                let pages = lists::members_page(db, &groups, &page, absent.ids()).await?;
                let pages = loaders.pages_of(keys, pages, |key| key.group, |_| 0)?;
                found.extend(pages.map(|(key, slice)| (key, Arc::new(slice))));
            }
        }
        Ok(found)
    }
}

/// How many of those in a group of the viewer's are absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct AbsentIn(GroupKey);

#[async_trait::async_trait]
impl Access for AbsentIn {
    type Value = i64;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let groups: Vec<_> = keys.iter().map(|key| key.0).collect();
        let db = loaders.app.database.reader();
        let found = lists::members_among(db, &groups, loaders.absent().ids()).await?;
        let found = found.into_iter();
        Ok(found.map(|(group, count)| (Self(group), count)).collect())
    }
}

/// How many of the friends in `group` the viewer can see: no statement where nobody is absent.
///
/// # Errors
/// The database's.
pub async fn friends_count(loaders: &Loaders, group: &FriendGroup) -> Result<i64, Error> {
    if loaders.absent().is_empty() {
        return Ok(group.friends_of_all);
    }
    let absent = loaders.load(AbsentIn(group.key)).await?;
    Ok((group.friends_of_all - absent.unwrap_or_default()).max(0))
}

/// In which groups of the viewer's a user is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct With(Uuid);

#[async_trait::async_trait]
impl Access for With {
    type Value = Arc<[Uuid]>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let Some(me) = loaders.viewer.id() else {
            return Ok(HashMap::new());
        };
        let absent = loaders.absent();
        let friends: Vec<_> = keys.iter().map(|key| absent.veiled(key.0)).collect();
        let db = loaders.app.database.reader();
        let found = store::groups_with(db, me, &friends).await?.into_iter();
        Ok(found
            .map(|(friend, groups)| (Self(friend), groups.into()))
            .collect())
    }
}

/// The ids of the viewer's groups that `user` is in.
///
/// # Errors
/// The database's.
pub async fn with(loaders: &Loaders, user: Uuid) -> Result<Arc<[Uuid]>, Error> {
    Ok(loaders.load(With(user)).await?.unwrap_or_default())
}

/// The groups of a user that the viewer is in, and for which there are diaries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct OpenedBy(Uuid);

#[async_trait::async_trait]
impl Access for OpenedBy {
    type Value = Arc<[Opened]>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let Some(me) = loaders.viewer.id() else {
            return Ok(HashMap::new());
        };
        let owners: Vec<_> = keys.iter().map(|key| key.0).collect();
        let db = loaders.app.database.reader();
        let found = store::opened_to(db, me, &owners).await?.into_iter();
        Ok(found
            .map(|(owner, groups)| (Self(owner), groups.into()))
            .collect())
    }
}

/// The groups of `owner` that the viewer is in, and for which there are diaries. Where there are none, as
/// `standing` says, none are asked for: nobody learns by the time that it takes in which groups they are.
///
/// # Errors
/// The database's.
pub async fn opened_by(
    loaders: &Loaders,
    owner: Uuid,
    standing: Standing,
) -> Result<Arc<[Opened]>, Error> {
    if !standing.sees_group_diaries {
        return Ok(Arc::default());
    }
    Ok(loaders.load(OpenedBy(owner)).await?.unwrap_or_default())
}
