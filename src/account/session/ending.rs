//! How sessions end: their tokens are worth nothing from the commit on, and their sockets are closed
//! within a second, at every server.

use std::sync::Arc;

use entity::{session, session_token};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    database::Tx,
    events::Event,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError, reason::thing::Thing},
    user::store as users,
    viewer::Member,
};

/// Ends the session of `member`. Says whether there was one.
///
/// # Errors
/// The database's.
pub async fn end_one(tx: &Tx, member: Member) -> Result<bool, Rejection> {
    users::hold(&tx.sql, [member.id]).await?;
    session_token::Entity::delete_many()
        .filter(session_token::Column::UserId.eq(member.id))
        .filter(session_token::Column::SessionId.eq(member.session))
        .exec(&tx.sql)
        .await?;
    let ended = session::Entity::delete_by_id((member.id, member.session))
        .exec(&tx.sql)
        .await?;
    tx.after_commit(Event::SessionEnded(member));
    Ok(ended.rows_affected > 0)
}

/// The most sessions that end at once because there are too many: of somebody who has more from before there
/// was a limit, some end at each sign-in.
const SURPLUS: i64 = 500;

/// Ends those sessions of `user`, whom the transaction holds, that were used least lately, so that no more
/// live than a user can have: `begun`, which has just begun, is one of them.
///
/// # Errors
/// The database's.
pub async fn end_surplus(app: &App, tx: &Tx, user: Uuid, begun: Uuid) -> Result<(), DbErr> {
    let (now, most) = (app.clock.now(), app.rules.session_limit);
    let surplus = store::count(&tx.sql, user, now).await?.saturating_sub(most);
    if surplus <= 0 {
        return Ok(());
    }
    let ended = store::least_lately(&tx.sql, [user, begun], now, surplus.min(SURPLUS)).await?;
    store::remove(&tx.sql, user, &ended).await?;
    for session in ended {
        tx.after_commit(Event::SessionEnded(Member { id: user, session }));
    }
    Ok(())
}

/// Ends every session of `user`, but the one that is `kept`. Says how many there were.
///
/// # Errors
/// The database's.
pub async fn end_but(tx: &Tx, user: Uuid, kept: Option<Uuid>) -> Result<u64, Rejection> {
    users::hold(&tx.sql, [user]).await?;
    let rows = session::Entity::find()
        .filter(session::Column::UserId.eq(user))
        .all(&tx.sql)
        .await?;
    let mut tokens =
        session_token::Entity::delete_many().filter(session_token::Column::UserId.eq(user));
    let mut sessions = session::Entity::delete_many().filter(session::Column::UserId.eq(user));
    if let Some(kept) = kept {
        tokens = tokens.filter(session_token::Column::SessionId.ne(kept));
        sessions = sessions.filter(session::Column::Id.ne(kept));
    }
    tokens.exec(&tx.sql).await?;
    let ended = sessions.exec(&tx.sql).await?;
    for row in rows.into_iter().filter(|row| Some(row.id) != kept) {
        tx.after_commit(Event::SessionEnded(Member {
            id: user,
            session: row.id,
        }));
    }
    Ok(ended.rows_affected)
}

/// Ends the session with the key (user, id) for the user `me`.
///
/// # Errors
/// `NOT_FOUND` where there is none of theirs.
pub async fn end_mine(
    app: &Arc<App>,
    me: Uuid,
    key: [Uuid; 2],
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let [user, session] = key;
    // Another's is looked for as one that is not there: among one's own.
    let id = if user == me { session } else { Uuid::nil() };
    let slot = Slot::of(app, me, idempotency_key, "signOutSession", &key)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            let member = Member {
                id: me,
                session: id,
            };
            if !end_one(tx, member).await? {
                return Err(UserError::absent(Thing::Session).into());
            }
            Ok(())
        })
    })
    .await
}

/// Ends every session of `me`, or all but the one that `me` is here in. Says how many.
///
/// # Errors
/// The database's.
pub async fn end_mine_everywhere(
    app: &Arc<App>,
    me: Member,
    except_this: bool,
    idempotency_key: Option<String>,
) -> Result<i64, Rejection> {
    let kept = except_this.then_some(me.session);
    let slot = Slot::of(app, me.id, idempotency_key, "signOutEverywhere", &kept)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            let ended = end_but(tx, me.id, kept).await?;
            Ok(i64::try_from(ended).unwrap_or(i64::MAX))
        })
    })
    .await
}
