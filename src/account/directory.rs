//! The directory from a token to its session: asked once a request, by many at the same time.

use entity::session_token;
use sea_orm::{DbErr, EntityTrait};

use crate::{
    coalesce::Coalescer,
    database::{Reader, in_time},
    error::Error,
    paging::columns,
    sql::Sql,
};

/// Look-ups on their way at the same time: two, so that who asks meanwhile waits for half of one.
const LANES: usize = 2;

type Found = Option<session_token::Model>;

/// Where look-ups wait to be one statement.
#[derive(Debug)]
pub struct Directory(Coalescer<(), Vec<u8>, Found>);

impl Default for Directory {
    fn default() -> Self {
        Self(Coalescer::new(LANES))
    }
}

impl Directory {
    /// The row of the token with `hash`. On one PostgreSQL, those who ask while others wait for
    /// their answers are answered by one statement.
    ///
    /// # Errors
    /// The database's.
    pub async fn find(&self, db: &Reader, hash: Vec<u8>) -> Result<Found, Error> {
        let sql = Sql::of(db);
        // SQLite is no way off; of Citus' shards each token has its own.
        if !sql.is_postgres() || sql.is_citus() {
            return Ok(session_token::Entity::find_by_id(hash).one(db).await?);
        }
        let db = db.clone();
        let run = move |hashes: Vec<Vec<u8>>| {
            let db = db.clone();
            async move {
                // A connection that broke is found at its first statement: with another it is asked
                // again. One that is silent is left: others wait for their lane.
                match in_time(find_all(&db, &hashes)).await {
                    Err(Error::Unavailable(_)) => in_time(find_all(&db, &hashes)).await,
                    found => found,
                }
            }
        };
        self.0.put((), hash, run).await
    }
}

async fn find_all(db: &Reader, hashes: &[Vec<u8>]) -> Result<Vec<Found>, DbErr> {
    let mut sql = Sql::of(db);
    let among = sql.bytes_among("t.token_hash", hashes);
    let read = columns::<session_token::Model>("t");
    let text = format!("SELECT {read} FROM session_tokens AS t WHERE {among}");
    let rows: Vec<session_token::Model> = sql.models(db, text).await?;
    let of = |hash: &Vec<u8>| rows.iter().find(|row| row.token_hash == *hash).cloned();
    Ok(hashes.iter().map(of).collect())
}
