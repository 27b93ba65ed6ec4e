//! What a replica found of diaries, held to what is true now: an audience says who sees a diary, and
//! a replica may not have heard yet that it was changed, or that the diary has gone.

use std::collections::HashMap;

use entity::{diary, values::Audience};

use super::store::{self, DiaryKey};
use crate::{database::Reading, error::Error, loaders::Loaders};

/// The audiences that diaries have now; none where they were read at the primary, and need not be
/// asked for.
#[derive(Debug)]
pub struct Known(Option<HashMap<DiaryKey, Audience>>);

impl Known {
    /// Of the diaries with `keys`, which were read at `db`: one statement, if it is a replica.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(
        loaders: &Loaders,
        db: &Reading<'_>,
        keys: impl Iterator<Item = DiaryKey>,
    ) -> Result<Self, Error> {
        if !db.is_replica() {
            return Ok(Self(None));
        }
        let keys: Vec<_> = keys.collect();
        let now = store::audiences(loaders.app.database.reader(), &keys).await?;
        Ok(Self(Some(now)))
    }

    /// Leaves of `rows` those that are still there and for one of `audiences`.
    pub fn keep(&self, rows: &mut Vec<diary::Model>, audiences: &[Audience]) {
        if self.0.is_some() {
            rows.retain_mut(|row| self.confirms(row) && audiences.contains(&row.audience));
        }
    }

    /// Gives `row` the audience that it has now. Says whether the diary is still there.
    pub fn confirms(&self, row: &mut diary::Model) -> bool {
        let Self(Some(now)) = self else {
            return true;
        };
        let Some(audience) = now.get(&[row.author_id, row.id]) else {
            return false;
        };
        row.audience = *audience;
        true
    }
}
