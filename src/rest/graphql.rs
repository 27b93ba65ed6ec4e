//! Resting in the API: the mutations, and what came meanwhile.

use async_graphql::{ComplexObject, Context, InputObject, Object, SimpleObject};

use super::{
    edges,
    hours::{Hours, TimeOfDay},
    node::{Rest, RestDigest, RestHoursInput},
    service,
    store::digests::Sequence,
};
use crate::{
    error::Error,
    graphql::{context::ContextExt, scalar::DateTime},
    rejection::{UserError, answer, reason::footprint::FootprintReason},
};

#[ComplexObject]
impl RestDigest {
    /// How many footprints were left with you: `Viewer.footprints` has them. (One whose visitor came again later
    /// counts no more, for it is new again.)
    async fn footprint_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        edges::count(ctx, &self.row, Sequence::Footprints).await
    }

    /// How many friend requests came that still wait for your answer: `Viewer.incomingFriendRequests` has them.
    async fn friend_request_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        edges::count(ctx, &self.row, Sequence::Requests).await
    }

    /// How many comments were written under your diaries: `Viewer.notifications` leads to them.
    async fn diary_comment_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        edges::count(ctx, &self.row, Sequence::Comments).await
    }

    /// How much you were told of, the requests and comments among it: `Viewer.notifications` has it.
    async fn notification_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        edges::count(ctx, &self.row, Sequence::Notifications).await
    }
}

/// How to rest.
#[derive(Debug, InputObject)]
pub struct RestInput {
    /// When the rest ends by itself, within a year; until `endRest` if not given.
    until: Option<DateTime>,
    /// Whether your friends see that you rest, now and by schedule; as before if not given, and not at first.
    is_shown_to_friends: Option<bool>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What resting came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RestPayload {
    /// How you rest, as in `Viewer.rest`.
    rest: Option<Rest>,
    /// Why you do not.
    user_errors: Vec<UserError>,
}

/// Resting no more.
#[derive(Debug, InputObject)]
pub struct EndRestInput {
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What ending the rest came to.
#[derive(Debug, Default, SimpleObject)]
pub struct EndRestPayload {
    /// How you rest from now on, as in `Viewer.rest`.
    rest: Option<Rest>,
    /// What came while you rested; null where nothing did, and where you did not rest. It is in `Viewer.notifications`,
    /// too.
    digest: Option<RestDigest>,
    /// Always empty: ending a rest is always allowed.
    user_errors: Vec<UserError>,
}

/// In which hours to rest.
#[derive(Debug, InputObject)]
pub struct SetRestScheduleInput {
    /// The hours of each week, up to 21 entries, in place of those of before; none ends the schedule. They can
    /// overlap: those that overlap or touch are one rest.
    hours: Vec<RestHoursInput>,
    /// Whether your friends see that you rest, by schedule and otherwise; as before if not given, and not at first.
    is_shown_to_friends: Option<bool>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What setting the schedule came to.
#[derive(Debug, Default, SimpleObject)]
pub struct SetRestSchedulePayload {
    /// How you rest, as in `Viewer.rest`.
    rest: Option<Rest>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Resting.
#[derive(Debug, Default)]
pub struct RestMutation;

#[Object]
impl RestMutation {
    /// Has you rest from now on. While you rest, your visits leave no footprints and are not counted; what others do
    /// comes to your lists, but is not shown as new (`newFootprintCount`, `unreadNotificationCount`), and subscriptions
    /// hold it; when the rest is over you are told of it as a whole (`RestDigest`). No tie is cut, and nobody else is
    /// told but friends, if you wish. Whoever rests already can change until when.
    async fn rest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Until when.")] input: RestInput,
    ) -> Option<Result<RestPayload, Error>> {
        Some(begin(ctx, input).await)
    }

    /// Has you rest no more, if you do: what came meanwhile is told of at once. Hours of your schedule that you end
    /// early begin again the next time.
    async fn end_rest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A key, if you wish.")] input: EndRestInput,
    ) -> Option<Result<EndRestPayload, Error>> {
        Some(end(ctx, input).await)
    }

    /// Has you rest in certain hours of each week, in Japan (UTC+9). It counts from now on: in the midst of such
    /// hours, you rest at once.
    async fn set_rest_schedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In which hours.")] input: SetRestScheduleInput,
    ) -> Option<Result<SetRestSchedulePayload, Error>> {
        Some(schedule(ctx, input).await)
    }
}

async fn begin(ctx: &Context<'_>, input: RestInput) -> Result<RestPayload, Error> {
    let me = ctx.member()?.id;
    let until = input.until.map(|until| until.0);
    let (is_shown, key) = (input.is_shown_to_friends, input.idempotency_key);
    let done = service::begin(ctx.app(), me, until, is_shown, key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh().expect_rest();
            RestPayload {
                rest: Some(edges::rest(ctx, me).await?),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => RestPayload {
            rest: None,
            user_errors,
        },
    })
}

async fn end(ctx: &Context<'_>, input: EndRestInput) -> Result<EndRestPayload, Error> {
    let me = ctx.member()?.id;
    let done = service::end(ctx.app(), me, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(digest) => {
            ctx.fresh();
            EndRestPayload {
                rest: Some(edges::rest(ctx, me).await?),
                digest: match digest {
                    Some(id) => edges::digest(ctx, [me, id]).await?,
                    None => None,
                },
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => EndRestPayload {
            user_errors,
            ..Default::default()
        },
    })
}

async fn schedule(
    ctx: &Context<'_>,
    input: SetRestScheduleInput,
) -> Result<SetRestSchedulePayload, Error> {
    let me = ctx.member()?.id;
    let refused = |user_errors| SetRestSchedulePayload {
        rest: None,
        user_errors,
    };
    let hours = match read(&input.hours) {
        Ok(hours) => hours,
        Err(user_error) => return Ok(refused(vec![user_error])),
    };
    let (is_shown, key) = (input.is_shown_to_friends, input.idempotency_key);
    let done = service::schedule(ctx.app(), me, hours, is_shown, key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh().expect_rest();
            SetRestSchedulePayload {
                rest: Some(edges::rest(ctx, me).await?),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => refused(user_errors),
    })
}

fn read(hours: &[RestHoursInput]) -> Result<Vec<Hours>, UserError> {
    let entries = hours.iter().enumerate();
    entries
        .map(|(place, entry)| {
            let time = |text: &str, field: &str| {
                TimeOfDay::read(text).ok_or_else(|| {
                    UserError::on(field, FootprintReason::RestHoursInvalid)
                        .within(&place.to_string())
                        .within("hours")
                })
            };
            let (from, to) = (time(&entry.from, "from")?, time(&entry.to, "to")?);
            Ok(Hours::new(entry.weekday.into(), from, to))
        })
        .collect()
}
