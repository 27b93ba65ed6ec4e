//! What hangs on a user and on the viewer: friends, relations, requests.

use async_graphql::Context;
use entity::values::{RequestDirection, UserKind};
use futures_util::future::try_join;
use uuid::Uuid;

use super::{
    loader::{
        FriendsOf, RelationTo, RequestWith, can_act_with, friend_count, relation_for_acts,
        relation_to, standing_of,
    },
    mutual::MutualFriendsOf,
    node::{
        FriendConnection, FriendEdge, FriendOrder, FriendRequest, FriendRequestConnection,
        FriendRequestEdge, Relation,
    },
    store,
};
use crate::{
    block::loader::hidden,
    diary::listed,
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, cursor, int},
    user::{
        loader::{UserById, counters, counters_now, users, whole},
        node::{User, UserConnection, UserEdge},
    },
    visibility,
};

const FRIENDS_CURSOR: u8 = b'f';
const MUTUAL_CURSOR: u8 = b'm';
const REQUESTS_CURSOR: u8 = b'q';

/// `User.friends`
pub(crate) async fn friends(
    ctx: &Context<'_>,
    user: &User,
    args: PageArgs,
    order: FriendOrder,
) -> Result<Flat<FriendConnection>, Error> {
    let key = FriendsOf {
        user: user.person.id(),
        page: args.page(FRIENDS_CURSOR)?,
        newest_first: order == FriendOrder::NewestFirst,
    };
    // Together, so that each is one statement for all users of a level.
    let (slice, total) = try_join(ctx.loaders().load(key), async {
        if ctx.asks("totalCount") {
            let row = whole(ctx.loaders(), user).await?;
            friend_count(ctx.loaders(), &row).await
        } else {
            Ok(0)
        }
    })
    .await?;
    let slice = slice.unwrap_or_default();
    // Whoever stands in the viewer's own list is a friend, and no statement need tell: where the list
    // was read just now, and at the primary.
    let is_true = !ctx.loaders().cache().is_on() && !ctx.loaders().db().is_replica();
    if is_true && ctx.viewer().id() == Some(user.person.id()) {
        let friends = slice
            .rows
            .iter()
            .map(|row| (RelationTo(row.friend_id), standing_of(row)));
        ctx.loaders().prime(friends);
    }
    let ids = slice.rows.iter().map(|row| row.friend_id);
    let users = users(
        ctx.loaders(),
        ids,
        ctx.any_node("whole", User::is_asked_whole),
    )
    .await?;
    listed::foresee(ctx, slice.rows.iter().map(|row| row.friend_id)).await;
    let edges = (*slice).clone().filter_map(|row| {
        Some(FriendEdge {
            cursor: cursor(FRIENDS_CURSOR, &row.id),
            node: users.get(&row.friend_id)?.clone(),
            since: row.since.into(),
        })
    });
    Ok(FriendConnection::new(edges, int(total)))
}

/// `User.mutualFriends`
pub(crate) async fn mutual_friends(
    ctx: &Context<'_>,
    user: &User,
    args: PageArgs,
) -> Result<Flat<UserConnection>, Error> {
    let key = MutualFriendsOf {
        user: user.person.id(),
        friends: whole(ctx.loaders(), user).await?.friend_count,
        page: args.page(MUTUAL_CURSOR)?,
    };
    let slice = ctx.loaders().load(key).await?.unwrap_or_default();
    let ids = slice.rows.iter().map(|friend| friend.id);
    let users = users(
        ctx.loaders(),
        ids,
        ctx.any_node("whole", User::is_asked_whole),
    )
    .await?;
    let edges = (*slice).clone().filter_map(|friend| {
        Some(UserEdge {
            cursor: cursor(MUTUAL_CURSOR, &friend.friendship),
            node: users.get(&friend.id)?.clone(),
        })
    });
    Ok(UserConnection::new(edges, None))
}

/// `User.viewerRelation`
pub(crate) async fn viewer_relation(ctx: &Context<'_>, user: Uuid) -> Result<Relation, Error> {
    use visibility::Relation as Tie;
    let tie = relation_to(ctx.loaders(), user).await?;
    Ok(match tie {
        // Nobody is told of a block.
        Tie::Anonymous | Tie::Blocked => Relation::None,
        Tie::Myself => Relation::Myself,
        Tie::Friend => Relation::Friend,
        Tie::FriendOfFriend | Tie::Stranger | Tie::OutOfReach => {
            match ctx.loaders().load(RequestWith(user)).await? {
                Some(row) if row.direction == RequestDirection::Outgoing => Relation::RequestSent,
                Some(_) => Relation::RequestReceived,
                None if tie == Tie::FriendOfFriend => Relation::FriendOfFriend,
                None => Relation::None,
            }
        }
    })
}

/// `User.viewerCanRequestFriendship`
pub(crate) async fn viewer_can_request(ctx: &Context<'_>, user: &User) -> Result<bool, Error> {
    let Some(me) = ctx.viewer().id() else {
        return Ok(false);
    };
    if !can_act_with(ctx.loaders(), user.person.id()) {
        return Ok(false);
    }
    let free = matches!(
        viewer_relation(ctx, user.person.id()).await?,
        Relation::None | Relation::FriendOfFriend | Relation::RequestReceived
    );
    if !free {
        return Ok(false);
    }
    let limit = ctx.app().rules.friend_limit;
    let has_room =
        |row: &entity::user::Model| row.kind == UserKind::Tarento || row.friend_count < limit;
    let mine = ctx.loaders().load(UserById(me)).await?;
    let row = whole(ctx.loaders(), user).await?;
    let tie = relation_for_acts(ctx.loaders(), user.person.id()).await?;
    let is_free = has_room(&row) && visibility::may_reach(tie);
    Ok(is_free && mine.is_some_and(|row| has_room(&row)))
}

/// `Viewer.incomingFriendRequests` and `Viewer.outgoingFriendRequests`
pub(crate) async fn requests(
    ctx: &Context<'_>,
    me: Uuid,
    direction: RequestDirection,
    args: PageArgs,
) -> Result<Flat<FriendRequestConnection>, Error> {
    let page = args.page(REQUESTS_CURSOR)?;
    // A block ends requests; a replica may not have heard of it yet.
    let hidden = hidden(ctx.loaders()).await?;
    let absent = ctx.loaders().absent();
    let (slice, counters, less) = if hidden.is_empty() {
        let db = &ctx.loaders().db();
        let slice = store::requests_page(db, me, direction, &page, &[]).await?;
        (slice, counters(ctx.loaders(), me).await?, 0)
    } else {
        let db = ctx.app().database.reader();
        let slice = store::requests_page(db, me, direction, &page, hidden.ids()).await?;
        // Who is absent keeps their requests.
        let less = match absent.is_empty() || !ctx.asks("totalCount") {
            true => 0,
            false => store::requests::count_with(db, me, direction, absent.ids()).await?,
        };
        (slice, counters_now(ctx.loaders(), me).await?, less)
    };
    let total = match direction {
        RequestDirection::Incoming => counters.incoming_request_count,
        RequestDirection::Outgoing => counters.outgoing_request_count,
    };
    let edges = slice.filter_map(|row| {
        Some(FriendRequestEdge {
            cursor: cursor(REQUESTS_CURSOR, &row.id),
            node: FriendRequest::from(row),
            held: 0,
        })
    });
    Ok(FriendRequestConnection::new(edges, int(total - less)))
}

/// The request with the key (sender, recipient), if the viewer is one of the two.
pub(crate) async fn request(
    ctx: &Context<'_>,
    sender: Uuid,
    recipient: Uuid,
) -> Result<Option<FriendRequest>, Error> {
    let other = match ctx.viewer().id() {
        Some(me) if me == sender => recipient,
        Some(me) if me == recipient => sender,
        _ => return Ok(None),
    };
    let request = ctx.loaders().load(RequestWith(other)).await?;
    Ok(request
        .map(FriendRequest::from)
        .filter(|request| request.sender_id == sender))
}
