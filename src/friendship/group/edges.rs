//! What hangs on the viewer, on a user and on a group: groups of friends, and who is in them.

use async_graphql::Context;
use entity::friend_group;
use futures_util::future::try_join;
use uuid::Uuid;

use super::{
    loader::{self, MembersOf},
    node::{FriendGroup, FriendGroupConnection, FriendGroupEdge},
    store::GroupKey,
};
use crate::{
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, Slice, cursor, int},
    user::{
        loader::users,
        node::{User, UserConnection, UserEdge},
    },
};

const GROUPS_CURSOR: u8 = b'o';
const MEMBERS_CURSOR: u8 = b'e';

/// `Viewer.friendGroups`
pub(crate) async fn groups(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<FriendGroupConnection>, Error> {
    let groups = loader::mine(ctx.loaders(), me).await?;
    page(&groups.iter().collect::<Vec<_>>(), args)
}

/// `User.viewerFriendGroups`
pub(crate) async fn viewer_groups(
    ctx: &Context<'_>,
    user: Uuid,
    args: PageArgs,
) -> Result<Flat<FriendGroupConnection>, Error> {
    let Some(me) = ctx.viewer().id().filter(|me| *me != user) else {
        return page(&[], args);
    };
    let with = loader::with(ctx.loaders(), user).await?;
    if with.is_empty() {
        return page(&[], args);
    }
    let groups = loader::mine(ctx.loaders(), me).await?;
    let those = groups.iter().filter(|group| with.contains(&group.id));
    page(&those.collect::<Vec<_>>(), args)
}

/// A page of `groups`, in their order. There are few: they were all read.
fn page(
    groups: &[&friend_group::Model],
    args: PageArgs,
) -> Result<Flat<FriendGroupConnection>, Error> {
    let page = args.page::<Uuid>(GROUPS_CURSOR)?;
    // The close friends' id is less than any other.
    let rows = groups
        .iter()
        .filter(|group| page.after.is_none_or(|after| group.id > after));
    let most = usize::try_from(page.limit).unwrap_or(0) + 1;
    let slice = Slice::new(rows.take(most).collect(), &page);
    let edges = slice.filter_map(|group| {
        Some(FriendGroupEdge {
            cursor: cursor(GROUPS_CURSOR, &group.id),
            node: FriendGroup::from(*group),
        })
    });
    let total = i64::try_from(groups.len()).unwrap_or(i64::MAX);
    Ok(FriendGroupConnection::new(edges, int(total)))
}

/// The group with `key`, if it is the viewer's. Whether it is somebody else's, or nobody's, takes as long.
pub(crate) async fn group(
    ctx: &Context<'_>,
    [owner, id]: GroupKey,
) -> Result<Option<FriendGroup>, Error> {
    let Some(me) = ctx.viewer().id() else {
        return Ok(None);
    };
    let groups = loader::mine(ctx.loaders(), me).await?;
    let group = groups.iter().find(|group| group.id == id);
    Ok(group.filter(|_| owner == me).map(FriendGroup::from))
}

/// `FriendGroup.friends`
pub(super) async fn friends(
    ctx: &Context<'_>,
    group: &FriendGroup,
    args: PageArgs,
) -> Result<Flat<UserConnection>, Error> {
    let key = MembersOf {
        group: group.key,
        page: args.page(MEMBERS_CURSOR)?,
    };
    // Together, so that each is one statement for all groups of a level.
    let (slice, total) = try_join(ctx.loaders().load(key), async {
        if ctx.asks("totalCount") {
            loader::friends_count(ctx.loaders(), group).await
        } else {
            Ok(0)
        }
    })
    .await?;
    let slice = slice.unwrap_or_default();
    let ids = slice.rows.iter().map(|row| row.friend_id);
    let whole = ctx.any_node("whole", User::is_asked_whole);
    let users = users(ctx.loaders(), ids, whole).await?;
    let edges = (*slice).clone().filter_map(|row| {
        Some(UserEdge {
            cursor: cursor(MEMBERS_CURSOR, &row.id),
            node: users.get(&row.friend_id)?.clone(),
        })
    });
    Ok(UserConnection::new(edges, Some(int(total))))
}
