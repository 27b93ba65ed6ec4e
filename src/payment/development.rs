//! For development: whatever is ordered is paid at once, for a month, by nobody. Nothing is ever renewed.

use entity::payment_values::EndingWay;
use uuid::Uuid;

use super::{Checkout, Event, NotDone, Payments, Told, Which, Wish};
use crate::clock::months_later;

/// What its names begin with.
const BEGINNING: &str = "dev_";

/// A provider with whom everything is paid at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Development;

impl Development {
    /// What it calls the thing with `id`.
    pub fn named(id: Uuid) -> String {
        format!("{BEGINNING}{id}")
    }
}

#[async_trait::async_trait]
impl Payments for Development {
    fn knows(&self, customer: &str) -> bool {
        customer.starts_with(BEGINNING)
    }

    async fn customer(&self, payer: Uuid) -> Result<String, NotDone> {
        Ok(Self::named(payer))
    }

    async fn checkout(&self, wish: &Wish) -> Result<Checkout, NotDone> {
        let name = Self::named(wish.order);
        Ok(Checkout::Paid(Event {
            id: name.clone(),
            kind: "paid".to_owned(),
            told: Some(Told::Paid {
                which: Which {
                    customer: wish.customer.clone(),
                    subscription: Some(name.clone()),
                    order: Some(wish.order),
                },
                reference: name,
                yen: wish.yen,
                until: months_later(wish.now, 1),
            }),
        }))
    }

    async fn end(&self, _: &str, _: EndingWay) -> Result<(), NotDone> {
        Ok(())
    }
}
