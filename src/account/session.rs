//! Sessions: 256-bit bearer tokens, of which the database keeps only a SHA-256.

use std::collections::HashSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::{session, session_token};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Select,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    directory,
    writes::{NOT_KNOWN, reads_kept},
};
use crate::{
    app::App,
    database::{Tx, in_time},
    error::Error,
    events::Event,
    lsn::Lsn,
    paging::by_keys,
    rejection::Rejection,
    sql::{Sql, remove_ended, row},
    user::store,
    viewer::{Caller, Member, Viewer},
};

row! {
    session::Model { user_id, id, created_at, expires_at }
}

/// The most tokens of one session: more than callers ask at the same time with one key. The oldest
/// end for the newest.
pub const TOKENS: i64 = 20;

/// A new bearer token: what the client keeps, and the hash that the database keeps.
#[derive(Clone)]
pub struct Token {
    /// For the client: base64url of 256 random bits.
    pub bearer: String,
    /// For the database.
    pub hash: Vec<u8>,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// Draws a token.
    pub fn draw(app: &App) -> Self {
        let bearer = URL_SAFE_NO_PAD.encode(app.ids.secret());
        let hash = hash(&bearer);
        Self { bearer, hash }
    }
}

fn hash(bearer: &str) -> Vec<u8> {
    Sha256::digest(bearer.as_bytes()).to_vec()
}

/// Who comes with `bearer`.
///
/// # Errors
/// As [`caller`].
pub async fn viewer(app: &App, bearer: Option<&str>) -> Result<Viewer, Error> {
    caller(app, bearer).await.map(|caller| caller.viewer)
}

/// Who comes with `bearer`, after what they read, and whether blocks are to be looked for: one
/// statement, or none where nobody is signed in.
///
/// # Errors
/// [`Error::InvalidToken`] where the token names no living session, [`Error::Unavailable`] where the
/// database does not say so within a second.
pub async fn caller(app: &App, bearer: Option<&str>) -> Result<Caller, Error> {
    let Some(bearer) = bearer else {
        return Ok(Caller::ANONYMOUS);
    };
    let row = in_time(directory::find(app.database.reader(), hash(bearer)))
        .await?
        .filter(|row| row.expires_at > app.clock.now())
        .ok_or(Error::InvalidToken)?;
    let member = Member {
        id: row.user_id,
        session: row.session_id,
    };
    Ok(Caller {
        viewer: Viewer::Member(member),
        wrote: row.last_write.map_or(Lsn::OLDEST, Lsn::from_number),
        reads_kept: reads_kept(app, &row),
        has_blocks: row.has_blocks,
    })
}

/// Begins a session of `user` with `token`.
///
/// # Errors
/// The database's.
pub async fn begin(app: &App, tx: &Tx, user: Uuid, token: &Token) -> Result<Uuid, DbErr> {
    let now = app.clock.now();
    let id = app.ids.at(now);
    let expires_at = now + chrono::Duration::days(app.rules.session_days);
    session::Entity::insert(session::ActiveModel {
        user_id: Set(user),
        id: Set(id),
        created_at: Set(now),
        expires_at: Set(expires_at),
    })
    .exec_without_returning(&tx.sql)
    .await?;
    direct(app, tx, [user, id], token, 1, expires_at).await?;
    Ok(id)
}

/// Gives the session a further token, or begins a new one where it has ended: for a repeated
/// sign-in, whose first token nobody kept. Gives the session's id.
///
/// The earlier tokens go on: they may be on their way to callers who asked at the same time. Only
/// the newest [`TOKENS`] do, and all of a session's tokens end with it.
///
/// # Errors
/// The database's.
pub async fn renew(app: &App, tx: &Tx, user: Uuid, id: Uuid, token: &Token) -> Result<Uuid, DbErr> {
    // So that nobody ends it between the look and the further token.
    store::hold(&tx.sql, [user]).await?;
    let living = session::Entity::find_by_id((user, id))
        .one(&tx.sql)
        .await?
        .filter(|row| row.expires_at > app.clock.now());
    let Some(row) = living else {
        return begin(app, tx, user, token).await;
    };
    let newest: Option<Option<i64>> = tokens_of([user, id])
        .select_only()
        .column_as(session_token::Column::Number.max(), "newest")
        .into_tuple()
        .one(&tx.sql)
        .await?;
    let number = newest.flatten().unwrap_or(0) + 1;
    direct(app, tx, [user, id], token, number, row.expires_at).await?;
    session_token::Entity::delete_many()
        .filter(session_token::Column::UserId.eq(user))
        .filter(session_token::Column::SessionId.eq(id))
        .filter(session_token::Column::Number.lte(number - TOKENS))
        .exec(&tx.sql)
        .await?;
    Ok(id)
}

fn tokens_of([user, session]: [Uuid; 2]) -> Select<session_token::Entity> {
    session_token::Entity::find()
        .filter(session_token::Column::UserId.eq(user))
        .filter(session_token::Column::SessionId.eq(session))
}

async fn direct(
    app: &App,
    tx: &Tx,
    [user, session]: [Uuid; 2],
    token: &Token,
    number: i64,
    expires_at: chrono::DateTime<chrono::Utc>,
) -> Result<(), DbErr> {
    session_token::Entity::insert(session_token::ActiveModel {
        token_hash: Set(token.hash.clone()),
        user_id: Set(user),
        session_id: Set(session),
        number: Set(number),
        expires_at: Set(expires_at),
        // Until it is known where the sign-in itself is.
        last_write: Set(app.database.has_replicas().then_some(NOT_KNOWN)),
        // Held, so that no block comes between: it would not find this token.
        written_by: Set(None),
        written_at: Set(None),
        has_blocks: Set(store::held_with_blocks(&tx.sql, user).await?),
    })
    .exec_without_returning(&tx.sql)
    .await?;
    Ok(())
}

/// Ends the session of `member`: its tokens are worth nothing from the commit on, and its sockets
/// are closed within a second.
///
/// # Errors
/// The database's.
pub async fn end(app: &App, member: Member) -> Result<(), Rejection> {
    app.database
        .write(move |tx| {
            Box::pin(async move {
                store::hold(&tx.sql, [member.id]).await?;
                session_token::Entity::delete_many()
                    .filter(session_token::Column::UserId.eq(member.id))
                    .filter(session_token::Column::SessionId.eq(member.session))
                    .exec(&tx.sql)
                    .await?;
                session::Entity::delete_by_id((member.id, member.session))
                    .exec(&tx.sql)
                    .await?;
                tx.after_commit(Event::SessionEnded(member));
                Ok(())
            })
        })
        .await
}

/// Ends every session of `user`. Says how many there were.
///
/// # Errors
/// The database's.
pub async fn end_all(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    store::hold(&tx.sql, [user]).await?;
    let rows = session::Entity::find()
        .filter(session::Column::UserId.eq(user))
        .all(&tx.sql)
        .await?;
    session_token::Entity::delete_many()
        .filter(session_token::Column::UserId.eq(user))
        .exec(&tx.sql)
        .await?;
    let ended = session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user))
        .exec(&tx.sql)
        .await?;
    for row in rows {
        tx.after_commit(Event::SessionEnded(Member {
            id: user,
            session: row.id,
        }));
    }
    Ok(ended.rows_affected)
}

/// Which of the sessions of `members` have not been signed out.
///
/// # Errors
/// The database's.
pub async fn living(app: &App, members: &[Member]) -> Result<HashSet<Uuid>, Error> {
    let keys: Vec<_> = members.iter().map(|m| [m.id, m.session]).collect();
    let key_of = |row: &session::Model| [row.user_id, row.id];
    let db = app.database.reader();
    let found = by_keys(db, "sessions", ["user_id", "id"], &keys, key_of).await?;
    Ok(found.into_keys().map(|[_, session]| session).collect())
}

/// Removes up to `limit` tokens that ended before `now`, and their sessions. Says how many tokens
/// there were.
///
/// # Errors
/// The database's.
pub async fn purge(
    tx: &Tx,
    now: chrono::DateTime<chrono::Utc>,
    limit: i64,
) -> Result<u64, Rejection> {
    // One after the other: a token lies by its hash, its session beside its user.
    let of = ["user_id", "session_id"];
    let sessions = remove_ended(&tx.sql, "session_tokens", "token_hash", of, now, limit).await?;
    let mut sql = Sql::of(&tx.sql);
    let ended = sql.keys("k", &sessions);
    let text = format!("DELETE FROM sessions WHERE (user_id, id) IN (SELECT k0, k1 FROM {ended})");
    sql.run(&tx.sql, text).await?;
    Ok(sessions.len().try_into().unwrap_or(u64::MAX))
}

/// When the session of `member` ends by itself; none where it has ended.
///
/// # Errors
/// The database's.
pub async fn expiry(
    app: &App,
    member: Member,
) -> Result<Option<chrono::DateTime<chrono::Utc>>, Error> {
    let found = session::Entity::find_by_id((member.id, member.session));
    let row = in_time(found.one(app.database.reader())).await?;
    Ok(row.map(|row| row.expires_at))
}
