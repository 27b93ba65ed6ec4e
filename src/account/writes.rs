//! Where the primary's log stood after a session's last write, so that whoever wrote reads it again
//! through any server, at whatever replica.

use entity::session_token;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use crate::{
    app::App,
    error::Error,
    lsn::Lsn,
    sql::Sql,
    viewer::{Caller, Member, Viewer},
};

/// Keeps that the session of `member` has just written. Without replicas it keeps nothing.
///
/// What was written stays so if this fails: until the replicas have caught up, the session's next
/// reads may then miss it, and the log says so.
pub async fn note(app: &App, member: Member) {
    if app.database.has_replicas()
        && let Err(error) = keep(app, member).await
    {
        tracing::warn!(%error, "it was not kept where a session wrote");
    }
}

/// One statement, whose commit nobody waits for: were it lost, so would be what depends on it.
async fn keep(app: &App, member: Member) -> Result<(), DbErr> {
    let mut sql = Sql::of(app.database.reader());
    let (user, session) = (sql.bind(member.id), sql.bind(member.session));
    let text = format!(
        "WITH quickly AS (SELECT set_config('synchronous_commit', 'off', true)) \
         UPDATE session_tokens \
         SET last_write = (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint \
         FROM quickly WHERE user_id = {user} AND session_id = {session}"
    );
    sql.run(app.database.reader(), text).await?;
    Ok(())
}

/// After what `viewer` reads now: who stays on a socket may have written elsewhere meanwhile. No
/// statement without replicas.
///
/// # Errors
/// The database's.
pub async fn caller(app: &App, viewer: Viewer) -> Result<Caller, Error> {
    let mut wrote = Lsn::OLDEST;
    if let Viewer::Member(member) = viewer
        && app.database.has_replicas()
    {
        let row = session_token::Entity::find()
            .filter(session_token::Column::UserId.eq(member.id))
            .filter(session_token::Column::SessionId.eq(member.session))
            .filter(session_token::Column::LastWrite.is_not_null())
            .one(app.database.reader())
            .await?;
        let number = row.and_then(|row| row.last_write);
        wrote = number.map_or(Lsn::OLDEST, Lsn::from_number);
    }
    Ok(Caller { viewer, wrote })
}
