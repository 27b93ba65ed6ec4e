//! What hangs on the viewer: the plan that they have, and their orders. And what is offered to everybody.

use async_graphql::Context;
use uuid::Uuid;

use super::{
    loader,
    node::{Order, OrderConnection, OrderEdge, Plan, PlanInEffect},
    store::{self, OrderKey},
};
use crate::{
    app::App,
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, cursor},
};

const ORDERS_CURSOR: u8 = b'y';

/// `Query.plans`: none where nobody could pay for one.
pub(super) fn plans(app: &App) -> Vec<Plan> {
    if !app.payments.is_set_up() {
        return Vec::new();
    }
    let mut offers: Vec<_> = app.rules.plans.iter().collect();
    offers.sort_by_key(|offer| offer.yen);
    offers.into_iter().map(Plan::from).collect()
}

/// `Viewer.plan`
pub(crate) async fn plan(ctx: &Context<'_>, me: Uuid) -> Result<Option<PlanInEffect>, Error> {
    let order = loader::in_effect(ctx.loaders(), me).await?;
    Ok(order.and_then(|order| PlanInEffect::of(&order)))
}

/// `Viewer.orders`
pub(crate) async fn orders(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<OrderConnection>, Error> {
    let page = args.page(ORDERS_CURSOR)?;
    let now = ctx.app().clock.now();
    // A replica may not have heard of a payment yet.
    let slice = store::page(ctx.app().database.reader(), me, &page).await?;
    let edges = slice.filter_map(|row| {
        Some(OrderEdge {
            cursor: cursor(ORDERS_CURSOR, &row.id),
            node: Order::new(&row, now),
        })
    });
    Ok(OrderConnection::new(edges, None))
}

/// The order with `key`, if it is the viewer's.
pub(crate) async fn order(ctx: &Context<'_>, [user, id]: OrderKey) -> Result<Option<Order>, Error> {
    let Ok(me) = ctx.member() else {
        return Ok(None);
    };
    // Another's is looked for among one's own, where it is not.
    let key = loader::OrderByKey([me.id, id]);
    let row = ctx.loaders().load(key).await?;
    let now = ctx.app().clock.now();
    Ok(row
        .filter(|_| user == me.id)
        .map(|row| Order::new(&row, now)))
}
