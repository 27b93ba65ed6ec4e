//! Artists in the API.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object};
use uuid::Uuid;

use super::{
    loader::{ArtistById, ItemsBy, OtherNamesOf, artist},
    node::{Artist, ArtistConnection, ArtistEdge},
    store,
};
use crate::{
    catalogue::node::{CatalogueItem, CatalogueItemConnection, CatalogueItemEdge, CatalogueKind},
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    ids::{GlobalId, Kind},
    paging::{PageArgs, Slice, cursor},
    search,
};

const SEARCH_CURSOR: u8 = b'a';
const ITEMS_CURSOR: u8 = b'm';

#[ComplexObject]
impl Artist {
    /// The names in further scripts, for example in Latin letters.
    async fn other_names(&self, ctx: &Context<'_>) -> Result<Vec<String>, Error> {
        let names = ctx.loaders().load(OtherNamesOf(self.artist_id)).await?;
        let names = names.unwrap_or_default();
        let bytes = names.iter().map(String::len).sum();
        ctx.loaders().budget.answer(bytes)?;
        Ok((*names).clone())
    }

    /// The CDs and songs of the artist that the catalogue has, the last added first.
    async fn items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "Only items of this kind: CD or SONG.")] kind: Option<CatalogueKind>,
    ) -> Result<Flat<CatalogueItemConnection>, Error> {
        let key = ItemsBy {
            artist: self.artist_id,
            page: PageArgs::forward(first, after).page(ITEMS_CURSOR)?,
            kind: kind.map(Into::into),
        };
        let slice = ctx.loaders().load(key).await?.unwrap_or_default();
        let edges = (*slice).clone().filter_map(|row| {
            Some(CatalogueItemEdge {
                cursor: cursor(ITEMS_CURSOR, &row.id),
                node: CatalogueItem::from(row),
            })
        });
        Ok(CatalogueItemConnection::new(edges, None))
    }
}

/// Reading artists.
#[derive(Debug, Default)]
pub struct ArtistQuery;

#[Object]
impl ArtistQuery {
    /// The artist with this id; null where there is none.
    async fn artist(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of an `Artist`.")] id: ID,
    ) -> Option<Result<Artist, Error>> {
        match GlobalId::expect(&id, Kind::Artist) {
            Ok([id]) => artist(ctx.loaders(), id).await.transpose(),
            Err(error) => Some(Err(error)),
        }
    }

    /// Artists by a piece of one of their names, by main name. Half and full width, hiragana and
    /// katakana, upper and lower case are one.
    async fn search_artists(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "2-100 characters; one, if it is no ASCII character.")] text: String,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<ArtistConnection>, Error> {
        let page = PageArgs::forward(first, after).page::<(String, Uuid)>(SEARCH_CURSOR)?;
        let text = search::asked(&text)?;
        let grams = search::grams_to_find(&text);
        if grams.is_empty() {
            return Ok(ArtistConnection::new(Slice::default(), None));
        }
        let from = page.after.clone().unwrap_or_default();
        let limit = i64::from(page.limit) + 1;
        let loaders = ctx.loaders();
        let found = store::search(&loaders.db(), &grams, &from, limit).await?;
        let slice = Slice::new(found, &page);
        let ids = || slice.rows.iter().map(|(_, id)| *id);
        let rows = loaders.load_many(ids().map(ArtistById).collect()).await?;
        let names = loaders.load_many(ids().map(OtherNamesOf).collect()).await?;
        let mut found = rows.into_iter().zip(names);
        let edges = slice.filter_map(|position| {
            let (row, others) = found.next()?;
            let row: Arc<entity::artist::Model> = row?;
            let others = others.unwrap_or_default();
            // The pieces can stand apart: the text itself must be in one of the names.
            let mut names = others.iter().chain([&row.name]);
            let found = names.any(|name| search::fold(name).contains(&text));
            found.then(|| ArtistEdge {
                cursor: cursor(SEARCH_CURSOR, &position),
                node: Artist::from(row.clone()),
            })
        });
        Ok(ArtistConnection::new(edges, None))
    }
}

/// An artist, by name.
#[derive(Debug, InputObject)]
pub struct ArtistInput {
    /// The name, 1-100 characters: of an artist whom the catalogue has any name will do, in whatever script. Where it
    /// has none of this name, the artist is added.
    pub name: String,
    /// The names in further scripts, up to 10, of an artist who is added. (One that is another's already is left out.)
    #[graphql(default)]
    pub other_names: Vec<String>,
}
