//! Buying a plan, having it end, and taking it up again, in the API.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{
    edges,
    node::{Order, Plan},
    service,
};
use crate::{
    error::Error,
    graphql::context::ContextExt,
    rejection::{UserError, answer},
};

/// Which plan to buy.
#[derive(Debug, InputObject)]
pub struct BuyPlanInput {
    /// The `name` of one of `Query.plans`.
    plan_name: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it makes no second order.
    idempotency_key: Option<String>,
}

/// What buying came to.
#[derive(Debug, Default, SimpleObject)]
pub struct BuyPlanPayload {
    /// The order: lead people to its `checkoutUrl`, where they pay. (Where a service takes no payments, as in
    /// development, it is paid already.)
    order: Option<Order>,
    /// Why nothing was ordered.
    user_errors: Vec<UserError>,
}

/// That your plan is not to be renewed.
#[derive(Debug, InputObject)]
pub struct CancelPlanInput {
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What that came to.
#[derive(Debug, Default, SimpleObject)]
pub struct CancelPlanPayload {
    /// The order of the plan, which is paid no more; its plan is in effect up to `paidUntil`.
    order: Option<Order>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// That your plan is to be renewed after all.
#[derive(Debug, InputObject)]
pub struct ResumePlanInput {
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What that came to.
#[derive(Debug, Default, SimpleObject)]
pub struct ResumePlanPayload {
    /// The order of the plan, which is paid again at `paidUntil`.
    order: Option<Order>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// What is offered.
#[derive(Debug, Default)]
pub struct PlanQuery;

#[Object]
impl PlanQuery {
    /// The plans that can be bought, the cheapest first. Empty where this service sells none.
    async fn plans(&self, ctx: &Context<'_>) -> Vec<Plan> {
        edges::plans(ctx.app())
    }
}

/// Plans.
#[derive(Debug, Default)]
pub struct PlanMutation;

#[Object]
impl PlanMutation {
    /// Orders a plan, to be paid month by month until `cancelPlan`. It is yours once it is paid, at the order's
    /// `checkoutUrl`, within a day or so. Called again before that it gives the same order; for another plan it
    /// makes a new one, in the place of the first. Plans are for adults.
    async fn buy_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which plan.")] input: BuyPlanInput,
    ) -> Option<Result<BuyPlanPayload, Error>> {
        Some(Box::pin(buy(ctx, input)).await)
    }

    /// Has your plan end when what is paid for is over, and nothing more be paid. Until then it is yours, and
    /// `resumePlan` takes this back. Nothing is lost at its end. Cancelling again changes nothing. Where a plan is over
    /// because it could not be paid, and that is tried still, this has it be tried no more.
    async fn cancel_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For a repetition.")] input: CancelPlanInput,
    ) -> Option<Result<CancelPlanPayload, Error>> {
        Some(cancel(ctx, input).await)
    }

    /// Takes `cancelPlan` back, before the end of what is paid for: your plan is renewed as before. Where it is to be
    /// renewed anyhow nothing changes. (It is renewed no more, either, after you had your account be deleted, or were
    /// suspended for longer than you had paid for: this mends that, too.)
    async fn resume_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For a repetition.")] input: ResumePlanInput,
    ) -> Option<Result<ResumePlanPayload, Error>> {
        Some(resume(ctx, input).await)
    }
}

async fn buy(ctx: &Context<'_>, input: BuyPlanInput) -> Result<BuyPlanPayload, Error> {
    let me = ctx.member()?.id;
    let done = service::buy(ctx.app(), me, input.plan_name, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(id) => {
            ctx.fresh();
            BuyPlanPayload {
                order: edges::order(ctx, [me, id]).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => BuyPlanPayload {
            order: None,
            user_errors,
        },
    })
}

async fn cancel(ctx: &Context<'_>, input: CancelPlanInput) -> Result<CancelPlanPayload, Error> {
    let me = ctx.member()?.id;
    let done = service::cancel(ctx.app(), me, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(id) => {
            ctx.fresh();
            CancelPlanPayload {
                order: edges::order(ctx, [me, id]).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => CancelPlanPayload {
            order: None,
            user_errors,
        },
    })
}

async fn resume(ctx: &Context<'_>, input: ResumePlanInput) -> Result<ResumePlanPayload, Error> {
    let me = ctx.member()?.id;
    let done = service::resume(ctx.app(), me, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(id) => {
            ctx.fresh();
            ResumePlanPayload {
                order: edges::order(ctx, [me, id]).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => ResumePlanPayload {
            order: None,
            user_errors,
        },
    })
}
