//! Sessions: 256-bit bearer tokens, of which the database keeps only a SHA-256.

pub mod device;
pub mod edges;
pub mod ending;
pub mod graphql;
pub mod last_use;
pub mod loader;
pub mod node;
mod plain;
pub mod store;
pub mod uses;

use std::{collections::HashSet, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{session, session_token};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    Select,
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
    footprint::store::visitors,
    lsn::Lsn,
    rejection::Rejection,
    user::store as users,
    viewer::{Caller, Member, Viewer},
};

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
pub async fn viewer(app: &Arc<App>, bearer: Option<&str>) -> Result<Viewer, Error> {
    caller(app, bearer).await.map(|caller| caller.viewer)
}

/// Who comes with `bearer`, after what they read, and whether blocks are to be looked for: one
/// statement, or none where nobody is signed in.
///
/// # Errors
/// [`Error::InvalidToken`] where the token names no living session, [`Error::Unavailable`] where the
/// database does not say so within a second.
pub async fn caller(app: &Arc<App>, bearer: Option<&str>) -> Result<Caller, Error> {
    let Some(bearer) = bearer else {
        return Ok(Caller::ANONYMOUS);
    };
    let row = in_time(directory::find(app.database.reader(), hash(bearer)))
        .await?
        .filter(|row| row.expires_at > app.clock.now())
        .ok_or(Error::InvalidToken)?;
    last_use::note(app, &row);
    let member = Member {
        id: row.user_id,
        session: row.session_id,
    };
    Ok(Caller {
        viewer: Viewer::Member(member),
        wrote: row.last_write.map_or(Lsn::OLDEST, Lsn::from_number),
        reads_kept: reads_kept(app, &row),
        has_blocks: row.has_blocks,
        sees_names: row.sees_names,
        has_rest: row.has_rest,
    })
}

/// Begins a session of `user` with `token`. Where they have as many as a user can, the one that was used least
/// lately ends.
///
/// # Errors
/// The database's.
pub async fn begin(app: &App, tx: &Tx, user: Uuid, token: &Token) -> Result<Uuid, DbErr> {
    begin_on(app, tx, user, token, None).await
}

/// The same on the client that calls itself `device`.
///
/// # Errors
/// The database's.
pub async fn begin_on(
    app: &App,
    tx: &Tx,
    user: Uuid,
    token: &Token,
    device: Option<&str>,
) -> Result<Uuid, DbErr> {
    let now = app.clock.now();
    let row = session::Model {
        user_id: user,
        id: app.ids.at(now),
        created_at: now,
        expires_at: now + TimeDelta::days(app.rules.session_days),
        device: device.unwrap_or_default().to_owned(),
        last_used_at: Some(now),
    };
    session::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&tx.sql)
        .await?;
    direct(app, tx, &row, token, 1).await?;
    // The user is held: of those who come in at the same time each finds the sessions of those before.
    ending::end_surplus(app, tx, user, row.id).await?;
    Ok(row.id)
}

/// Gives the session a further token, or begins a new one on `device` where it has ended: for a
/// repeated sign-in, whose first token nobody kept. Gives the session's id.
///
/// The earlier tokens go on: they may be on their way to callers who asked at the same time. Only
/// the newest [`TOKENS`] do, and all of a session's tokens end with it.
///
/// # Errors
/// The database's.
pub async fn renew(
    app: &App,
    tx: &Tx,
    [user, id]: [Uuid; 2],
    token: &Token,
    device: Option<&str>,
) -> Result<Uuid, DbErr> {
    // So that nobody ends it between the look and the further token.
    users::hold(&tx.sql, [user]).await?;
    let living = session::Entity::find_by_id((user, id))
        .one(&tx.sql)
        .await?
        .filter(|row| row.expires_at > app.clock.now());
    let Some(row) = living else {
        return begin_on(app, tx, user, token, device).await;
    };
    let newest: Option<Option<i64>> = tokens_of([user, id])
        .select_only()
        .column_as(session_token::Column::Number.max(), "newest")
        .into_tuple()
        .one(&tx.sql)
        .await?;
    let number = newest.flatten().unwrap_or(0) + 1;
    direct(app, tx, &row, token, number).await?;
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
    session: &session::Model,
    token: &Token,
    number: i64,
) -> Result<(), DbErr> {
    let user = session.user_id;
    // Held, so that no block and no choice comes between: it would not find this token.
    let has_blocks = users::held_with_blocks(&tx.sql, user).await?;
    let [sees_names, has_rest] = visitors::marks(&tx.sql, user).await?;
    session_token::Entity::insert(session_token::ActiveModel {
        token_hash: Set(token.hash.clone()),
        user_id: Set(user),
        session_id: Set(session.id),
        number: Set(number),
        expires_at: Set(session.expires_at),
        // Until it is known where the sign-in itself is.
        last_write: Set(app.database.has_replicas().then_some(NOT_KNOWN)),
        written_by: Set(None),
        written_at: Set(None),
        has_blocks: Set(has_blocks),
        sees_names: Set(sees_names),
        has_rest: Set(has_rest),
        used_at: Set(session.last_used_at),
    })
    .exec_without_returning(&tx.sql)
    .await?;
    Ok(())
}

/// Ends the session of `member`.
///
/// # Errors
/// The database's.
pub async fn end(app: &App, member: Member) -> Result<(), Rejection> {
    app.database
        .write(move |tx| {
            Box::pin(async move {
                ending::end_one(tx, member).await?;
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
    ending::end_but(tx, user, None).await
}

/// Which of the sessions of `members` have not been signed out.
///
/// # Errors
/// The database's.
pub async fn living(app: &App, members: &[Member]) -> Result<HashSet<Uuid>, Error> {
    let keys: Vec<_> = members.iter().map(|m| [m.id, m.session]).collect();
    let found = store::by_users_and_ids(app.database.reader(), &keys).await?;
    Ok(found.into_keys().map(|[_, session]| session).collect())
}

/// When the session of `member` ends by itself; none where it has ended.
///
/// # Errors
/// The database's.
pub async fn expiry(app: &App, member: Member) -> Result<Option<DateTime<Utc>>, Error> {
    let found = session::Entity::find_by_id((member.id, member.session));
    let row = in_time(found.one(app.database.reader())).await?;
    Ok(row.map(|row| row.expires_at))
}
