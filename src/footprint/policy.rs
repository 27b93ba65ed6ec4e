//! Choosing to whom one is named (rules.md, Footprints 7).

use std::sync::Arc;

use chrono::TimeDelta;
use entity::values;
use uuid::Uuid;

use super::{
    node::FootprintPolicy,
    store::{Held, visitors},
};
use crate::{
    app::App,
    idempotency::{Slot, once},
    rejection::Rejection,
    sql::{Told, tell_sessions},
    user::store as users,
};

/// By how much servers' clocks may differ, and to spare.
const APART: TimeDelta = TimeDelta::minutes(1);

/// Has visits of `me` from now on be named as `policy` says.
///
/// # Errors
/// The database's.
pub async fn choose(
    app: &Arc<App>,
    me: Uuid,
    policy: FootprintPolicy,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "setFootprintPolicy", &policy)?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            let policy = policy.into();
            // So that no session begins meanwhile: its token would not be told.
            users::hold(&tx.sql, [me]).await?;
            let held = visitors::hold(&tx.sql, &[me], Held::Await).await?;
            if held
                .get(&me)
                .is_some_and(|it| it.footprint_policy == policy)
            {
                return Ok(());
            }
            // Visits that were not named are looked for until no pause after them lasts.
            let until = app.clock.now() + app.rules.visit_pause() + APART;
            visitors::choose(&tx.sql, me, policy, until).await?;
            let sees_names = policy == values::FootprintPolicy::Named;
            Ok(tell_sessions(&tx.sql, me, Told::SeesNames, sees_names).await?)
        })
    })
    .await
}
