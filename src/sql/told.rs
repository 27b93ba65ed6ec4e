//! What the tokens of a user tell beside their session, so that finding a session finds it, too. Who
//! begins one holds the user's row, and so does who changes this: no token is missed.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::Sql;

/// What is told.
#[derive(Clone, Copy, Debug)]
pub enum Told {
    /// That there is a block of the user's, or against them.
    HasBlocks,
    /// That the user sees the names of those who visit them.
    SeesNames,
    /// That the user has ever chosen to rest.
    HasRest,
}

impl Told {
    const fn column(self) -> &'static str {
        match self {
            Self::HasBlocks => "has_blocks",
            Self::SeesNames => "sees_names",
            Self::HasRest => "has_rest",
        }
    }
}

/// Has the tokens of `user`, who is held, tell whether `told` `is` so.
///
/// # Errors
/// The database's.
pub async fn tell_sessions(
    db: &impl ConnectionTrait,
    user: Uuid,
    told: Told,
    is: bool,
) -> Result<(), DbErr> {
    let column = told.column();
    let those = || {
        let mut sql = Sql::of(db);
        let (user, is) = (sql.bind(user), sql.bind(is));
        let those = format!("WHERE user_id = {user} AND {column} <> {is}");
        (sql, is, those)
    };
    let (sql, _, among) = those();
    // In the order in which everybody holds them. (Citus holds none of several shards.)
    if sql.is_postgres() && !sql.is_citus() {
        let text = format!("SELECT 1 FROM session_tokens {among} ORDER BY token_hash FOR UPDATE");
        sql.rows(db, text).await?;
    }
    let (sql, is, among) = those();
    let text = format!("UPDATE session_tokens SET {column} = {is} {among}");
    sql.run(db, text).await?;
    Ok(())
}
