//! How reports are found: at the primary, for who looks after them.

use std::sync::Arc;

use entity::report;
use foldhash::{HashMap, HashMapExt};

use super::store::{self, ReportKey};
use crate::{
    error::Error,
    loaders::{Access, Loaders, parts},
};

/// A report by its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ReportByKey(pub ReportKey);

#[async_trait::async_trait]
impl Access for ReportByKey {
    type Value = Arc<report::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut found = HashMap::new();
        for keys in parts(&keys, 1) {
            let rows = store::reports(loaders.app.database.reader(), keys).await?;
            loaders
                .budget
                .read(rows.values().map(|row| row.body.len()))?;
            let rows = rows.into_iter();
            found.extend(rows.map(|(key, row)| (Self(key), Arc::new(row))));
        }
        Ok(found)
    }
}

/// How many reports there are of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ReportsOf(pub String);

#[async_trait::async_trait]
impl Access for ReportsOf {
    type Value = i64;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let subjects: Vec<_> = keys.iter().map(|key| key.0.clone()).collect();
        let found = store::counts(loaders.app.database.reader(), &subjects).await?;
        let found = found.into_iter();
        Ok(found.map(|(it, count)| (Self(it), count)).collect())
    }
}
