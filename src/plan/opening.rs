//! Where an order is paid: at the provider's, on a page of its own.

use std::sync::Arc;

use entity::{
    order, payer,
    payment_values::{EndingWay, OrderState},
};

use super::{
    hearing::{Heard, hear},
    store::{self, OrderKey},
};
use crate::{
    app::App,
    error::Error,
    payment::{Checkout, NotDone, Page, Wish},
    rejection::{
        Rejection, UserError,
        reason::{plan::PlanReason, thing::Thing},
    },
    user::store as users,
};

/// Has the order with `key` be paid at the provider's, if it waits for that.
///
/// The provider makes a page for it, one, however often it is asked; then the page's address is written.
///
/// # Errors
/// `PAYMENT_UNAVAILABLE`; `NOT_FOUND` where its user goes in this moment.
pub async fn open(app: &Arc<App>, key @ [_, id]: OrderKey) -> Result<(), Rejection> {
    let row = store::find(app.database.reader(), key).await?;
    let Some(row) = row.filter(waits) else {
        return Ok(());
    };
    let customer = match row.customer {
        Some(customer) => customer,
        None => {
            let named = app.payments.customer(row.payer_id).await;
            let named = or_refuse(app, key, named).await?;
            know(app, key, named.clone()).await?;
            named
        }
    };
    let wish = Wish {
        order: id,
        customer,
        plan: row.plan,
        yen: row.yen,
        now: app.clock.now(),
    };
    let made = app.payments.checkout(&wish).await;
    match or_refuse(app, key, made).await? {
        Checkout::Page(page) => keep(app, key, page).await,
        Checkout::Paid(event) => match hear(app, event).await? {
            Heard::Done | Heard::Before => Ok(()),
            Heard::NotOurs => Err(Error::internal("an order was paid by nobody known").into()),
        },
    }
}

/// What the provider did. What it will not do for this order is done for another one.
async fn or_refuse<T>(
    app: &Arc<App>,
    key: OrderKey,
    done: Result<T, NotDone>,
) -> Result<T, Rejection> {
    let why = match done {
        Ok(done) => return Ok(done),
        Err(why) => why,
    };
    tracing::warn!(%why, is_final = why.is_final, "an order cannot be paid");
    if why.is_final {
        give_up(app, key).await?;
    }
    Err(UserError::new(PlanReason::PaymentUnavailable).into())
}

/// Writes that `customer` pays the order with `key`: before anything can be told of them.
async fn know(app: &Arc<App>, key: OrderKey, customer: String) -> Result<(), Rejection> {
    let [me, _] = key;
    let known = app.database.write(move |tx| {
        let customer = customer.clone();
        Box::pin(async move {
            // Beside who deletes the account: then there is no order any more.
            users::hold(&tx.sql, [me]).await?;
            let Some(row) = store::find(&tx.sql, key).await? else {
                return Err(UserError::absent(Thing::Order).into());
            };
            let payer = payer::Model {
                customer: customer.clone(),
                payer_id: row.payer_id,
                user_id: Some(me),
            };
            store::add_payer(&tx.sql, payer).await?;
            if let Some(mut row) = store::hold(&tx.sql, key).await? {
                row.customer = Some(customer);
                store::write(&tx.sql, &row).await?;
            }
            Ok(())
        })
    });
    known.await
}

fn waits(row: &order::Model) -> bool {
    row.state == OrderState::Open && row.checkout.is_none()
}

/// Has the order with `key` wait for nothing any more: another one may do better.
async fn give_up(app: &Arc<App>, key: OrderKey) -> Result<(), Rejection> {
    let given_up = app.database.write(move |tx| {
        Box::pin(async move {
            let row = store::hold(&tx.sql, key).await?;
            if let Some(mut row) = row.filter(waits) {
                row.state = OrderState::Expired;
                store::write(&tx.sql, &row).await?;
            }
            Ok(())
        })
    });
    given_up.await
}

/// Writes where the order with `key` is paid. Where it is not to be paid any more, nor is it there.
async fn keep(app: &Arc<App>, key: OrderKey, page: Page) -> Result<(), Rejection> {
    let now = app.clock.now();
    let kept = app.database.write(move |tx| {
        let Page { name, url, until } = page.clone();
        Box::pin(async move {
            let row = store::hold(&tx.sql, key).await?;
            // Another call was faster.
            let is_kept = row
                .as_ref()
                .is_some_and(|row| row.checkout.as_ref() == Some(&name));
            if is_kept {
                return Ok(());
            }
            let Some(mut row) = row.filter(waits) else {
                store::end_later(&tx.sql, &name, EndingWay::Checkout, now).await?;
                return Ok(());
            };
            row.open_until = until.unwrap_or(row.open_until);
            (row.checkout, row.checkout_url) = (Some(name), Some(url));
            store::write(&tx.sql, &row).await?;
            Ok(())
        })
    });
    kept.await
}
