//! What Stripe's messages tell (<https://docs.stripe.com/api/events/types>), in the forms that they had before
//! and since 2025.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::payment::{Event, Told, Which};

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it tells; nothing yet, where more is to be asked.
    pub event: Event,
    /// What it says of a charge of which it does not say for which bill, or whose, it was.
    pub of_charge: Option<OfCharge>,
}

/// What a message says of a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfCharge {
    /// The charge, as Stripe knows it.
    pub charge: String,
    /// What became of it.
    pub back: Back,
}

/// How money went back, or came again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Back {
    /// As much was given back by now.
    Refunded(i64),
    /// A bank took as much back, or gave it again.
    Disputed {
        /// The dispute, as Stripe knows it.
        dispute: String,
        /// How much, in yen.
        yen: i64,
        /// Whether it was given again.
        is_over: bool,
    },
}

impl Back {
    /// What it tells of `charge`, as Stripe has it; nothing where it is of nobody whom Stripe knows.
    pub(super) fn of(self, charge: &Value) -> Option<Told> {
        let customer = name(charge, "/customer")?;
        // The bill where there is one, so that what was paid and what went back stand together.
        let reference = name(charge, "/invoice").or_else(|| name(charge, "/id"))?;
        Some(match self {
            Self::Refunded(yen) => Told::Refunded {
                customer,
                reference,
                yen,
            },
            Self::Disputed {
                dispute,
                yen,
                is_over,
            } => Told::Disputed {
                customer,
                reference,
                dispute,
                yen,
                is_over,
            },
        })
    }
}

/// The longest name of anything.
const LONGEST: usize = 255;
/// The most yen of anything: far more than any plan costs.
const MOST: i64 = 1_000_000_000;

#[derive(Deserialize)]
struct Message {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    created: i64,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

/// What `body` says; none where it is no event at all.
pub fn read(body: &[u8]) -> Option<Said> {
    let message: Message = serde_json::from_slice(body).ok()?;
    let at = moment(message.created)?;
    if !is_name(&message.id) || !is_name(&message.kind) || message.kind.len() > 100 {
        return None;
    }
    let object = &message.data.object;
    let mut of_charge = None;
    let told = match message.kind.as_str() {
        "invoice.paid" => paid(object),
        "invoice.payment_failed" => of_bill(object).map(|which| Told::Failed { which, at }),
        "customer.subscription.updated" => of_subscription(object).map(|which| Told::Renewal {
            which,
            renews: renews(object),
            at,
        }),
        "customer.subscription.deleted" => {
            of_subscription(object).map(|which| Told::Ended { which, at })
        }
        "charge.refunded" if object.get("invoice").is_some() => {
            yen(object, "/amount_refunded").and_then(|yen| Back::Refunded(yen).of(object))
        }
        "charge.refunded" => {
            of_charge = refunded(object);
            None
        }
        "charge.dispute.funds_withdrawn" => {
            of_charge = disputed(object, false);
            None
        }
        "charge.dispute.funds_reinstated" => {
            of_charge = disputed(object, true);
            None
        }
        _ => None,
    };
    let event = Event {
        id: message.id,
        kind: message.kind,
        told,
    };
    Some(Said { event, of_charge })
}

/// Whether `text` can be a name of Stripe's.
fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits)
}

/// The name at `path`: of an object that is named, or stands there whole.
fn name(object: &Value, path: &str) -> Option<String> {
    let found = object.pointer(path)?;
    let found = found.as_str().or_else(|| found.get("id")?.as_str())?;
    is_name(found).then(|| found.to_owned())
}

fn time(object: &Value, path: &str) -> Option<DateTime<Utc>> {
    moment(object.pointer(path)?.as_i64()?)
}

/// So many seconds after 1970, and before 2200.
fn moment(seconds: i64) -> Option<DateTime<Utc>> {
    const LAST: i64 = 7_258_118_400;
    let seconds = (0..LAST).contains(&seconds).then_some(seconds)?;
    DateTime::from_timestamp(seconds, 0)
}

fn order(object: &Value, path: &str) -> Option<Uuid> {
    object.pointer(path)?.as_str()?.parse().ok()
}

/// The amount at `path`, in yen, of which there are no parts. What is none is for who holds the service to look at.
fn yen(object: &Value, path: &str) -> Option<i64> {
    let amount = object.pointer(path)?.as_i64()?;
    let currency = object.pointer("/currency").and_then(Value::as_str);
    let is_yen = currency == Some("jpy") && (0..=MOST).contains(&amount);
    if !is_yen {
        tracing::error!(
            path,
            amount,
            currency,
            "an amount of Stripe's is not in yen: nothing is written of it"
        );
    }
    is_yen.then_some(amount)
}

/// Which order a bill is for: none where it is for nothing that is paid month by month.
fn of_bill(bill: &Value) -> Option<Which> {
    let subscription = name(bill, "/subscription")
        .or_else(|| name(bill, "/parent/subscription_details/subscription"))?;
    let order = order(bill, "/subscription_details/metadata/order")
        .or_else(|| order(bill, "/parent/subscription_details/metadata/order"))
        .or_else(|| order(bill, "/lines/data/0/metadata/order"));
    Some(Which {
        customer: name(bill, "/customer")?,
        subscription: Some(subscription),
        order,
    })
}

fn paid(bill: &Value) -> Option<Told> {
    let which = of_bill(bill)?;
    // A bill can have lines for other months beside: the last counts.
    let lines = bill.pointer("/lines/data")?.as_array()?.iter();
    let until = lines.filter_map(|line| time(line, "/period/end")).max()?;
    Some(Told::Paid {
        which,
        reference: name(bill, "/id")?,
        yen: yen(bill, "/amount_paid")?,
        until,
    })
}

fn of_subscription(subscription: &Value) -> Option<Which> {
    Some(Which {
        customer: name(subscription, "/customer")?,
        subscription: Some(name(subscription, "/id")?),
        order: order(subscription, "/metadata/order"),
    })
}

/// Whether a subscription goes on after what is paid.
fn renews(subscription: &Value) -> bool {
    let ends = subscription.pointer("/cancel_at_period_end");
    let ends = ends.and_then(Value::as_bool).unwrap_or_default();
    !ends && time(subscription, "/cancel_at").is_none()
}

/// Since 2025 a charge does not say for which bill it is.
fn refunded(charge: &Value) -> Option<OfCharge> {
    // Nobody's whom Stripe knows is nobody's here.
    name(charge, "/customer")?;
    Some(OfCharge {
        charge: name(charge, "/id")?,
        back: Back::Refunded(yen(charge, "/amount_refunded")?),
    })
}

/// (A dispute that is none yet, an inquiry, moves no money: of that nothing is told.)
fn disputed(dispute: &Value, is_over: bool) -> Option<OfCharge> {
    Some(OfCharge {
        charge: name(dispute, "/charge")?,
        back: Back::Disputed {
            dispute: name(dispute, "/id")?,
            yen: yen(dispute, "/amount")?,
            is_over,
        },
    })
}
