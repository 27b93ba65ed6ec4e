//! Who may invite, and what joining by an invitation does (rules.md, Users 3 and 4).

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::Duration;
use entity::{invitation, values::Role};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::store::{self, InvitationKey};
use crate::{
    app::App,
    code::Code,
    database::Tx,
    error::Error,
    friendship::service::befriend_if_free,
    idempotency::{Slot, once},
    rejection::{
        Rejection, UserError,
        reason::{joining::JoiningReason, text::TextReason, thing::Thing},
    },
    user::{service::existing, store as users},
};

/// What codes are for.
const PURPOSE: &[u8] = b"ashiato invitation";
/// The most places of an invitation.
const MOST_PLACES: i32 = 100;
/// The most days that an invitation lasts.
const MOST_DAYS: i32 = 90;

/// What somebody wants to invite with.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// How many people can join by it: 1-100.
    pub places: i32,
    /// How many days it lasts: 1-90.
    pub days: i32,
}

impl Wish {
    /// Checks the figures.
    ///
    /// # Errors
    /// `NUMBER_OUT_OF_RANGE`.
    pub fn check(self) -> Result<Self, Rejection> {
        let within = |field, number: i32, most: i32| {
            if (1..=most).contains(&number) {
                return None;
            }
            let reason = TextReason::OutOfRange {
                minimum: 1,
                limit: most.into(),
            };
            Some(UserError::on(field, reason))
        };
        let wrong: Vec<_> = [
            within("places", self.places, MOST_PLACES),
            within("expiresInDays", self.days, MOST_DAYS),
        ]
        .into_iter()
        .flatten()
        .collect();
        match wrong.is_empty() {
            true => Ok(self),
            false => Err(Rejection::Refused(wrong)),
        }
    }
}

/// Makes an invitation of `me`. Gives its key and the code that leads to it: with a repeated call a
/// further code, because the first is kept nowhere.
///
/// # Errors
/// `NUMBER_OUT_OF_RANGE`, `INVITATION_LIMIT_REACHED`, `INVITATION_CODE_LIMIT_REACHED`.
pub async fn create(
    app: &Arc<App>,
    me: Uuid,
    wish: Wish,
    idempotency_key: Option<String>,
) -> Result<(InvitationKey, Code), Rejection> {
    let wish = wish.check()?;
    let code = Code::draw(&app.ids);
    let is_new = Arc::new(AtomicBool::new(false));
    let noted = is_new.clone();
    let input = (wish.places, wish.days);
    let slot = Slot::of(app, me, idempotency_key, "createInvitation", &input)?;
    let key = once(app, slot, move |app, tx| {
        let noted = noted.clone();
        Box::pin(async move {
            // Of two that are made at the same time, the second counts the first.
            users::hold(&tx.sql, [me]).await?;
            let inviter = existing(tx, me).await?;
            let taken = store::places(&tx.sql, me, app.clock.now()).await?;
            let left = left(app, inviter.role, taken);
            if left.is_some_and(|left| left < i64::from(wish.places)) {
                return Err(limit_reached(app).into());
            }
            check_codes(app, tx, me).await?;
            let key = write(app, tx, me, wish, code).await?;
            noted.store(true, Ordering::Relaxed);
            Ok(key)
        })
    })
    .await?;
    if !is_new.load(Ordering::Relaxed) {
        let shared = app.clone();
        app.database
            .write(move |tx| {
                let app = shared.clone();
                Box::pin(async move { further_code(&app, tx, key, code).await })
            })
            .await?;
    }
    Ok((key, code))
}

/// Makes an invitation of `inviter`, whatever they have made before; of the operator where that is the
/// nil id.
///
/// # Errors
/// The database's.
pub async fn write(
    app: &App,
    tx: &Tx,
    inviter: Uuid,
    wish: Wish,
    code: Code,
) -> Result<InvitationKey, Rejection> {
    let now = app.clock.now();
    let row = invitation::Model {
        inviter_id: inviter,
        id: app.ids.at(now),
        places: i64::from(wish.places),
        used: 0,
        created_at: now,
        expires_at: now + Duration::days(i64::from(wish.days)),
    };
    let (key, expires_at) = ([row.inviter_id, row.id], row.expires_at);
    store::insert(&tx.sql, row).await?;
    store::direct(&tx.sql, code.hash(PURPOSE), key, expires_at).await?;
    Ok(key)
}

async fn further_code(app: &App, tx: &Tx, key: InvitationKey, code: Code) -> Result<(), Rejection> {
    let [inviter, _] = key;
    users::hold(&tx.sql, [inviter]).await?;
    if let Some(row) = store::invitation(&tx.sql, key).await? {
        check_codes(app, tx, inviter).await?;
        store::direct(&tx.sql, code.hash(PURPOSE), key, row.expires_at).await?;
    }
    Ok(())
}

/// Whether `inviter`, who is held, can have one code more.
async fn check_codes(app: &App, tx: &Tx, inviter: Uuid) -> Result<(), Rejection> {
    let limit = app.rules.invitation_codes_per_member;
    if store::codes(&tx.sql, inviter, app.clock.now()).await? < limit {
        return Ok(());
    }
    Err(UserError::new(JoiningReason::InvitationCodeLimitReached { limit }).into())
}

/// How many places somebody with `role` can still give away, who has given `taken`; none where that has
/// no limit.
pub fn left(app: &App, role: Role, taken: i64) -> Option<i64> {
    match role {
        Role::Administrator => None,
        Role::Member | Role::Moderator => Some((app.rules.invitations_per_member - taken).max(0)),
    }
}

fn limit_reached(app: &App) -> UserError {
    let limit = app.rules.invitations_per_member;
    UserError::new(JoiningReason::InvitationLimitReached { limit })
}

/// Ends the invitation with `key`, of which `me` must be the inviter: its codes go, nobody joins by it any more,
/// and its open places can be given away again. One by which nobody joined is gone.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn revoke(
    app: &Arc<App>,
    me: Uuid,
    key: InvitationKey,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "revokeInvitation", &key)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            let [_, id] = key;
            // Beside who repeats the call that made it.
            users::hold(&tx.sql, [me]).await?;
            // Another's is looked for among one's own, where it is not.
            let row = store::invitation(&tx.sql, [me, id]).await?;
            if row.is_none() || key != [me, id] {
                return Err(UserError::absent(Thing::Invitation).into());
            }
            Ok(store::revoke(&tx.sql, key).await?)
        })
    })
    .await
}

/// The invitation that the code `text` leads to, if somebody can join by it now.
///
/// # Errors
/// The database's.
pub async fn open_by(
    app: &App,
    db: &impl ConnectionTrait,
    text: &str,
) -> Result<Option<invitation::Model>, Error> {
    let now = app.clock.now();
    // What can be no code is looked for, too. (Whether a code was there once tells nobody anything who
    // has not been given it.)
    let hash = Code::read(text).map(|code| code.hash(PURPOSE));
    let row = store::by_code(db, &hash.unwrap_or_default()).await?;
    // Nor by that of somebody who is absent.
    let absent = app.absent_for(None);
    let is_open = |row: &invitation::Model| {
        row.used < row.places && row.expires_at > now && !absent.contains(row.inviter_id)
    };
    Ok(row.filter(is_open))
}

/// Has `user`, who was just written, join by the code `text`: takes a place, remembers who invited, and
/// makes the two friends, unless the inviter has as many as a user can have.
///
/// # Errors
/// `INVITATION_INVALID`, whether there was never such a code, or it has been used up, ended or expired.
pub async fn join(app: &App, tx: &Tx, user: Uuid, text: &str) -> Result<(), Rejection> {
    let row = open_by(app, &tx.sql, text).await?;
    let row = row.ok_or_else(invalid)?;
    let key @ [inviter, _] = [row.inviter_id, row.id];
    // In the order of who ends the invitation: the people first, then what is theirs.
    if !inviter.is_nil() {
        users::hold(&tx.sql, [user, inviter]).await?;
    }
    if !store::take_place(&tx.sql, key, app.clock.now()).await? {
        return Err(invalid().into());
    }
    store::remember(&tx.sql, user, key).await?;
    if !inviter.is_nil() {
        befriend_if_free(app, tx, user, inviter).await?;
    }
    Ok(())
}

/// Told where a code leads to nothing that is open.
pub fn invalid() -> UserError {
    UserError::on("invitationCode", JoiningReason::InvitationInvalid)
}
