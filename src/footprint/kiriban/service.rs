//! Naming numbers of visits.

use std::sync::Arc;

use entity::kiriban;
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    database::Tx,
    error::Error,
    footprint::store::{Held, owners},
    idempotency::{Slot, once},
    rejection::{
        Rejection, UserError,
        reason::{footprint::FootprintReason, thing::Thing},
    },
};

/// The highest number that can be named.
const HIGHEST: i64 = 1_000_000_000;

/// Names `number` of the visits to `me`. Naming one again changes nothing.
///
/// # Errors
/// `NUMBER_OUT_OF_RANGE` where so many visits are counted already, or it is too high;
/// `KIRIBAN_LIMIT_REACHED`.
pub async fn name(
    app: &Arc<App>,
    me: Uuid,
    number: i32,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let number = i64::from(number);
    let slot = Slot::of(app, me, idempotency_key, "nameKiriban", &number)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let count = counted(tx, me).await?;
            if number <= count || number > HIGHEST {
                return Err(out_of_range(count).into());
            }
            let mut coming = store::coming(&tx.sql, &[(me, count)]).await?;
            let coming = coming.remove(&me).unwrap_or_default();
            if coming.contains(&number) {
                return Ok(());
            }
            let limit = usize::try_from(app.rules.kiriban_limit).unwrap_or(usize::MAX);
            if coming.len() >= limit {
                return Err(limit_reached(limit).into());
            }
            let row = kiriban::Model {
                owner_id: me,
                number,
                named_at: app.clock.now(),
                reached_at: None,
                visitor_id: None,
                named_to_all: false,
            };
            store::insert(&tx.sql, row).await?;
            Ok(store::settle(&tx.sql, &[me]).await?)
        })
    })
    .await
}

/// Removes `number` from what `me` has named, where nobody has reached it.
///
/// # Errors
/// `NOT_FOUND`, `KIRIBAN_REACHED`.
pub async fn remove(
    app: &Arc<App>,
    me: Uuid,
    number: i32,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let number = i64::from(number);
    let slot = Slot::of(app, me, idempotency_key, "removeKiriban", &number)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            counted(tx, me).await?;
            let row = store::kiriban(&tx.sql, (me, number)).await?;
            let row = row.ok_or_else(|| UserError::absent(Thing::Kiriban))?;
            if row.reached_at.is_some() {
                return Err(UserError::new(FootprintReason::KiribanReached).into());
            }
            store::remove(&tx.sql, (me, number)).await?;
            Ok(store::settle(&tx.sql, &[me]).await?)
        })
    })
    .await
}

/// Holds the counters of `me`. Gives how many visits are counted.
async fn counted(tx: &Tx, me: Uuid) -> Result<i64, Error> {
    let held = owners::hold(&tx.sql, &[me], Held::Await).await?;
    let owner = held.get(&me);
    owner
        .map(|owner| owner.visit_count)
        .ok_or_else(|| Error::internal(format!("the user {me} has no counters")))
}

fn out_of_range(count: i64) -> UserError {
    let reason = FootprintReason::KiribanOutOfRange {
        count,
        minimum: count + 1,
        limit: HIGHEST,
    };
    UserError::on("number", reason)
}

fn limit_reached(limit: usize) -> UserError {
    UserError::new(FootprintReason::KiribanLimitReached { limit })
}
