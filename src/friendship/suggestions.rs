//! Whom the viewer might know: people with whom they have friends in common.
//!
//! The work is bounded, whoever the friends are: of the viewer's newest friends and of the newest friends of
//! each it is counted who comes most often, and those who come first are looked at further.

mod graphql;
pub mod node;
mod plain;
mod store;

use std::{cmp::Reverse, sync::Arc};

use async_graphql::Context;
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use uuid::Uuid;

use self::node::{FriendSuggestion, FriendSuggestionConnection, FriendSuggestionEdge};
use super::{loader::RequestWith, mutual::mine, store as friends};
use crate::{
    block::loader::hidden,
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    loaders::{Access, Loaders},
    paging::{Page, PageArgs, Slice, cursor},
    user::{
        loader::users,
        node::{User, UserConnection, UserEdge},
    },
};

const SUGGESTIONS_CURSOR: u8 = b'g';
/// How many of the viewer's newest friends are asked, and how many of each one's newest friends
/// are looked at.
const BREADTH: i32 = 100;
/// How many of those who come of it can be suggested, those with the most friends in common.
const MOST: usize = 1_000;

/// How many friends in common were seen, and with whom.
type Position = (i64, Uuid);

/// `Viewer.friendSuggestions`
pub(crate) async fn suggestions(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<UserConnection>, Error> {
    let slice = page(ctx.loaders(), me, args).await?;
    let whole = ctx.any_node("whole", User::is_asked_whole);
    let mut users = users_of(ctx, &slice, whole).await?;
    let edges = slice.filter_map(|position| {
        Some(UserEdge {
            cursor: cursor(SUGGESTIONS_CURSOR, &position),
            node: users.remove(&position.1)?,
        })
    });
    Ok(UserConnection::new(edges, None))
}

/// `Viewer.suggestedFriends`
pub(crate) async fn suggested(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<FriendSuggestionConnection>, Error> {
    let slice = page(ctx.loaders(), me, args).await?;
    let whole = ctx.any_node("whole", FriendSuggestion::is_asked_whole);
    let mut users = users_of(ctx, &slice, whole).await?;
    let edges = slice.filter_map(|position| {
        Some(FriendSuggestionEdge {
            cursor: cursor(SUGGESTIONS_CURSOR, &position),
            node: FriendSuggestion {
                user: users.remove(&position.1)?,
            },
        })
    });
    Ok(FriendSuggestionConnection::new(edges, None))
}

/// The page of those whom the viewer `me` might know.
async fn page(loaders: &Loaders, me: Uuid, args: PageArgs) -> Result<Slice<Position>, Error> {
    let page: Page<Position> = args.page(SUGGESTIONS_CURSOR)?;
    let ranked = loaders.load(SuggestedTo(me)).await?;
    let mut ranked = ranked.map(|all| all.to_vec()).unwrap_or_default();
    if let Some(after) = page.after {
        ranked.retain(|(count, id)| (Reverse(*count), *id) > (Reverse(after.0), after.1));
    }
    Ok(Slice::new(ranked, &page))
}

/// Who stands on a page.
async fn users_of(
    ctx: &Context<'_>,
    slice: &Slice<Position>,
    whole: bool,
) -> Result<HashMap<Uuid, User>, Error> {
    let ids = slice.rows.iter().map(|(_, id)| *id);
    users(ctx.loaders(), ids, whole).await
}

/// Whom a user might know. Ranked once a request, however often the fields stand in it: each
/// ranking looks at ten thousand friendships.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct SuggestedTo(Uuid);

#[async_trait::async_trait]
impl Access for SuggestedTo {
    type Value = Arc<[Position]>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        // The viewer's own is the only one that is ever asked for.
        for key in keys {
            found.insert(key.clone(), rank(loaders, key.0).await?.into());
        }
        Ok(found)
    }
}

/// (common friends, user), most first: without the viewer, their friends, those with whom a request
/// waits, those with whom there is a block, the absent, those who do not wish to be found, and those with
/// whom public figures alone are in common: of thousands nobody asks who is a minor, whom that does not tie
/// with an adult.
async fn rank(loaders: &Loaders, me: Uuid) -> Result<Vec<Position>, Error> {
    let newest = Page {
        limit: BREADTH,
        backwards: false,
        after: None,
        before: None,
        texts: true,
    };
    let db = &loaders.db();
    let without = unsuited(loaders, me).await?;
    let mine = mine(loaders, me).await?;
    let asked = mine
        .ids
        .iter()
        .filter(|id| without.binary_search(id).is_err());
    let asked: Vec<_> = asked
        .take(usize::try_from(BREADTH).unwrap_or(0))
        .copied()
        .collect();
    let wanted = friends::FriendsPage {
        page: &newest,
        newest_first: true,
        among: None,
        without: &without,
    };
    let theirs = friends::friends_page(db, &asked, wanted).await?;
    let figures = loaders.app.figures.known();
    let (mut common, mut known) = (HashMap::<_, i64>::new(), HashSet::new());
    for row in theirs.values().flat_map(|slice| &slice.rows) {
        *common.entry(row.friend_id).or_default() += 1;
        if !figures.contains(&row.user_id) {
            known.insert(row.friend_id);
        }
    }
    common.retain(|id, _| known.contains(id));
    common.remove(&me);
    for friend in &*mine.ids {
        common.remove(friend);
    }
    if !mine.are_all {
        let candidates: Vec<_> = common.keys().copied().collect();
        for friend in friends::friends_among(db, me, &candidates).await? {
            common.remove(&friend);
        }
    }
    let mut ranked: Vec<_> = common.into_iter().map(|(id, count)| (count, id)).collect();
    ranked.sort_unstable_by_key(|(count, id)| (Reverse(*count), *id));
    ranked.truncate(MOST);
    let ids: Vec<_> = ranked.iter().map(|(_, id)| *id).collect();
    if ids.is_empty() {
        return Ok(ranked);
    }
    let asks = ids.iter().copied().map(RequestWith).collect();
    let asks = loaders.load_many(asks).await?.into_iter().flatten();
    let mut others: HashSet<_> = asks.map(|request| request.other_id).collect();
    // It decides who is shown: a replica may not have heard of the choice yet.
    let reader = loaders.app.database.reader();
    others.extend(store::who_are_not_searchable(reader, &ids).await?);
    ranked.retain(|(_, id)| !others.contains(id));
    Ok(ranked)
}

/// Who is suggested to nobody, and suggests nobody, to the viewer `me`, in order: those who are hidden, and
/// the absent, whom moderators and administrators see: with them nobody does anything.
async fn unsuited(loaders: &Loaders, me: Uuid) -> Result<Vec<Uuid>, Error> {
    let hidden = hidden(loaders).await?;
    let absent = loaders.app.absent_for_acts(me);
    let mut ids: Vec<_> = hidden
        .ids()
        .iter()
        .chain(&**absent.ids())
        .copied()
        .collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
