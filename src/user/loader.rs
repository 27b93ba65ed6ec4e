//! How users are found.

use std::{collections::HashMap, sync::Arc};

use entity::{user, user_counter};
use uuid::Uuid;

use super::{node::User, store};
use crate::{
    app::App,
    block::loader::hidden,
    cache::{Cache, Kept, Key},
    error::Error,
    loaders::{Access, Loaders, parts},
};

/// A user by id, if there is one that the viewer may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserById(pub Uuid);

#[async_trait::async_trait]
impl Access for UserById {
    type Value = Arc<user::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let cache = loaders.cache();
        let (mut found, mut missing) = (HashMap::new(), Vec::new());
        for key in keys {
            // Whoever is hidden is looked for as who is absent is.
            let id = hidden.veiled(key.0);
            match cache.get::<user::Model>(&Key::User(id)) {
                Some(user) => {
                    found.insert(key.clone(), user);
                }
                None => missing.push(id),
            }
        }
        let bios = |users: &HashMap<Self, Arc<user::Model>>| -> Vec<_> {
            users.values().map(|user| user.bio.len()).collect()
        };
        loaders.budget.read(bios(&found))?;
        for ids in parts(&missing, 1) {
            let reading = cache.reading(ids.iter().map(|id| Key::User(*id)));
            let rows = store::by_ids(&loaders.source(), ids).await?;
            let rows = rows
                .into_iter()
                .map(|(id, user)| (Self(id), Arc::new(user)));
            let rows = rows.collect();
            loaders.budget.read(bios(&rows))?;
            for (Self(id), user) in &rows {
                reading.keep(&Key::User(*id), user);
            }
            found.extend(rows);
        }
        Ok(found)
    }
}

impl Kept for user::Model {
    fn size(&self) -> usize {
        size_of::<Self>() + self.username.len() + self.nickname.len() + self.bio.len()
    }
}

/// Who has a user name.
struct Named(Uuid);

impl Kept for Named {
    fn size(&self) -> usize {
        size_of::<Self>()
    }
}

/// Who has `username` by what is kept. A name can change its user: only the user, who is kept too, and
/// forgotten when the name changes, says that it has not.
fn kept_id(cache: &Cache, username: &str) -> Option<Uuid> {
    let named = cache.get::<Named>(&Key::Username(username.to_owned()))?;
    let user = cache.get::<user::Model>(&Key::User(named.0))?;
    (user.username == username).then_some(user.id)
}

/// What is counted of a user for that user alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CountersOf(pub Uuid);

#[async_trait::async_trait]
impl Access for CountersOf {
    type Value = Arc<user_counter::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        // Only a viewer asks for counters, and only for their own: there is one key.
        for key in keys {
            if let Some(row) = store::counters(&loaders.db(), key.0).await? {
                found.insert(key.clone(), Arc::new(row));
            }
        }
        Ok(found)
    }
}

/// The user with `id`, if there is one that the viewer may see.
///
/// # Errors
/// The database's.
pub async fn user(loaders: &Loaders, id: Uuid) -> Result<Option<User>, Error> {
    Ok(loaders.load(UserById(id)).await?.map(User::from))
}

/// The user with `id` that another row names.
///
/// # Errors
/// [`Error::Internal`] where the row names nobody.
pub async fn named(loaders: &Loaders, id: Uuid) -> Result<User, Error> {
    user(loaders, id)
        .await?
        .ok_or_else(|| Error::internal(format!("a row names the absent user {id}")))
}

/// The users with `ids`, in that order, without those that the viewer may not see.
///
/// # Errors
/// The database's.
pub async fn users(loaders: &Loaders, ids: Vec<Uuid>) -> Result<HashMap<Uuid, User>, Error> {
    let found = loaders
        .load_many(ids.into_iter().map(UserById).collect())
        .await?;
    Ok(found
        .into_iter()
        .flatten()
        .map(|row| (row.id, User::from(row)))
        .collect())
}

/// What is counted of the viewer.
///
/// # Errors
/// [`Error::Internal`] where the row is missing.
pub async fn counters(loaders: &Loaders, id: Uuid) -> Result<Arc<user_counter::Model>, Error> {
    loaders
        .load(CountersOf(id))
        .await?
        .ok_or_else(|| Error::internal(format!("the user {id} has no counters")))
}

/// The same as it is now, whatever a replica has.
///
/// # Errors
/// [`Error::Internal`] where the row is missing.
pub async fn counters_now(loaders: &Loaders, id: Uuid) -> Result<Arc<user_counter::Model>, Error> {
    let row = store::counters(loaders.app.database.reader(), id).await?;
    row.map(Arc::new)
        .ok_or_else(|| Error::internal(format!("the user {id} has no counters")))
}

/// Whose `username` is, in upper or lower case.
///
/// # Errors
/// The database's.
pub async fn id_by_username(app: &App, username: &str) -> Result<Option<Uuid>, Error> {
    let username = store::kept_form(username);
    // Never from what is kept: who asks will write, or sign in, or must not learn who is there.
    Ok(store::id_by_username(app.database.reader(), &username).await?)
}

/// The user with `username`, if there is one that the viewer may see.
///
/// # Errors
/// The database's.
pub async fn by_username(loaders: &Loaders, username: &str) -> Result<Option<User>, Error> {
    let username = store::kept_form(username);
    // Asked in every case: whoever is hidden takes as long as who is absent.
    let hidden = hidden(loaders).await?;
    let cache = loaders.cache();
    // On Citus the two statements go to a shard each; one that names both goes to all.
    if !cache.is_on() && !loaders.app.database.is_citus() {
        let found = store::by_username(&loaders.source(), &username).await?;
        let Some(row) = found.filter(|row| !hidden.contains(row.id)) else {
            return Ok(None);
        };
        loaders.budget.read([row.bio.len()])?;
        let row = Arc::new(row);
        loaders.prime([(UserById(row.id), row.clone())]).await;
        return Ok(Some(User::from(row)));
    }
    let kept = kept_id(cache, &username).filter(|id| !hidden.contains(*id));
    if let Some(id) = kept {
        return user(loaders, id).await;
    }
    let key = Key::Username(username.clone());
    let reading = cache.reading([key.clone()]);
    let found = store::id_by_username(&loaders.source(), &username).await?;
    let Some(id) = found.filter(|id| !hidden.contains(*id)) else {
        return Ok(None);
    };
    reading.keep(&key, &Arc::new(Named(id)));
    user(loaders, id).await
}
