//! Those of what people do by day, and of the service's figures.

use sea_orm::DbBackend;

use super::{Allowed, allowed, several};
use crate::plans::bounds::WHOLE;

const A_MONTH: &str = "once a day, of each batch of users: what each did within thirty days";
const TWO_MONTHS: &str = "once a day: the days of two months";
const RUN: &str = "a row: how far the count of one day has come";

/// Those on `backend`.
pub fn on(backend: DbBackend) -> &'static [Allowed] {
    match backend {
        DbBackend::Postgres => POSTGRES,
        _ => SQLITE,
    }
}

const POSTGRES: &[Allowed] = &[
    allowed(
        "SELECT max(day) FROM usage_days",
        "usage_days_pkey",
        A_MONTH,
    ),
    allowed(
        "FROM access_days WHERE day >=",
        "access_days_pkey",
        TWO_MONTHS,
    ),
    several("statistics_runs", WHOLE, RUN),
    allowed(
        "FROM (SELECT kind, day, part, figure FROM statistics_days",
        "statistics_days_pkey",
        "the figures of a day and of 36 months, which are all that is shown",
    ),
];

const SQLITE: &[Allowed] = &[allowed(
    "FROM access_days WHERE day >=",
    "USE TEMP B-TREE FOR GROUP BY",
    TWO_MONTHS,
)];
