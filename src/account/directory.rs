//! The directory from a token to its session: asked once a request, by many at the same time.

use std::time::Duration;

use entity::session_token;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

use crate::{
    database::{Answer, PATIENCE, Question, Source, ask},
    paging::columns,
    sql::{Sql, row},
};

row! {
    session_token::Model { token_hash, user_id, session_id, number, expires_at, last_write, written_by, written_at, has_blocks, sees_names, has_rest, used_at }
}

/// Which session a token is of, by its hash.
#[derive(Clone)]
struct ByHash;

impl Question for ByHash {
    type Key = Vec<u8>;
    type Found = session_token::Model;
    type Same = ();

    fn same(&self) {}

    fn patience(&self) -> Duration {
        PATIENCE
    }

    async fn ask(
        &self,
        db: &impl ConnectionTrait,
        hashes: &[Vec<u8>],
    ) -> Result<Answer<Self>, DbErr> {
        let mut sql = Sql::of(db);
        let mut found = Answer::<Self>::default();
        // On Citus each token has its shard.
        if !sql.is_postgres() || sql.is_citus() {
            for hash in hashes {
                let row = session_token::Entity::find_by_id(hash.clone())
                    .one(db)
                    .await?;
                found.extend(row.map(|row| (hash.clone(), row)));
            }
            return Ok(found);
        }
        let among = sql.bytes_among("t.token_hash", hashes);
        let read = columns::<session_token::Model>("t");
        let text = format!("SELECT {read} FROM session_tokens AS t WHERE {among}");
        let rows: Vec<session_token::Model> = sql.models(db, text).await?;
        found.extend(rows.into_iter().map(|row| (row.token_hash.clone(), row)));
        Ok(found)
    }
}

/// The row of the token with `hash`.
///
/// # Errors
/// The database's.
pub async fn find(db: &impl Source, hash: Vec<u8>) -> Result<Option<session_token::Model>, DbErr> {
    let keys = [hash];
    let mut found = ask(db, ByHash, &keys).await?;
    let [hash] = keys;
    Ok(found.remove(&hash))
}
