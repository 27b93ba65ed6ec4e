//! Where the primary's log stood after a session's last write, and through which server that went, so
//! that whoever wrote reads it again through any server: at whatever replica, and whatever the server
//! has kept.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use entity::session_token;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::session::last_use;
use crate::{
    app::App,
    database::in_time,
    error::Error,
    events::Event,
    lsn::{END_OF_LOG, Lsn},
    sql::Sql,
    viewer::{Caller, Member, Viewer},
};

/// How far servers' clocks may be apart (the README asks for NTP).
const CLOCKS_APART: Duration = Duration::from_secs(2);
/// Where a session's place is not known for now: after everything.
pub const NOT_KNOWN: i64 = i64::MAX;

/// A mutation of a session, under way. Meanwhile, and for as long as nobody knows what became of it,
/// the session is read at the primary: what went on when its client had gone may have been written.
#[derive(Debug)]
pub struct Writing {
    app: Arc<App>,
    member: Member,
    /// What was told to other servers before.
    told: Option<u64>,
    ended: bool,
}

impl Writing {
    /// Before the mutation begins. No statement without replicas, and none of it without other
    /// servers, too.
    ///
    /// # Errors
    /// The database's, and [`Error::InvalidToken`] where the session has ended since its token was
    /// looked up: then the mutation must not begin.
    pub async fn begin(app: &Arc<App>, member: Member) -> Result<Option<Self>, Error> {
        // Of SQLite there are no other servers but neighbours, whose writes are noticed.
        let is_kept = app.cache.is_on() && app.database.is_postgres();
        let told = app.events.changes_told().filter(|_| is_kept);
        if app.database.has_replicas() {
            if keep(app, member, &NOT_KNOWN.to_string(), false).await? == 0 {
                return Err(ended(app, member));
            }
        } else if told.is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            app: app.clone(),
            member,
            told,
            ended: false,
        }))
    }

    /// After all that it wrote is committed.
    pub async fn end(mut self) {
        self.ended = true;
        let (app, member) = (&self.app, self.member);
        // Where nothing was changed that others may have kept, they need not know of it.
        let changed = self.told.is_some() && app.events.changes_told() != self.told;
        let place = match (app.database.has_replicas(), changed) {
            (true, _) => END_OF_LOG,
            (false, true) => "last_write",
            (false, false) => return,
        };
        if let Err(error) = keep(app, member, place, changed).await {
            tracing::warn!(%error, "it was not kept where a session wrote");
        }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.ended && self.app.database.has_replicas() {
            let (app, member) = (self.app.clone(), self.member);
            // Another mutation of the session may have ended meanwhile, and said where it was.
            tokio::spawn(async move {
                if let Err(error) = keep(&app, member, &NOT_KNOWN.to_string(), true).await {
                    tracing::warn!(%error, "it was not kept that a session may have written");
                }
            });
        }
    }
}

/// Keeps where the log is after what the session of `member` has just written. Without replicas it
/// keeps nothing. Where it fails, the session goes on being read at the primary.
pub async fn note(app: &App, member: Member) {
    if app.database.has_replicas()
        && let Err(error) = keep(app, member, END_OF_LOG, false).await
    {
        tracing::warn!(%error, "it was not kept where a session wrote");
    }
}

/// The session of `member` has ended, by another process whose word is on its way yet: its sockets
/// here close now.
fn ended(app: &App, member: Member) -> Error {
    app.events.wake(Event::SessionEnded(member), Lsn::NEWEST);
    Error::InvalidToken
}

/// Keeps the `place` of the last write of the session of `member`, and, where something `changed` that
/// others may have kept, that it was through this server. Says how many tokens the session has.
///
/// One statement, whose commit nobody waits for: it stands in the log before what is written next.
/// The rows are held in one order, whoever else comes.
async fn keep(app: &App, member: Member, place: &str, changed: bool) -> Result<u64, Error> {
    let mut sql = Sql::of(app.database.reader());
    let (user, session) = (sql.bind(member.id), sql.bind(member.session));
    let mut kept = format!("last_write = {place}");
    if changed {
        let now = app.clock.now();
        let lifetime = app.cache.lifetime().unwrap_or_default();
        let recent =
            now - TimeDelta::from_std(lifetime.saturating_add(CLOCKS_APART)).unwrap_or_default();
        let (server, now) = (sql.bind(app.server), sql.bind(now));
        let (recent, several) = (sql.bind(recent), sql.bind(Uuid::nil()));
        // Through two servers within what is kept: for each there is another.
        kept.push_str(&format!(
            ", written_at = {now}, written_by = CASE WHEN written_by <> {server} \
             AND written_at > {recent} THEN {several} ELSE {server} END"
        ));
    }
    // Citus holds none of several shards.
    if sql.is_citus() {
        let text = format!(
            "UPDATE session_tokens SET {kept} WHERE user_id = {user} AND session_id = {session}"
        );
        return in_time(sql.run(app.database.reader(), text)).await;
    }
    let text = format!(
        "WITH quickly AS (SELECT set_config('synchronous_commit', 'off', true)), \
         held AS (SELECT token_hash FROM session_tokens \
         WHERE user_id = {user} AND session_id = {session} ORDER BY token_hash FOR UPDATE) \
         UPDATE session_tokens SET {kept} FROM quickly, held \
         WHERE session_tokens.token_hash = held.token_hash"
    );
    in_time(sql.run(app.database.reader(), text)).await
}

/// After what `viewer` reads now: who stays on a socket may have written elsewhere meanwhile. No
/// statement without replicas.
///
/// # Errors
/// The database's.
pub async fn wrote(app: &Arc<App>, viewer: Viewer) -> Result<Lsn, Error> {
    if !app.database.has_replicas() {
        return Ok(Lsn::OLDEST);
    }
    match caller(app, viewer).await {
        Ok(caller) => Ok(caller.wrote),
        // Its socket is on the way to its end.
        Err(Error::InvalidToken) => Ok(Lsn::OLDEST),
        Err(error) => Err(error),
    }
}

/// What is true now of `viewer`, who stays on a socket: after what they read, and whether there are
/// blocks. One statement.
///
/// # Errors
/// The database's, and [`Error::InvalidToken`] where the session has ended.
pub async fn caller(app: &Arc<App>, viewer: Viewer) -> Result<Caller, Error> {
    let Viewer::Member(member) = viewer else {
        return Ok(Caller::ANONYMOUS);
    };
    let tokens = session_token::Entity::find()
        .filter(session_token::Column::UserId.eq(member.id))
        .filter(session_token::Column::SessionId.eq(member.session))
        .all(app.database.reader());
    let tokens = in_time(tokens).await?;
    if tokens.is_empty() {
        return Err(ended(app, member));
    }
    if let Some(latest) = tokens.iter().max_by_key(|row| row.used_at) {
        last_use::note(app, latest);
    }
    let number = tokens.iter().filter_map(|row| row.last_write).max();
    Ok(Caller {
        viewer,
        wrote: number.map_or(Lsn::OLDEST, Lsn::from_number),
        reads_kept: tokens.iter().all(|row| reads_kept(app, row)),
        has_blocks: tokens.iter().any(|row| row.has_blocks),
        sees_names: tokens.iter().all(|row| row.sees_names),
        has_rest: tokens.iter().any(|row| row.has_rest),
    })
}

/// Whether what is kept here is for the session of `row`. Not so where it has just changed something
/// through another server: of that this one may not have heard, until nothing lives any more that was
/// kept before. Nor where there are blocks: counts are corrected for them, and both must be of one
/// moment.
pub(super) fn reads_kept(app: &App, row: &session_token::Model) -> bool {
    if row.has_blocks {
        return false;
    }
    let (Some(lifetime), Some(server), Some(at)) =
        (app.cache.lifetime(), row.written_by, row.written_at)
    else {
        return true;
    };
    let lifetime = lifetime.saturating_add(CLOCKS_APART);
    let ago = (app.clock.now() - at).to_std().unwrap_or_default();
    server == app.server || ago >= lifetime
}
