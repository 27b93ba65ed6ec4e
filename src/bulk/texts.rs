//! What diaries and reviews are found by.

use sea_orm::DbErr;

use super::target::Target;
use crate::search::{Text, Texts};

/// Has searches find `found`, which are among `texts`.
///
/// # Errors
/// The database's.
pub(super) async fn find(
    to: Target<'_>,
    texts: &Texts,
    found: impl Iterator<Item = Text> + Send,
) -> Result<(), DbErr> {
    match to {
        Target::Statements(tx) => {
            for text in found {
                texts.write(&tx.sql, &text).await?;
            }
            Ok(())
        }
        Target::Whole(copying) => copying.find(texts, found).await,
    }
}
