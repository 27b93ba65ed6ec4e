//! What a store reads from.

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr};

use super::{Answer, Question, Reader, Reading};

/// What a store reads from.
pub trait Source: ConnectionTrait {
    /// Who reads for other requests, too, where statements can be shared with them: on one
    /// PostgreSQL, outside of transactions. SQLite is no way off; on Citus each key has its shard.
    fn shared(&self) -> Option<&Reader> {
        None
    }
}

impl Source for Reader {
    fn shared(&self) -> Option<&Reader> {
        self.is_shared().then_some(self)
    }
}

impl Source for Reading<'_> {
    fn shared(&self) -> Option<&Reader> {
        self.primary().and_then(Source::shared)
    }
}

impl Source for DatabaseTransaction {}

impl Source for DatabaseConnection {}

/// The answer of `db` to `question` of `keys`, by one statement with others who ask the same there.
///
/// # Errors
/// The database's.
pub async fn ask<Q: Question>(
    db: &impl Source,
    question: Q,
    keys: &[Q::Key],
) -> Result<Answer<Q>, DbErr> {
    match db.shared() {
        Some(reader) => reader.reads().ask(reader, question, keys).await,
        None => question.ask(db, keys).await,
    }
}
