//! How artists are found by a piece of a name of theirs.

use uuid::Uuid;

use super::{
    loader::{ArtistById, OtherNamesOf},
    node::Artist,
    store,
};
use crate::{
    error::Error,
    loaders::Loaders,
    search::{self, Searched},
};

/// A search for artists.
#[derive(Debug)]
pub struct Search<'l> {
    loaders: &'l Loaders,
    text: String,
    grams: Vec<String>,
}

impl<'l> Search<'l> {
    /// For `text`; None where it is too short.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where `text` is too long.
    pub fn begin(loaders: &'l Loaders, text: &str) -> Result<Option<Self>, Error> {
        let text = search::asked(text)?;
        let grams = search::grams_to_find(&text);
        let is_long_enough = !grams.is_empty();
        Ok(is_long_enough.then_some(Self {
            loaders,
            text,
            grams,
        }))
    }

    /// The pieces can stand apart: the text itself must be in one of the names.
    fn is_meant(&self, name: &str, others: &[String]) -> bool {
        let mut names = others.iter().map(String::as_str).chain([name]);
        names.any(|name| search::fold(name).contains(&self.text))
    }
}

#[async_trait::async_trait]
impl Searched for Search<'_> {
    type Place = (String, Uuid);
    type Hit = Uuid;
    type Found = Artist;

    async fn hits(
        &self,
        from: &Self::Place,
        limit: usize,
    ) -> Result<Vec<(Self::Place, Uuid)>, Error> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = store::search(&self.loaders.db(), &self.grams, from, limit).await?;
        Ok(search::named(found))
    }

    async fn shown(&self, hits: &[Uuid]) -> Result<Vec<Option<Artist>>, Error> {
        let ids = hits.iter().copied();
        let rows = self
            .loaders
            .load_many(ids.clone().map(ArtistById).collect());
        let rows = rows.await?;
        let names = self.loaders.load_many(ids.map(OtherNamesOf).collect());
        let names = names.await?;
        let found = rows.into_iter().zip(names).map(|(row, others)| {
            let row = row?;
            let is_meant = self.is_meant(&row.name, &others.unwrap_or_default());
            is_meant.then(|| Artist::from(row))
        });
        Ok(found.collect())
    }
}
