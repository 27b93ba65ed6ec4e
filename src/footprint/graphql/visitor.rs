//! What visitors choose and take back, in the API.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::{
    error::Error,
    footprint::{edges, node::FootprintPolicy, policy, taking_back},
    graphql::{context::ContextExt, scalar::Date},
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
};

/// To whom you want to be named.
#[derive(Debug, InputObject)]
pub struct SetFootprintPolicyInput {
    /// To whom your visits name you from now on.
    policy: FootprintPolicy,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What choosing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct SetFootprintPolicyPayload {
    /// What you have chosen, as in `Viewer.footprintPolicy`.
    footprint_policy: Option<FootprintPolicy>,
    /// Always empty: choosing is always allowed.
    user_errors: Vec<UserError>,
}

/// Which footprint to take back.
#[derive(Debug, InputObject)]
pub struct TakeBackFootprintInput {
    /// With whom you left it.
    user_id: ID,
    /// On which calendar day in Japan (UTC+9), as in `User.viewerFootprint`; the last one if not given.
    day: Option<Date>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it takes nothing more back.
    idempotency_key: Option<String>,
}

/// What taking back came to.
#[derive(Debug, Default, SimpleObject)]
pub struct TakeBackFootprintPayload {
    /// How many footprints you can still take back this month, as in `Viewer.footprintsToTakeBack`.
    footprints_to_take_back: Option<i32>,
    /// Why nothing was taken back.
    user_errors: Vec<UserError>,
}

/// Being named, and taking back.
#[derive(Debug, Default)]
pub struct VisitorMutation;

#[Object]
impl VisitorMutation {
    /// Chooses to whom your visits name you from now on. Footprints that are left stay as they are.
    /// Who is not named sees no names either: see `Footprint.visitor`.
    async fn set_footprint_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom.")] input: SetFootprintPolicyInput,
    ) -> Option<Result<SetFootprintPolicyPayload, Error>> {
        Some(set_policy(ctx, input).await)
    }

    /// Takes back a footprint that you left (*ashiato o kesu*): its owner finds it nowhere any more.
    /// The visits stay in the owner's `Viewer.visitCount`. This can be done 10 times in a calendar
    /// month in Japan.
    async fn take_back_footprint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which footprint.")] input: TakeBackFootprintInput,
    ) -> Option<Result<TakeBackFootprintPayload, Error>> {
        Some(take_back(ctx, input).await)
    }
}

async fn set_policy(
    ctx: &Context<'_>,
    input: SetFootprintPolicyInput,
) -> Result<SetFootprintPolicyPayload, Error> {
    let me = ctx.member()?.id;
    let done = policy::choose(ctx.app(), me, input.policy, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            SetFootprintPolicyPayload {
                footprint_policy: Some(edges::policy(ctx, me).await?),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => SetFootprintPolicyPayload {
            footprint_policy: None,
            user_errors,
        },
    })
}

async fn take_back(
    ctx: &Context<'_>,
    input: TakeBackFootprintInput,
) -> Result<TakeBackFootprintPayload, Error> {
    let me = ctx.member()?.id;
    let [owner] = GlobalId::expect(&input.user_id, Kind::User)?;
    let day = input.day.map(|day| day.0);
    let done = taking_back::take_back(ctx.app(), me, owner, day, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            TakeBackFootprintPayload {
                footprints_to_take_back: Some(edges::to_take_back(ctx, me).await?),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => TakeBackFootprintPayload {
            footprints_to_take_back: None,
            user_errors,
        },
    })
}
