//! Who is a tarento, and who has which role (rules.md, Users 6). Each change stands in the audit log.

use std::sync::Arc;

use entity::values::{AuditAct, Role, UserKind};
use sea_orm::ActiveEnum;
use uuid::Uuid;

use super::{
    service::{existing, no_such_user},
    store,
};
use crate::{
    app::App,
    audit::store::{self as audit, Done},
    block::store as blocks,
    cache::Object,
    database::Tx,
    error::Error,
    events::Event,
    idempotency::{Slot, once},
    rejection::{Rejection, UserError, reason::account::AccountReason},
};

/// The most characters of what stands beside an act in the audit log.
const LONGEST_DETAIL: usize = 200;

/// Recognises `id` as a tarento, or ends that (rules.md, Users 6 and Friendships 4).
///
/// # Errors
/// [`Error::Forbidden`] where `by` is no administrator; `NOT_FOUND` where there is no such user.
pub async fn set_tarento(
    app: &Arc<App>,
    by: Uuid,
    id: Uuid,
    tarento: bool,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = (id, tarento);
    let slot = Slot::of(app, by, idempotency_key, "setTarento", &input)?;
    let done = once(app, slot, move |app, tx| {
        Box::pin(async move {
            administrator(tx, by).await?;
            // An administrator is a member, too: there is nobody here who is hidden from them.
            if blocks::seen(&tx.sql, by, id).await?.is_none() {
                return Err(no_such_user().into());
            }
            make_tarento(app, tx, Some(by), id, tarento).await
        })
    });
    done.await?;
    app.settle_absences().await;
    Ok(())
}

/// Recognises `id` as a tarento, or ends that, whoever asks: `by` nobody, where that is the operator.
///
/// # Errors
/// `NOT_FOUND` where there is no such user.
pub async fn make_tarento(
    app: &App,
    tx: &Tx,
    by: Option<Uuid>,
    id: Uuid,
    tarento: bool,
) -> Result<(), Rejection> {
    existing(tx, id).await?;
    let (kind, act) = if tarento {
        (UserKind::Tarento, AuditAct::TarentoRecognised)
    } else {
        (UserKind::Member, AuditAct::TarentoEnded)
    };
    store::set_kind(&tx.sql, id, kind).await?;
    // Whom they tied, and tie.
    tx.after_commit(Event::AbsencesChanged);
    tx.changes(Object::User(id));
    record(app, tx, by, act, id, String::new()).await
}

/// Gives `id` a role.
///
/// # Errors
/// [`Error::Forbidden`] where `by` is no administrator; `NOT_FOUND` where there is no such user;
/// `CANNOT_CHANGE_OWN_ROLE`: so there is always an administrator left.
pub async fn set_role(
    app: &Arc<App>,
    by: Uuid,
    id: Uuid,
    role: Role,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let input = (id, role.to_value());
    let slot = Slot::of(app, by, idempotency_key, "setRole", &input)?;
    let done = once(app, slot, move |app, tx| {
        Box::pin(async move {
            // Of two who take it from each other, the second has it no more.
            store::hold(&tx.sql, [by, id]).await?;
            administrator(tx, by).await?;
            if by == id {
                return Err(UserError::new(AccountReason::CannotChangeOwnRole).into());
            }
            if blocks::seen(&tx.sql, by, id).await?.is_none() {
                return Err(no_such_user().into());
            }
            give_role(app, tx, Some(by), id, role).await
        })
    });
    done.await?;
    app.settle_absences().await;
    Ok(())
}

/// Gives `id` a role, whoever asks: `by` nobody, where that is the operator.
///
/// # Errors
/// The database's.
pub async fn give_role(
    app: &App,
    tx: &Tx,
    by: Option<Uuid>,
    id: Uuid,
    role: Role,
) -> Result<(), Rejection> {
    store::set_role(&tx.sql, id, role).await?;
    // By it somebody sees who is absent, or no more.
    tx.after_commit(Event::AbsencesChanged);
    tx.changes(Object::User(id));
    record(app, tx, by, AuditAct::RoleGiven, id, role.to_value()).await
}

/// The role of `by`, who must be a moderator or an administrator.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn moderator(tx: &Tx, by: Uuid) -> Result<Role, Rejection> {
    match existing(tx, by).await?.role {
        role @ (Role::Administrator | Role::Moderator) => Ok(role),
        Role::Member => Err(Error::Forbidden.into()),
    }
}

/// Whether a `role` is higher than another.
pub fn outranks(role: Role, other: Role) -> bool {
    let rank = |role| match role {
        Role::Member => 0,
        Role::Moderator => 1,
        Role::Administrator => 2,
    };
    rank(role) > rank(other)
}

/// The beginning of `text`, as far as the audit log has room for it.
pub fn briefly(text: &str) -> String {
    text.chars().take(LONGEST_DETAIL).collect()
}

async fn administrator(tx: &Tx, by: Uuid) -> Result<(), Rejection> {
    match existing(tx, by).await?.role {
        Role::Administrator => Ok(()),
        Role::Member | Role::Moderator => Err(Error::Forbidden.into()),
    }
}

/// Notes in the audit log what `by` did to `subject`.
///
/// # Errors
/// The database's.
pub async fn record(
    app: &App,
    tx: &Tx,
    by: Option<Uuid>,
    act: AuditAct,
    subject: Uuid,
    detail: String,
) -> Result<(), Rejection> {
    let at = app.clock.now();
    let done = Done {
        id: app.ids.at(at),
        at,
        actor: by,
        act,
        subject: Some(subject).filter(|subject| !subject.is_nil()),
        detail,
    };
    Ok(audit::record(&tx.sql, done).await?)
}
