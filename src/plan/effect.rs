//! What a plan gives: never less than what everybody has.

use entity::order;

use crate::app::App;

const MEGABYTE: i64 = 1_000_000;

/// The bytes that the photos of somebody may take who has this `plan`, or none.
pub fn space(app: &App, plan: Option<&order::Model>) -> i64 {
    let paid = plan.map_or(0, |plan| plan.megabytes);
    let megabytes = app.rules.photo_space_megabytes.max(paid);
    megabytes.saturating_mul(MEGABYTE)
}

/// How many footprints somebody can take back in a month who has this `plan`, or none.
pub fn take_backs(app: &App, plan: Option<&order::Model>) -> i64 {
    let paid = plan.map_or(0, |plan| plan.take_backs);
    app.rules.footprints_taken_back_per_month.max(paid)
}
