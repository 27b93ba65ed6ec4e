//! How users are found.

use std::sync::Arc;

use entity::{user, user_counter};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::{
    node::User,
    person::Person,
    store::{self, asked},
};
use crate::{
    app::App,
    block::loader::hidden,
    cache::{Cache, Kept, Key},
    error::Error,
    loaders::{Access, Loaders, parts},
};

/// All of a user by id, if there is one that the viewer may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserById(pub Uuid);

#[async_trait::async_trait]
impl Access for UserById {
    type Value = Arc<user::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let ids = keys.iter().map(|key| hidden.veiled(key.0)).collect();
        let found = wholes(ids, loaders).await?.into_iter();
        Ok(found.map(|(id, row)| (Self(id), row)).collect())
    }
}

/// What lists show of a user by id, or more, if there is one that the viewer may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PersonById(Uuid);

#[async_trait::async_trait]
impl Access for PersonById {
    type Value = Person;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let (mut found, mut missing) = (HashMap::new(), Vec::new());
        for key in keys {
            match loaders.known(&UserById(key.0)) {
                Some(row) => drop(found.insert(key.clone(), Person::Whole(row))),
                None => missing.push(hidden.veiled(key.0)),
            }
        }
        for ids in parts(&missing, 1) {
            let faces = asked::faces(&loaders.db(), ids).await?;
            loaders.budget.read(faces.values().map(|_| 0))?;
            let faces = faces.into_iter();
            found.extend(faces.map(|(id, face)| (Self(id), Person::Face(face))));
        }
        Ok(found)
    }
}

/// The rows of `ids`, of which nobody is hidden: what is kept, and the rest by a statement.
async fn wholes(
    ids: Vec<Uuid>,
    loaders: &Loaders,
) -> Result<HashMap<Uuid, Arc<user::Model>>, Error> {
    let cache = loaders.cache();
    let (mut found, mut missing) = (HashMap::with_capacity(ids.len()), Vec::new());
    for id in ids {
        match cache.get::<user::Model>(&Key::User(id)) {
            Some(user) => drop(found.insert(id, user)),
            None => missing.push(id),
        }
    }
    loaders
        .budget
        .read(found.values().map(|user| user.bio.len()))?;
    for ids in parts(&missing, 1) {
        let reading = cache.reading(ids.iter().map(|id| Key::User(*id)));
        let rows = store::by_ids(&loaders.source(), ids).await?;
        loaders
            .budget
            .read(rows.values().map(|user| user.bio.len()))?;
        for (id, user) in rows {
            let user = Arc::new(user);
            reading.keep(&Key::User(id), &user);
            found.insert(id, user);
        }
    }
    Ok(found)
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

/// The user with `id`, if there is one that the viewer may see: the whole row, where `whole`, so that
/// nothing else need be read. (Who is met again further down, and asked for more there, is read again.)
///
/// # Errors
/// The database's.
pub async fn user(loaders: &Loaders, id: Uuid, whole: bool) -> Result<Option<User>, Error> {
    Ok(if whole || keeps_whole(loaders) {
        loaders.load(UserById(id)).await?.map(User::from)
    } else {
        loaders.load(PersonById(id)).await?.map(User::from)
    })
}

/// The user with `id`, where this request has found them already.
pub fn known(loaders: &Loaders, id: Uuid) -> Option<User> {
    let person = loaders.known(&PersonById(id)).map(User::from);
    person.or_else(|| loaders.known(&UserById(id)).map(User::from))
}

/// Where a row names nobody.
pub fn absent(id: Uuid) -> Error {
    Error::internal(format!("a row names the absent user {id}"))
}

/// All of `user`.
///
/// # Errors
/// [`Error::Internal`] where the user has gone since.
pub async fn whole(loaders: &Loaders, user: &User) -> Result<Arc<user::Model>, Error> {
    if let Some(row) = user.person.whole() {
        return Ok(row.clone());
    }
    let id = user.person.id();
    loaders.load(UserById(id)).await?.ok_or_else(|| absent(id))
}

/// What is kept is whole: the next may ask for more.
fn keeps_whole(loaders: &Loaders) -> bool {
    loaders.cache().is_on()
}

/// The users with `ids`, without those that the viewer may not see: each as the function above finds one.
///
/// # Errors
/// The database's.
pub async fn users(
    loaders: &Loaders,
    ids: impl IntoIterator<Item = Uuid>,
    whole: bool,
) -> Result<HashMap<Uuid, User>, Error> {
    let users: Vec<User> = if whole || keeps_whole(loaders) {
        let keys = ids.into_iter().map(UserById).collect();
        let rows = loaders.load_many(keys).await?.into_iter().flatten();
        rows.map(User::from).collect()
    } else {
        let keys = ids.into_iter().map(PersonById).collect();
        let people = loaders.load_many(keys).await?.into_iter().flatten();
        people.map(User::from).collect()
    };
    Ok(users
        .into_iter()
        .map(|user| (user.person.id(), user))
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
    Ok(asked::id_by_username(app.database.reader(), &username).await?)
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
        let found = asked::by_username(&loaders.source(), &username).await?;
        let Some(row) = found.filter(|row| !hidden.contains(row.id)) else {
            return Ok(None);
        };
        loaders.budget.read([row.bio.len()])?;
        let row = Arc::new(row);
        loaders.prime([(UserById(row.id), row.clone())]);
        return Ok(Some(User::from(row)));
    }
    let kept = kept_id(cache, &username).filter(|id| !hidden.contains(*id));
    if let Some(id) = kept {
        return user(loaders, id, true).await;
    }
    let key = Key::Username(username.clone());
    let reading = cache.reading([key.clone()]);
    let found = asked::id_by_username(&loaders.source(), &username).await?;
    let Some(id) = found.filter(|id| !hidden.contains(*id)) else {
        return Ok(None);
    };
    reading.keep(&key, &Arc::new(Named(id)));
    user(loaders, id, true).await
}
