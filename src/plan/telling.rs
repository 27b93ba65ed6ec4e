//! What the buyer is told of a plan: that it is in effect, that a payment for it has failed, that it is over before
//! its time. Of an order there is one notification, the last. (Its end by the clock is nobody's doing, and nothing
//! happens then.)

use chrono::{DateTime, Utc};
use entity::{order, values::NotificationKind};
use sea_orm::DbErr;

use super::settling::{is_failing, is_in_effect, renews};
use crate::{
    database::Tx,
    notification::{
        service::{News, tell, withdraw},
        store::Which,
    },
};

/// Tells the buyer what has become of an order that was `before` and is `after`. Whoever calls holds it, and nothing
/// else after this.
///
/// # Errors
/// The database's.
pub(super) async fn tell_of(
    tx: &Tx,
    before: &order::Model,
    after: &order::Model,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let kind = kind(before, after, now);
    let is_paid_at_last = is_failing(before) && !is_failing(after);
    if kind.is_none() && !is_paid_at_last {
        return Ok(());
    }
    let (user, id) = (after.user_id, after.id);
    withdraw(tx, user, Which::These(&[id])).await?;
    let Some(kind) = kind else { return Ok(()) };
    let news = News {
        to: user,
        kind,
        id,
        actor: None,
        at: now,
        diary: None,
        kiriban: None,
    };
    tell(tx, news).await
}

fn kind(
    before: &order::Model,
    after: &order::Model,
    now: DateTime<Utc>,
) -> Option<NotificationKind> {
    let fails = |order| is_failing(order) && renews(order);
    match (is_in_effect(before, now), is_in_effect(after, now)) {
        (false, true) => Some(NotificationKind::PlanBegun),
        (true, false) => Some(NotificationKind::PlanEnded),
        (true, true) if fails(after) && !fails(before) => Some(NotificationKind::PlanPaymentFailed),
        _ => None,
    }
}
