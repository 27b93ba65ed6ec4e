//! How suspensions are found, by who looks after them.

use entity::suspension;
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store;
use crate::{
    error::Error,
    loaders::{Access, Loaders, parts},
};

/// The suspension of a user that lasts; nothing for who is no moderator, and without a statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SuspensionOf(pub Uuid);

#[async_trait::async_trait]
impl Access for SuspensionOf {
    type Value = suspension::Model;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        let app = &loaders.app;
        // Where nobody is absent, there is nothing to see for anybody.
        let me = loaders.viewer.id();
        if !me.is_some_and(|me| app.absences.is_staff(me)) {
            return Ok(found);
        }
        let now = app.clock.now();
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        for ids in parts(&ids, 1) {
            let rows = store::of(app.database.reader(), ids).await?.into_iter();
            let lasting = rows.filter(|(_, row)| row.until.is_none_or(|until| until > now));
            found.extend(lasting.map(|(id, row)| (Self(id), row)));
        }
        Ok(found)
    }
}
