//! Whom the viewer might know: people with whom they have friends in common.

use std::{cmp::Reverse, sync::Arc};

use async_graphql::Context;
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use uuid::Uuid;

use super::{loader::RequestWith, store};
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
/// are looked at: bounds the work, whoever the friends are.
const BREADTH: i32 = 100;

/// `Viewer.friendSuggestions`
pub(crate) async fn suggestions(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<UserConnection>, Error> {
    let page: Page<(i64, Uuid)> = args.page(SUGGESTIONS_CURSOR)?;
    let ranked = ctx.loaders().load(SuggestedTo(me)).await?;
    let mut ranked = ranked.map(|all| all.to_vec()).unwrap_or_default();
    if let Some(after) = page.after {
        ranked.retain(|(count, id)| (Reverse(*count), *id) > (Reverse(after.0), after.1));
    }
    let slice = Slice::new(ranked, &page);
    let ids = slice.rows.iter().map(|(_, id)| *id);
    let mut users = users(
        ctx.loaders(),
        ids,
        ctx.any_node("whole", User::is_asked_whole),
    )
    .await?;
    let edges = slice.filter_map(|position| {
        Some(UserEdge {
            cursor: cursor(SUGGESTIONS_CURSOR, &position),
            node: users.remove(&position.1)?,
        })
    });
    Ok(UserConnection::new(edges, None))
}

/// Whom a user might know. Ranked once a request, however often the field stands in it: each
/// ranking looks at ten thousand friendships.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct SuggestedTo(Uuid);

#[async_trait::async_trait]
impl Access for SuggestedTo {
    type Value = Arc<[(i64, Uuid)]>;

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
/// waits, those with whom there is a block, and those with whom public figures alone are in common: of
/// thousands nobody asks who is a minor, whom that does not tie with an adult.
async fn rank(loaders: &Loaders, me: Uuid) -> Result<Vec<(i64, Uuid)>, Error> {
    let newest = Page {
        limit: BREADTH,
        backwards: false,
        after: None,
        before: None,
        texts: true,
    };
    let db = &loaders.db();
    let hidden = hidden(loaders).await?;
    let wanted = store::FriendsPage {
        page: &newest,
        newest_first: true,
        among: None,
        without: hidden.ids(),
    };
    let mine = store::friends_page(db, &[me], wanted).await?;
    let asked: Vec<_> = mine
        .get(&me)
        .map(|slice| slice.rows.iter().map(|row| row.friend_id).collect())
        .unwrap_or_default();
    let theirs = store::friends_page(db, &asked, wanted).await?;
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
    let candidates: Vec<_> = common.keys().copied().collect();
    for friend in store::friends_among(db, me, &candidates).await? {
        common.remove(&friend);
    }
    let keys = common.keys().copied().map(RequestWith).collect();
    for request in loaders.load_many(keys).await?.into_iter().flatten() {
        common.remove(&request.other_id);
    }
    let mut ranked: Vec<_> = common.into_iter().map(|(id, count)| (count, id)).collect();
    ranked.sort_unstable_by_key(|(count, id)| (Reverse(*count), *id));
    Ok(ranked)
}
