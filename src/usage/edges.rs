//! One's own use, in the API: nobody else's leads anywhere.

use async_graphql::Context;
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::{
    node::{Device, UsageDay},
    store,
};
use crate::{
    clock::day_in_japan,
    error::{Error, text::service::ServiceText},
    graphql::{context::ContextExt, scalar::Date},
    paging::int,
};

/// The most days that are shown at once.
const MOST: i32 = 100;

/// `Viewer.usage`
pub(crate) async fn usage(
    ctx: &Context<'_>,
    me: Uuid,
    days: i32,
    until: Option<Date>,
) -> Result<Vec<UsageDay>, Error> {
    if !(1..=MOST).contains(&days) {
        return Err(Error::InvalidArgument(ServiceText::DaysOutOfRange {
            minimum: 1,
            limit: MOST,
        }));
    }
    let today = day_in_japan(ctx.app().clock.now());
    // Nothing was done on days that are to come.
    let last = until.map_or(today, |until| until.0.min(today));
    let back = |days: i32| last.checked_sub_days(Days::new(days.unsigned_abs().into()));
    let first = back(days - 1).unwrap_or(NaiveDate::MIN);
    let db = &ctx.loaders().db();
    let most = i64::from(days) * store::DEVICES;
    let mut rows = store::of_user(db, me, [first, last], most)
        .await?
        .into_iter()
        .peekable();
    let mut all = Vec::new();
    for day in (0..days).map_while(back) {
        let (mut done, mut devices) = ([0; 3], Vec::new());
        while let Some(row) = rows.next_if(|row| row.day == day) {
            let more = [row.visits, row.writings, row.readings];
            for (sum, more) in done.iter_mut().zip(more) {
                *sum += more;
            }
            devices.push(Device::from(row.device));
        }
        let [visits, writings, readings] = done.map(int);
        all.push(UsageDay {
            day: Date(day),
            visits,
            writings,
            readings,
            devices,
        });
    }
    ctx.count_nodes(all.len())?;
    Ok(all)
}
