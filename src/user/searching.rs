//! How users are found by a piece of a name of theirs.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{loader::users, node::User, store};
use crate::{
    block::loader::{Hidden, hidden},
    error::Error,
    loaders::Loaders,
    search::{self, Searched},
};

/// A search for users.
#[derive(Debug)]
pub struct Search<'l> {
    loaders: &'l Loaders,
    text: String,
    grams: Vec<String>,
    hidden: Hidden,
    born_by: NaiveDate,
    whole: bool,
}

impl<'l> Search<'l> {
    /// For what the viewer searches by `text`; None where that is too short. Whether the `whole` of users is read, or
    /// what most show of them.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where `text` is too long, and the database's.
    pub async fn begin(
        loaders: &'l Loaders,
        text: &str,
        whole: bool,
    ) -> Result<Option<Self>, Error> {
        let text = search::asked(text)?;
        let grams = search::grams_to_find(&text);
        if grams.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            text,
            grams,
            hidden: hidden(loaders).await?,
            born_by: loaders.app.majority().born_by(),
            whole,
            loaders,
        }))
    }

    /// The pieces can stand apart: the text itself must be there.
    fn is_meant(&self, user: &User) -> bool {
        let nickname = search::fold(user.nickname.as_str());
        user.username.as_str().contains(&self.text) || nickname.contains(&self.text)
    }
}

#[async_trait::async_trait]
impl Searched for Search<'_> {
    type Place = (String, Uuid);
    type Hit = Uuid;
    type Found = User;

    async fn hits(
        &self,
        from: &Self::Place,
        limit: usize,
    ) -> Result<Vec<(Self::Place, Uuid)>, Error> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let db = self.loaders.db();
        let without = self.hidden.ids();
        let found = store::search(&db, &self.grams, self.born_by, without, from, limit).await?;
        Ok(search::named(found))
    }

    async fn shown(&self, hits: &[Uuid]) -> Result<Vec<Option<User>>, Error> {
        let ids = hits.iter().copied();
        let mut users = users(self.loaders, ids.clone(), self.whole).await?;
        let found = ids.map(|id| users.remove(&id).filter(|user| self.is_meant(user)));
        Ok(found.collect())
    }
}
