//! The shortest chain of friends from the viewer to somebody: `Viewer.pathTo`.

pub mod node;
mod search;
mod side;

use std::sync::Arc;

use async_graphql::{Context, ID};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use self::{node::FriendPath, search::Search};
use crate::{
    error::{Error, text::service::ServiceText},
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    loaders::{Access, Loaders},
    paging::int,
    user::{
        loader::{UserById, by_username, users},
        node::User,
    },
};

/// The most ties of a chain.
pub const MOST_TIES: usize = 6;
/// The most people of a chain, both ends among them.
pub const MOST_PEOPLE: usize = MOST_TIES + 1;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The chain, the viewer first; nobody where there is none.
    pub users: Vec<Uuid>,
    /// Whether nothing was left out that could have made it shorter, or one where there is none.
    pub is_complete: bool,
}

/// `Viewer.pathTo`
pub(crate) async fn path_to(
    ctx: &Context<'_>,
    user_id: Option<ID>,
    username: Option<String>,
) -> Result<FriendPath, Error> {
    let loaders = ctx.loaders();
    let target = match (user_id, username) {
        (Some(id), None) => {
            let [id] = GlobalId::expect(&id, Kind::User)?;
            id
        }
        // Nobody has the nil id.
        (None, Some(username)) => by_username(loaders, &username)
            .await?
            .map_or(Uuid::nil(), |user| user.person.id()),
        _ => {
            return Err(Error::InvalidArgument(ServiceText::UserIdOrUsername));
        }
    };
    let found = loaders.load(PathTo(target)).await?.unwrap_or_default();
    let whole = ctx.once(["users", "whole"], |path| {
        User::is_asked_whole(path.field("users"))
    });
    let mut by_id = users(loaders, found.users.iter().copied(), whole).await?;
    let chain = found.users.iter().map(|id| by_id.remove(id));
    // Whoever has gone since takes the chain along.
    let users: Vec<_> = chain.collect::<Option<_>>().unwrap_or_default();
    let ties = users.len().checked_sub(1);
    Ok(FriendPath {
        length: ties.map(|ties| int(i64::try_from(ties).unwrap_or(i64::MAX))),
        users,
        is_complete: found.is_complete,
    })
}

/// The chain from the viewer to a user: looked for once a request, however often it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PathTo(Uuid);

#[async_trait::async_trait]
impl Access for PathTo {
    type Value = Arc<Found>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        let Some(me) = loaders.viewer.id() else {
            return Ok(found);
        };
        let ends = keys.iter().map(|key| key.0).chain([me]).map(UserById);
        let ends = loaders.load_many(ends.collect()).await?;
        let mut ends: HashMap<_, _> = ends.into_iter().flatten().map(|it| (it.id, it)).collect();
        let own = ends.get(&me).cloned();
        // Each has a search of its own, and a document pays for each.
        for key in keys {
            let path = match (&own, ends.remove(&key.0)) {
                (Some(own), Some(other)) => {
                    Search::begin(loaders, own, &other).await?.run().await?
                }
                // Who is hidden is as who never was.
                _ => Found {
                    users: Vec::new(),
                    is_complete: true,
                },
            };
            found.insert(key.clone(), Arc::new(path));
        }
        Ok(found)
    }
}
