//! Music in the API: charts, and the mutations.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use uuid::Uuid;

use super::{
    edges,
    listening::{self, Heard},
    node::{Listen, SongChart, SongChartEntry, SongChartEntryConnection, Weekly},
    service,
    week::Week,
};
use crate::{
    app::App,
    catalogue::{loader::item, node::CatalogueItem},
    error::Error,
    graphql::{
        context::ContextExt,
        plain::Flat,
        scalar::{Date, DateTime},
    },
    ids::{GlobalId, Kind},
    paging::{PageArgs, int},
    rejection::{Rejection, UserError, answer},
    user::{edges::written, node::User},
};

/// The song that a row names.
async fn song(ctx: &Context<'_>, id: Uuid) -> Result<CatalogueItem, Error> {
    item(ctx.loaders(), id)
        .await?
        .ok_or_else(|| Error::internal(format!("the absent song {id} is named")))
}

#[ComplexObject]
impl Listen {
    /// To what.
    async fn song(&self, ctx: &Context<'_>) -> Result<CatalogueItem, Error> {
        song(ctx, self.item).await
    }
}

#[ComplexObject]
impl SongChart {
    /// The songs, from the first place on. There are 100 at the most.
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<SongChartEntryConnection>, Error> {
        edges::entries(ctx, self.of, PageArgs::forward(first, after)).await
    }
}

#[ComplexObject]
impl SongChartEntry {
    /// Which song.
    async fn song(&self, ctx: &Context<'_>) -> Result<CatalogueItem, Error> {
        song(ctx, self.item).await
    }

    /// The place in the chart of the week before; null where it was not among the first 100.
    async fn previous_place(&self, ctx: &Context<'_>) -> Option<Result<i32, Error>> {
        edges::previous_place(ctx, self).await.transpose()
    }
}

/// The chart of the week in which `day` lies, or of the last one that is over.
pub(crate) fn chart(app: &App, day: Option<Date>, by_friends: bool) -> SongChart {
    let week = match day {
        Some(day) => Week::of(day.0),
        None => Week::at(app.clock.now()).before(),
    };
    SongChart::from(Weekly { week, by_friends })
}

/// Reading charts.
#[derive(Debug, Default)]
pub struct MusicQuery;

#[Object]
impl MusicQuery {
    /// Which songs most of all users listened to in a week. Everybody counts, for everybody.
    async fn song_chart(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Any day of the week, which goes from Monday to Sunday, in Japan: the last week that is over, if not \
                    given."
        )]
        week: Option<Date>,
    ) -> SongChart {
        chart(ctx.app(), week, false)
    }
}

/// A song to add to your favourites.
#[derive(Debug, InputObject)]
pub struct AddFavouriteSongInput {
    /// The song: a `CatalogueItem` of the kind SONG.
    item_id: ID,
    /// At which place, from 1 on: those from there on move one further down. The last one if not given.
    position: Option<i32>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What adding came to.
#[derive(Debug, Default, SimpleObject)]
pub struct AddFavouriteSongPayload {
    /// The song.
    song: Option<CatalogueItem>,
    /// You, with it among your `favouriteSongs`.
    user: Option<User>,
    /// Why nothing was added.
    user_errors: Vec<UserError>,
}

/// Which favourite song of yours is to be at which place.
#[derive(Debug, InputObject)]
pub struct MoveFavouriteSongInput {
    /// The song: one of your favourites.
    item_id: ID,
    /// Its new place, from 1 on. Those between the old one and this move by one.
    position: i32,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What moving came to.
#[derive(Debug, Default, SimpleObject)]
pub struct MoveFavouriteSongPayload {
    /// The song.
    song: Option<CatalogueItem>,
    /// You, with it at its new place among your `favouriteSongs`.
    user: Option<User>,
    /// Why nothing was moved.
    user_errors: Vec<UserError>,
}

/// Which song is no favourite of yours any more.
#[derive(Debug, InputObject)]
pub struct RemoveFavouriteSongInput {
    /// The song: one of your favourites.
    item_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What removing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RemoveFavouriteSongPayload {
    /// The song.
    song: Option<CatalogueItem>,
    /// You, without it among your `favouriteSongs`.
    user: Option<User>,
    /// Why nothing was removed.
    user_errors: Vec<UserError>,
}

/// A listen to report.
#[derive(Debug, InputObject)]
pub struct ListenInput {
    /// The song: a `CatalogueItem` of the kind SONG.
    item_id: ID,
    /// When it began, not more than 14 days ago: with the song it names the listen, to the millisecond. Give the
    /// same moment when you report it again.
    listened_at: DateTime,
}

/// What you listened to.
#[derive(Debug, InputObject)]
pub struct ReportListensInput {
    /// 1-50 listens, in whatever order.
    listens: Vec<ListenInput>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What reporting came to.
#[derive(Debug, Default, SimpleObject)]
pub struct ReportListensPayload {
    /// The listens, in the order of the input; null in the place of each that was refused.
    listens: Vec<Option<Listen>>,
    /// How many of them are new. The others had been reported before, or were refused.
    new_count: i32,
    /// Why listens were refused, each by its `field`, such as `["listens", "3", "listenedAt"]`: the first has the
    /// number 0. The others are kept all the same.
    user_errors: Vec<UserError>,
}

/// Favourite songs, and what one listens to.
#[derive(Debug, Default)]
pub struct MusicMutation;

#[Object]
impl MusicMutation {
    /// Adds a song to your favourites, of which you can have 100. One that is among them already stays at its
    /// place.
    async fn add_favourite_song(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which song, and where.")] input: AddFavouriteSongInput,
    ) -> Option<Result<AddFavouriteSongPayload, Error>> {
        Some(add(ctx, input).await)
    }

    /// Moves a favourite song of yours to another place.
    async fn move_favourite_song(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which song, and where to.")] input: MoveFavouriteSongInput,
    ) -> Option<Result<MoveFavouriteSongPayload, Error>> {
        Some(place(ctx, input).await)
    }

    /// Has a song be no favourite of yours any more. Those after it move one further up.
    async fn remove_favourite_song(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which song.")] input: RemoveFavouriteSongInput,
    ) -> Option<Result<RemoveFavouriteSongPayload, Error>> {
        Some(remove(ctx, input).await)
    }

    /// Tells what you listened to, as a player does: members see it on your profile, and the charts count it. Many
    /// at once, as late as 14 days after, and as often as you like: a listen that was reported before changes
    /// nothing. Of a day 500 are counted.
    async fn report_listens(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and when.")] input: ReportListensInput,
    ) -> Option<Result<ReportListensPayload, Error>> {
        Some(report(ctx, input).await)
    }
}

/// The song and its user after a favourite was written; or why nothing was.
async fn favourite(
    ctx: &Context<'_>,
    done: Result<(), Rejection>,
    song: Uuid,
) -> Result<(Option<CatalogueItem>, Option<User>, Vec<UserError>), Error> {
    let me = ctx.member()?.id;
    Ok(match answer(done)? {
        Ok(()) => {
            let user = written(ctx, me).await?;
            (item(ctx.loaders(), song).await?, user, Vec::new())
        }
        Err(user_errors) => (None, None, user_errors),
    })
}

async fn add(
    ctx: &Context<'_>,
    input: AddFavouriteSongInput,
) -> Result<AddFavouriteSongPayload, Error> {
    let me = ctx.member()?.id;
    let [song] = GlobalId::expect(&input.item_id, Kind::CatalogueItem)?;
    let key = input.idempotency_key;
    let done = service::add(ctx.app(), me, song, input.position, key).await;
    let (song, user, user_errors) = favourite(ctx, done, song).await?;
    Ok(AddFavouriteSongPayload {
        song,
        user,
        user_errors,
    })
}

async fn place(
    ctx: &Context<'_>,
    input: MoveFavouriteSongInput,
) -> Result<MoveFavouriteSongPayload, Error> {
    let me = ctx.member()?.id;
    let [song] = GlobalId::expect(&input.item_id, Kind::CatalogueItem)?;
    let key = input.idempotency_key;
    let done = service::place_at(ctx.app(), me, song, input.position, key).await;
    let (song, user, user_errors) = favourite(ctx, done, song).await?;
    Ok(MoveFavouriteSongPayload {
        song,
        user,
        user_errors,
    })
}

async fn remove(
    ctx: &Context<'_>,
    input: RemoveFavouriteSongInput,
) -> Result<RemoveFavouriteSongPayload, Error> {
    let me = ctx.member()?.id;
    let [song] = GlobalId::expect(&input.item_id, Kind::CatalogueItem)?;
    let done = service::remove(ctx.app(), me, song, input.idempotency_key).await;
    let (song, user, user_errors) = favourite(ctx, done, song).await?;
    Ok(RemoveFavouriteSongPayload {
        song,
        user,
        user_errors,
    })
}

async fn report(
    ctx: &Context<'_>,
    input: ReportListensInput,
) -> Result<ReportListensPayload, Error> {
    let me = ctx.member()?.id;
    let heard = input.listens.iter().map(|listen| {
        let [item] = GlobalId::expect(&listen.item_id, Kind::CatalogueItem)?;
        let at = listen.listened_at.0;
        Ok(Heard { item, at })
    });
    let heard = heard.collect::<Result<Vec<_>, Error>>()?;
    let done = listening::report(ctx.app(), me, heard, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(reported) => {
            ctx.fresh();
            let listens = reported.listens.into_iter();
            ReportListensPayload {
                listens: listens
                    .map(|kept| kept.map(|kept| Listen::new(kept.id, kept.song)))
                    .collect(),
                new_count: int(reported.new),
                user_errors: reported.refused,
            }
        }
        Err(user_errors) => ReportListensPayload {
            user_errors,
            ..Default::default()
        },
    })
}
