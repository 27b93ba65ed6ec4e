//! A payment provider that does what a test wants, and remembers what it was asked.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU8, Ordering},
};

use ashiato::payment::{Checkout, NotDone, Page, Payments, Wish};
use entity::payment_values::EndingWay;
use uuid::Uuid;

/// What it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Customer(Uuid),
    /// The order, who pays, the plan, and the price.
    Checkout(Uuid, String, String, i64),
    End(String, EndingWay),
}

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    Busy,
    Refusing,
}

/// The provider. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Till {
    asked: Arc<Mutex<Vec<Asked>>>,
    mood: Arc<AtomicU8>,
}

impl Till {
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// What it was asked to end.
    pub fn ended(&self) -> Vec<(String, EndingWay)> {
        let asked = self.asked().into_iter();
        let ended = asked.filter_map(|asked| match asked {
            Asked::End(reference, way) => Some((reference, way)),
            _ => None,
        });
        ended.collect()
    }

    pub fn be(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::SeqCst);
    }

    fn hear(&self, asked: Asked) -> Result<(), NotDone> {
        self.asked.lock().unwrap().push(asked);
        match self.mood.load(Ordering::SeqCst) {
            0 => Ok(()),
            1 => Err(NotDone::for_now("the test wants it so")),
            _ => Err(NotDone::for_good("the test wants it so")),
        }
    }
}

#[async_trait::async_trait]
impl Payments for Till {
    fn knows(&self, customer: &str) -> bool {
        customer.starts_with("cus_")
    }

    async fn customer(&self, payer: Uuid) -> Result<String, NotDone> {
        self.hear(Asked::Customer(payer))?;
        Ok(format!("cus_{payer}"))
    }

    async fn checkout(&self, wish: &Wish) -> Result<Checkout, NotDone> {
        let (order, customer) = (wish.order, wish.customer.clone());
        self.hear(Asked::Checkout(
            order,
            customer,
            wish.plan.clone(),
            wish.yen,
        ))?;
        Ok(Checkout::Page(Page {
            name: format!("cs_{order}"),
            url: format!("https://pay.example/{order}"),
            until: None,
        }))
    }

    async fn end(&self, reference: &str, way: EndingWay) -> Result<(), NotDone> {
        self.hear(Asked::End(reference.to_owned(), way))
    }
}
