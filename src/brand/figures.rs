//! What came to a page by day, for those who run it. (How often a page is read is in none of them: nobody counts
//! readings of anything, and whoever did would write a row for each.)

use async_graphql::Context;
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::{
    loader::{DaysOf, role_in},
    node::BrandDay,
};
use crate::{
    clock::day_in_japan,
    error::Error,
    graphql::{context::ContextExt, scalar::Date},
    paging::int,
    statistics::kind::FEWEST,
    visibility,
};

/// The most days that are shown at once.
const MOST: i32 = 100;

/// `Brand.figures`
pub(super) async fn figures(
    ctx: &Context<'_>,
    brand: Uuid,
    days: i32,
    until: Option<Date>,
) -> Result<Option<Vec<BrandDay>>, Error> {
    if !(1..=MOST).contains(&days) {
        return Err(Error::InvalidArgument(format!(
            "`days` is a number from 1 to {MOST}."
        )));
    }
    let role = role_in(ctx.loaders(), brand).await?;
    if !visibility::may_see_brand_figures(role) {
        return Ok(None);
    }
    let today = day_in_japan(ctx.app().clock.now());
    // Nothing came on days that are to come.
    let last = until.map_or(today, |until| until.0.min(today));
    let back = |days: i32| last.checked_sub_days(Days::new(days.unsigned_abs().into()));
    let first = back(days - 1).unwrap_or(NaiveDate::MIN);
    let key = DaysOf {
        brand,
        days: [first, last],
    };
    let rows = ctx.loaders().load(key).await?.unwrap_or_default();
    let shown = |figure: i64| (figure >= FEWEST).then(|| int(figure));
    let mut rows = rows.iter().peekable();
    let all: Vec<_> = (0..days)
        .map_while(back)
        .map(|day| {
            let row = rows.next_if(|row| row.day == day);
            let [gained, lost, posts] = row.map_or([0; 3], |row| [row.gained, row.lost, row.posts]);
            BrandDay {
                day: Date(day),
                gained: shown(gained),
                lost: shown(lost),
                posts: int(posts),
            }
        })
        .collect();
    ctx.count_nodes(all.len())?;
    Ok(Some(all))
}
