//! Has searches find diaries that they do not find as they are.

use std::collections::BTreeSet;

use super::store::{
    self, DiaryKey,
    words::{TEXTS, text_of},
};
use crate::{database::Tx, rejection::Rejection, user::store as users};

/// Has searches find those of the diaries with `keys` that are there, as they are now.
///
/// # Errors
/// The database's.
pub async fn index(tx: &Tx, keys: &[DiaryKey]) -> Result<(), Rejection> {
    // Who changes one holds its author, too. (All of them in order.)
    let authors: BTreeSet<_> = keys.iter().map(|[author, _]| *author).collect();
    for author in authors {
        users::hold(&tx.sql, [author]).await?;
    }
    for row in store::diaries(&tx.sql, keys).await?.into_values() {
        TEXTS.write(&tx.sql, &text_of(&row)).await?;
    }
    Ok(())
}
