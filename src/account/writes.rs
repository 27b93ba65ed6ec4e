//! Where the primary's log stood after a session's last write, so that whoever wrote reads it again
//! through any server, at whatever replica.

use std::sync::Arc;

use entity::session_token;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    app::App,
    database::in_time,
    error::Error,
    events::Event,
    lsn::{END_OF_LOG, Lsn},
    sql::Sql,
    viewer::{Caller, Member, Viewer},
};

/// Where a session's place is not known for now: after everything.
pub const NOT_KNOWN: i64 = i64::MAX;

/// A mutation of a session, under way. Meanwhile, and for as long as nobody knows what became of it,
/// the session is read at the primary: what went on when its client had gone may have been written.
#[derive(Debug)]
pub struct Writing {
    app: Arc<App>,
    member: Member,
    ended: bool,
}

impl Writing {
    /// Before the mutation begins. None, and no statement, without replicas.
    ///
    /// # Errors
    /// The database's, and [`Error::InvalidToken`] where the session has ended since its token was
    /// looked up: then the mutation must not begin.
    pub async fn begin(app: &Arc<App>, member: Member) -> Result<Option<Self>, Error> {
        if !app.database.has_replicas() {
            return Ok(None);
        }
        if keep(app, member, &NOT_KNOWN.to_string()).await? == 0 {
            return Err(ended(app, member));
        }
        Ok(Some(Self {
            app: app.clone(),
            member,
            ended: false,
        }))
    }

    /// After all that it wrote is committed.
    pub async fn end(mut self) {
        note(&self.app, self.member).await;
        self.ended = true;
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.ended {
            let (app, member) = (self.app.clone(), self.member);
            // Another mutation of the session may have ended meanwhile, and said where it was.
            tokio::spawn(async move {
                if let Err(error) = keep(&app, member, &NOT_KNOWN.to_string()).await {
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
        && let Err(error) = keep(app, member, END_OF_LOG).await
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

/// Says how many tokens the session has. One statement, whose commit nobody waits for: it stands in the log before what is written next.
/// The rows are held in one order, whoever else comes.
async fn keep(app: &App, member: Member, place: &str) -> Result<u64, Error> {
    let mut sql = Sql::of(app.database.reader());
    let (user, session) = (sql.bind(member.id), sql.bind(member.session));
    let text = format!(
        "WITH quickly AS (SELECT set_config('synchronous_commit', 'off', true)), \
         held AS (SELECT token_hash FROM session_tokens \
         WHERE user_id = {user} AND session_id = {session} ORDER BY token_hash FOR UPDATE) \
         UPDATE session_tokens SET last_write = {place} FROM quickly, held \
         WHERE session_tokens.token_hash = held.token_hash"
    );
    in_time(sql.run(app.database.reader(), text)).await
}

/// After what `viewer` reads now: who stays on a socket may have written elsewhere meanwhile. No
/// statement without replicas.
///
/// # Errors
/// The database's.
pub async fn wrote(app: &App, viewer: Viewer) -> Result<Lsn, Error> {
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
pub async fn caller(app: &App, viewer: Viewer) -> Result<Caller, Error> {
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
    let number = tokens.iter().filter_map(|row| row.last_write).max();
    Ok(Caller {
        viewer,
        wrote: number.map_or(Lsn::OLDEST, Lsn::from_number),
        has_blocks: tokens.iter().any(|row| row.has_blocks),
    })
}
