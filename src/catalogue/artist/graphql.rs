//! Artists in the API.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object};
use uuid::Uuid;

use super::{
    loader::{ItemsBy, OtherNamesOf, artist},
    node::{Artist, ArtistConnection, ArtistEdge},
    searching::Search,
};
use crate::{
    catalogue::node::{CatalogueItem, CatalogueItemConnection, CatalogueItemEdge, CatalogueKind},
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    ids::{GlobalId, Kind},
    paging::{PageArgs, Slice, cursor},
    search::look,
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
        let Some(search) = Search::begin(ctx.loaders(), &text)? else {
            return Ok(ArtistConnection::new(Slice::default(), None));
        };
        let looked = look(&search, &page).await?;
        let (edges, up_to) = looked.slice(SEARCH_CURSOR, &page, |cursor, node| ArtistEdge {
            cursor,
            node,
        });
        let Flat(found) = ArtistConnection::new(edges, None);
        Ok(Flat(found.up_to(up_to)))
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
