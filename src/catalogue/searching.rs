//! How catalogue items are found by a piece of a title of theirs.

use std::sync::Arc;

use entity::values;
use uuid::Uuid;

use super::{loader::TitlesOf, node::CatalogueItem, store};
use crate::{
    error::Error,
    loaders::Loaders,
    search::{self, Searched},
};

/// A search for items.
#[derive(Debug)]
pub struct Search<'l> {
    loaders: &'l Loaders,
    text: String,
    grams: Vec<String>,
    kind: Option<values::CatalogueKind>,
}

impl<'l> Search<'l> {
    /// For `text`, of one `kind`, if given; None where the text is too short.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where `text` is too long.
    pub fn begin(
        loaders: &'l Loaders,
        text: &str,
        kind: Option<values::CatalogueKind>,
    ) -> Result<Option<Self>, Error> {
        let text = search::asked(text)?;
        let grams = search::grams_to_find(&text);
        let is_long_enough = !grams.is_empty();
        Ok(is_long_enough.then_some(Self {
            loaders,
            text,
            grams,
            kind,
        }))
    }

    /// The pieces can stand apart: the text itself must be in one of the titles.
    fn is_meant(&self, title_key: &str, others: &[String]) -> bool {
        let mut others = others.iter().map(|title| search::fold(title));
        title_key.contains(&self.text) || others.any(|title| title.contains(&self.text))
    }
}

#[async_trait::async_trait]
impl Searched for Search<'_> {
    type Place = (String, Uuid);
    type Hit = Uuid;
    type Found = CatalogueItem;

    async fn hits(
        &self,
        from: &Self::Place,
        limit: usize,
    ) -> Result<Vec<(Self::Place, Uuid)>, Error> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let db = self.loaders.db();
        let found = store::search(&db, &self.grams, self.kind, from, limit).await?;
        Ok(search::named(found))
    }

    async fn shown(&self, hits: &[Uuid]) -> Result<Vec<Option<CatalogueItem>>, Error> {
        let mut items = store::items(&self.loaders.db(), hits).await?;
        let keys = hits.iter().copied().map(TitlesOf).collect();
        let titles = self.loaders.load_many(keys).await?;
        let found = hits.iter().zip(titles).map(|(id, titles)| {
            let row = items.remove(id)?;
            let is_meant = self.is_meant(&row.title_key, &titles.unwrap_or_default());
            is_meant.then(|| CatalogueItem::from(Arc::new(row)))
        });
        Ok(found.collect())
    }
}
