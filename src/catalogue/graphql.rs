//! The catalogue in the API.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use uuid::Uuid;

use super::{
    artist::{graphql::ArtistInput, loader::artist, node::Artist, service::Which},
    loader::{TitlesOf, item},
    node::{
        CatalogueItem, CatalogueItemConnection, CatalogueItemEdge, CatalogueKind, RatingSummary,
    },
    service::{self, Added, NewItem},
    store,
};
use crate::{
    error::{Error, text::service::ServiceText},
    graphql::{context::ContextExt, plain::Flat},
    ids::{GlobalId, Kind},
    music::{edges as music, node::ListenerConnection},
    paging::{PageArgs, Slice, cursor},
    rejection::{UserError, answer, reason::catalogue::CatalogueReason},
    review::{
        edges as review,
        node::{ReviewConnection, ReviewersFilter},
    },
    search,
};

const SEARCH_CURSOR: u8 = b'i';

#[ComplexObject]
impl CatalogueItem {
    /// The titles in further scripts, for example the Japanese one.
    async fn other_titles(&self, ctx: &Context<'_>) -> Result<Vec<String>, Error> {
        let titles = ctx.loaders().load(TitlesOf(self.item_id)).await?;
        let titles = titles.unwrap_or_default();
        let bytes = titles.iter().map(String::len).sum();
        ctx.loaders().budget.answer(bytes)?;
        Ok((*titles).clone())
    }

    /// Whose it is, of a CD or a song, if known.
    async fn artist(&self, ctx: &Context<'_>) -> Option<Result<Artist, Error>> {
        artist(ctx.loaders(), self.artist_id?).await.transpose()
    }

    /// What all reviewers together think of it. Everybody's reviews count, for everybody.
    async fn rating(&self, ctx: &Context<'_>) -> Result<RatingSummary, Error> {
        review::rating(ctx, self.item_id).await
    }

    /// The reviews of it, newest first; nothing when you are signed out.
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(default, desc = "Whose: ALL if not given.")] by: ReviewersFilter,
    ) -> Result<Flat<ReviewConnection>, Error> {
        review::of_item(ctx, self.item_id, PageArgs::forward(first, after), by).await
    }

    /// Which of your friends listened to this song in the last four weeks, who did so last first; nobody when you
    /// are signed out, and of what is no song. (Of more than 1,000 friends, which a tarento can have, your newest
    /// 1,000 are looked at.)
    async fn friend_listeners(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<ListenerConnection>, Error> {
        music::friend_listeners(ctx, self, PageArgs::forward(first, after)).await
    }
}

/// Reading the catalogue.
#[derive(Debug, Default)]
pub struct CatalogueQuery;

#[Object]
impl CatalogueQuery {
    /// The catalogue item with this id; null where there is none.
    async fn catalogue_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of a `CatalogueItem`.")] id: ID,
    ) -> Option<Result<CatalogueItem, Error>> {
        match GlobalId::expect(&id, Kind::CatalogueItem) {
            Ok([id]) => item(ctx.loaders(), id).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// Catalogue items by a piece of one of their titles, by title. Half and full width, hiragana
    /// and katakana, upper and lower case are one.
    async fn search_catalogue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "2-100 characters; one, if it is no ASCII character.")] text: String,
        #[graphql(desc = "Only items of this kind.")] kind: Option<CatalogueKind>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<CatalogueItemConnection>, Error> {
        let page = PageArgs::forward(first, after).page::<(String, Uuid)>(SEARCH_CURSOR)?;
        let text = search::asked(&text)?;
        let grams = search::grams_to_find(&text);
        if grams.is_empty() {
            return Ok(CatalogueItemConnection::new(Slice::default(), None));
        }
        let from = page.after.clone().unwrap_or_default();
        let limit = i64::from(page.limit) + 1;
        let db = &ctx.loaders().db();
        let found = store::search(db, &grams, kind.map(Into::into), &from, limit).await?;
        let slice = Slice::new(found, &page);
        let ids: Vec<_> = slice.rows.iter().map(|(_, id)| *id).collect();
        let mut items = store::items(db, &ids).await?;
        let titles = ctx
            .loaders()
            .load_many(ids.into_iter().map(TitlesOf).collect())
            .await?;
        let mut titles = titles.into_iter();
        let edges = slice.filter_map(|position| {
            let others = titles.next().flatten();
            let row = items.remove(&position.1)?;
            // The pieces can stand apart: the text itself must be in one of the titles.
            let found = row.title_key.contains(&text)
                || others
                    .is_some_and(|titles| titles.iter().any(|t| search::fold(t).contains(&text)));
            found.then(|| CatalogueItemEdge {
                cursor: cursor(SEARCH_CURSOR, &position),
                node: CatalogueItem::from(Arc::new(row)),
            })
        });
        Ok(CatalogueItemConnection::new(edges, None))
    }
}

/// An item that is missing in the catalogue.
#[derive(Debug, InputObject)]
pub struct AddCatalogueItemInput {
    /// What kind of thing it is.
    kind: CatalogueKind,
    /// The title, 1-300 characters.
    title: String,
    /// The titles in further scripts, up to 10.
    #[graphql(default)]
    other_titles: Vec<String>,
    /// The year that it came out.
    year: Option<i32>,
    /// What a game runs on, 1-100 characters.
    platform: Option<String>,
    /// Whose it is, of a CD or a song: the id of an `Artist`.
    artist_id: Option<ID>,
    /// Whose it is, by name, in the place of `artistId`.
    artist: Option<ArtistInput>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What adding came to.
#[derive(Debug, Default, SimpleObject)]
pub struct AddCatalogueItemPayload {
    /// The new item, or the one that the catalogue had already.
    item: Option<CatalogueItem>,
    /// Why nothing was added.
    user_errors: Vec<UserError>,
}

/// Writing to the catalogue.
#[derive(Debug, Default)]
pub struct CatalogueMutation;

#[Object]
impl CatalogueMutation {
    /// Adds an item that is missing in the catalogue. Where one of this kind with this title and
    /// artist, or else platform, or else year, is there already, it is answered with `ITEM_EXISTS`.
    async fn add_catalogue_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The item.")] input: AddCatalogueItemInput,
    ) -> Option<Result<AddCatalogueItemPayload, Error>> {
        Some(add(ctx, input).await)
    }
}

async fn add(
    ctx: &Context<'_>,
    input: AddCatalogueItemInput,
) -> Result<AddCatalogueItemPayload, Error> {
    let me = ctx.member()?.id;
    let new = NewItem {
        kind: input.kind,
        title: input.title,
        other_titles: input.other_titles,
        year: input.year,
        platform: input.platform,
        artist: which_artist(input.artist_id, input.artist)?,
    };
    let done = service::add(ctx.app(), me, new, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(Added::New(id)) => AddCatalogueItemPayload {
            item: item(ctx.fresh(), id).await?,
            user_errors: Vec::new(),
        },
        Ok(Added::Known(id)) => AddCatalogueItemPayload {
            item: item(ctx.fresh(), id).await?,
            user_errors: vec![UserError::on("title", CatalogueReason::ItemExists)],
        },
        Err(user_errors) => AddCatalogueItemPayload {
            item: None,
            user_errors,
        },
    })
}

fn which_artist(id: Option<ID>, named: Option<ArtistInput>) -> Result<Option<Which>, Error> {
    match (id, named) {
        (None, None) => Ok(None),
        (Some(id), None) => {
            let [id] = GlobalId::expect(&id, Kind::Artist)?;
            Ok(Some(Which::Known(id)))
        }
        (None, Some(ArtistInput { name, other_names })) => {
            Ok(Some(Which::Named { name, other_names }))
        }
        (Some(_), Some(_)) => Err(Error::InvalidArgument(ServiceText::ArtistIdOrArtist)),
    }
}
