//! What hangs on a user, on a song and on the viewer: favourite songs, listens and charts.

use async_graphql::Context;
use entity::values::Audience;
use futures_util::future::try_join;
use uuid::Uuid;

use super::{
    listen::time_of,
    loader::{ChartOf, FavouriteCountOf, FavouritesOf, FriendsListeningTo, ListensOf},
    node::{
        FavouriteSongConnection, FavouriteSongEdge, Listen, ListenConnection, ListenEdge,
        ListenerConnection, ListenerEdge, SongChartEntry, SongChartEntryConnection,
        SongChartEntryEdge, Weekly,
    },
    rank::Rank,
};
use crate::{
    catalogue::{
        loader::ItemById,
        node::{CatalogueItem, CatalogueKind},
    },
    error::Error,
    friendship::loader::relation_to,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, Slice, cursor, int},
    user::{loader::users, node::User},
    visibility,
};

const FAVOURITES_CURSOR: u8 = b'F';
const LISTENS_CURSOR: u8 = b'l';
const LISTENERS_CURSOR: u8 = b'L';
const CHART_CURSOR: u8 = b'C';

/// Whether what `user` likes and listens to is shown to the viewer: as what the profile shows to members.
async fn are_shown(ctx: &Context<'_>, user: Uuid) -> Result<bool, Error> {
    let relation = relation_to(ctx.loaders(), user).await?;
    Ok(visibility::may_see(Audience::Members, relation, false))
}

/// `User.favouriteSongs`
pub(crate) async fn favourite_songs(
    ctx: &Context<'_>,
    user: &User,
    args: PageArgs,
) -> Result<Flat<FavouriteSongConnection>, Error> {
    let key = FavouritesOf {
        user: user.person.id(),
        page: args.page(FAVOURITES_CURSOR)?,
    };
    if !are_shown(ctx, key.user).await? {
        return Ok(FavouriteSongConnection::new(Slice::default(), 0));
    }
    let loaders = ctx.loaders();
    // Together, so that each is one statement for all users of a level.
    let (slice, total) = try_join(loaders.load(key.clone()), async {
        if ctx.asks("totalCount") {
            loaders.load(FavouriteCountOf(key.user)).await
        } else {
            Ok(None)
        }
    })
    .await?;
    let slice = slice.unwrap_or_default();
    let items = slice.rows.iter().map(|row| ItemById(row.item_id)).collect();
    let mut items = loaders.load_many(items).await?.into_iter();
    let edges = (*slice).clone().filter_map(|row| {
        let item = items.next().flatten()?;
        Some(FavouriteSongEdge {
            cursor: cursor(FAVOURITES_CURSOR, &row.place),
            node: CatalogueItem::from(item),
            position: int(row.place),
        })
    });
    let total = int(total.unwrap_or_default());
    Ok(FavouriteSongConnection::new(edges, total))
}

/// `User.recentListens`
pub(crate) async fn recent_listens(
    ctx: &Context<'_>,
    user: &User,
    args: PageArgs,
) -> Result<Flat<ListenConnection>, Error> {
    let key = ListensOf {
        user: user.person.id(),
        page: args.page(LISTENS_CURSOR)?,
    };
    if !are_shown(ctx, key.user).await? {
        return Ok(ListenConnection::new(Slice::default(), None));
    }
    let slice = ctx.loaders().load(key).await?.unwrap_or_default();
    foresee_songs(ctx, slice.rows.iter().map(|row| row.item_id)).await?;
    let edges = (*slice).clone().filter_map(|row| {
        Some(ListenEdge {
            cursor: cursor(LISTENS_CURSOR, &row.id),
            node: Listen::from(&row),
        })
    });
    Ok(ListenConnection::new(edges, None))
}

/// Reads the songs of a page at once, where they are asked for: each finds its own then without a wait.
async fn foresee_songs(ctx: &Context<'_>, items: impl Iterator<Item = Uuid>) -> Result<(), Error> {
    if ctx.selects("song") {
        ctx.loaders()
            .load_many(items.map(ItemById).collect())
            .await?;
    }
    Ok(())
}

/// `CatalogueItem.friendListeners`
pub(crate) async fn friend_listeners(
    ctx: &Context<'_>,
    item: &CatalogueItem,
    args: PageArgs,
) -> Result<Flat<ListenerConnection>, Error> {
    let key = FriendsListeningTo {
        song: item.item_id,
        page: args.page(LISTENERS_CURSOR)?,
    };
    if ctx.viewer().id().is_none() || item.kind != CatalogueKind::Song {
        return Ok(ListenerConnection::new(Slice::default(), None));
    }
    let slice = ctx.loaders().load(key).await?.unwrap_or_default();
    let ids = slice.rows.iter().map(|row| row.user_id);
    let whole = ctx.any_node("whole", User::is_asked_whole);
    let mut found = users(ctx.loaders(), ids, whole).await?;
    let edges = (*slice).clone().filter_map(|row| {
        Some(ListenerEdge {
            cursor: cursor(LISTENERS_CURSOR, &row.listen_id),
            node: found.remove(&row.user_id)?,
            latest: time_of(row.listen_id).into(),
        })
    });
    Ok(ListenerConnection::new(edges, None))
}

/// `SongChart.entries`
pub(super) async fn entries(
    ctx: &Context<'_>,
    of: Weekly,
    args: PageArgs,
) -> Result<Flat<SongChartEntryConnection>, Error> {
    let page = args.page::<Rank>(CHART_CURSOR)?;
    let chart = ctx.loaders().load(ChartOf(of)).await?.unwrap_or_default();
    let slice = chart.page(&page);
    foresee_songs(ctx, slice.rows.iter().map(|row| row.song.item_id)).await?;
    let edges = slice.filter_map(|row| {
        Some(SongChartEntryEdge {
            cursor: cursor(CHART_CURSOR, &Rank::from(&row.song)),
            node: SongChartEntry::new(&row, of),
        })
    });
    let total = i32::try_from(chart.len()).unwrap_or(i32::MAX);
    Ok(SongChartEntryConnection::new(edges, total))
}

/// `SongChartEntry.previousPlace`
pub(super) async fn previous_place(
    ctx: &Context<'_>,
    entry: &SongChartEntry,
) -> Result<Option<i32>, Error> {
    let before = Weekly {
        week: entry.of.week.before(),
        ..entry.of
    };
    let chart = ctx.loaders().load(ChartOf(before)).await?;
    let place = chart.and_then(|chart| chart.place_of(entry.item));
    Ok(place.map(int))
}
