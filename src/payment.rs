//! Payments, by whoever takes them: Stripe, or for development a provider with whom everything is paid at
//! once. What is bought, and what becomes of it, is the room [`crate::plan`]'s.

mod development;
mod nobody;
pub mod stripe;

use std::fmt::Debug;

use chrono::{DateTime, Utc};
use entity::payment_values::EndingWay;
use uuid::Uuid;

pub use development::Development;
pub use nobody::Nobody;

/// Why a provider did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct NotDone {
    /// In words for who holds the service.
    pub why: String,
    /// Whether it would refuse the same again.
    pub is_final: bool,
}

impl NotDone {
    /// It may do it later.
    pub fn for_now(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            is_final: false,
        }
    }

    /// It will not do it.
    pub fn for_good(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            is_final: true,
        }
    }
}

/// What is to be paid, month by month. Asked twice with the same order, it is one.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Which order it is.
    pub order: Uuid,
    /// Who pays, as the provider knows them.
    pub customer: String,
    /// What the plan is called.
    pub plan: String,
    /// What it costs a month, in yen.
    pub yen: i64,
    /// The time now.
    pub now: DateTime<Utc>,
}

/// What became of a wish.
#[derive(Clone, Debug)]
pub enum Checkout {
    /// It is paid on a page.
    Page(Page),
    /// It is paid already: this is what the provider would tell.
    Paid(Event),
}

/// A page where something is paid.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page, as the provider knows it.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Until when it is there, where that is said.
    pub until: Option<DateTime<Utc>>,
}

/// Something that a provider tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What the provider calls it: the same however often it is told.
    pub id: String,
    /// Of which kind it is, in the provider's words.
    pub kind: String,
    /// What it tells; nothing where it is none of ours.
    pub told: Option<Told>,
}

/// Which order is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Which {
    /// Who pays, as the provider knows them.
    pub customer: String,
    /// What is paid month by month, as the provider knows it.
    pub subscription: Option<String>,
    /// The order, where the provider says it.
    pub order: Option<Uuid>,
}

/// What a provider tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A bill was paid.
    Paid {
        /// For which order.
        which: Which,
        /// The bill, as the provider knows it.
        reference: String,
        /// How much.
        yen: i64,
        /// Up to when it pays for the plan.
        until: DateTime<Utc>,
    },
    /// A bill could not be paid, and may be yet.
    Failed {
        /// For which order.
        which: Which,
        /// When.
        at: DateTime<Utc>,
    },
    /// Whether the plan goes on after what is paid.
    Renewal {
        /// Of which order.
        which: Which,
        /// Whether it does.
        renews: bool,
        /// As of when.
        at: DateTime<Utc>,
    },
    /// Nothing is paid month by month any more.
    Ended {
        /// Of which order.
        which: Which,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Money was given back.
    Refunded {
        /// To whom, as the provider knows them.
        customer: String,
        /// Of which bill, as the provider knows it.
        reference: String,
        /// How much by now, all in all.
        yen: i64,
    },
    /// A bank took back what was paid, for who paid disputes it; or gave it again.
    Disputed {
        /// Who paid, as the provider knows them.
        customer: String,
        /// Which bill, as the provider knows it.
        reference: String,
        /// The dispute, as the provider knows it.
        dispute: String,
        /// How much.
        yen: i64,
        /// Whether it was given again.
        is_over: bool,
    },
}

impl Told {
    /// Who pays, as the provider knows them.
    pub fn customer(&self) -> &str {
        match self {
            Self::Paid { which, .. }
            | Self::Failed { which, .. }
            | Self::Renewal { which, .. }
            | Self::Ended { which, .. } => &which.customer,
            Self::Refunded { customer, .. } | Self::Disputed { customer, .. } => customer,
        }
    }
}

/// That a message is not a provider's, or has not been for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not told by the payment provider, or too long ago")]
pub struct Forged;

/// Why a message was not read.
#[derive(Debug, thiserror::Error)]
pub enum NotRead {
    /// It is nobody's.
    #[error(transparent)]
    Forged(#[from] Forged),
    /// More was asked of the provider, in vain: it is to be told again.
    #[error(transparent)]
    NotDone(#[from] NotDone),
}

/// Takes payments.
#[async_trait::async_trait]
pub trait Payments: Debug + Send + Sync {
    /// Whether anything can be paid.
    fn is_set_up(&self) -> bool {
        true
    }

    /// Whether `customer` is a name of this provider's.
    fn knows(&self, customer: &str) -> bool;

    /// Has the provider know `payer`. Asked twice, it answers the same.
    ///
    /// # Errors
    /// Why it does not, within five seconds.
    async fn customer(&self, payer: Uuid) -> Result<String, NotDone>;

    /// Has `wish` be paid.
    ///
    /// # Errors
    /// Why it cannot be, within five seconds.
    async fn checkout(&self, wish: &Wish) -> Result<Checkout, NotDone>;

    /// Ends what the provider calls `reference`, or has it go on after all. What has ended already is no error.
    ///
    /// # Errors
    /// Why it does not, within five seconds.
    async fn end(&self, reference: &str, way: EndingWay) -> Result<(), NotDone>;

    /// Whether the provider tells anything by itself.
    fn tells(&self) -> bool {
        false
    }

    /// What is told by `body`, which came with this `signature`; and what has to be asked for it.
    ///
    /// # Errors
    /// [`NotRead`], within five seconds.
    async fn read(
        &self,
        signature: &str,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Event, NotRead> {
        let _ = (signature, body, now);
        Err(Forged.into())
    }
}
