//! The plans of the demo's people: of whom the examples sign in as, and of some of those who have photos.

use chrono::{DateTime, Months, Utc};
use entity::{
    ledger_entry, order, payer,
    payment_values::{LedgerKind, OrderState},
};
use uuid::Uuid;

use super::{
    Community,
    draw::{Draw, Part},
};
use crate::{
    bulk::orders::Ordered,
    clock::{day_in_japan, in_japan, months_later},
    config::Offer,
    payment::Development,
    visibility::Majority,
};

/// So many of those who joined first have a plan, or had one.
const FIRST: usize = 12;
/// The most months of one.
const MONTHS: usize = 6;

impl Community {
    /// Every order, user by user: each is paid, and not renewed.
    pub(super) fn orders(&self) -> impl Iterator<Item = Ordered> + '_ {
        let offers = Offer::usual();
        let people = self.people.iter().enumerate().take(FIRST);
        people.filter_map(move |(index, person)| {
            let mut draw = Draw::new(self.seed, Part::Plans, index);
            let majority = Majority::on(day_in_japan(self.now), self.adult_age);
            // The first always has one, and every third of the others.
            let has_one = index == 0 || draw.chance(33);
            let months = draw.between(1, MONTHS);
            // The last month has begun; of some it is over.
            let begun = draw.time(self.days_ago(28), self.days_ago(1));
            let is_over = index > 0 && draw.chance(50);
            let last = if is_over { self.days_ago(40) } else { begun };
            let first = back(last, months - 1);
            let is_adult = !majority.is_minor(person.birth_date);
            if !has_one || !is_adult || first < person.joined_at {
                return None;
            }
            let offer = offers.first()?;
            Some(ordered(&mut draw, person.id, offer, (first, months)))
        })
    }
}

fn back(time: DateTime<Utc>, months: usize) -> DateTime<Utc> {
    let months = Months::new(u32::try_from(months).unwrap_or_default());
    let earlier = in_japan(time).checked_sub_months(months);
    earlier.map_or(time, |earlier| earlier.to_utc())
}

fn ordered(
    draw: &mut Draw,
    user: Uuid,
    offer: &Offer,
    (first, months): (DateTime<Utc>, usize),
) -> Ordered {
    let (id, payer) = (draw.id(first), draw.id(first));
    let customer = Development::named(payer);
    let months = u32::try_from(months).unwrap_or_default();
    let payments = (0..months).map(|month| ledger_entry::Model {
        payer_id: payer,
        number: 0,
        kind: LedgerKind::Charge,
        yen: offer.yen,
        balance: 0,
        order_id: None,
        reference: format!("{}_{month}", Development::named(id)),
        dispute: None,
        covers_until: Some(months_later(first, month + 1)),
        at: months_later(first, month),
    });
    let ordered = Ordered {
        payments: payments.collect(),
        payer: payer::Model {
            customer: customer.clone(),
            payer_id: payer,
            user_id: Some(user),
        },
        order: order::Model {
            user_id: user,
            id,
            plan: offer.name.clone(),
            yen: offer.yen,
            megabytes: offer.megabytes,
            take_backs: offer.take_backs,
            state: OrderState::Open,
            payer_id: payer,
            customer: Some(customer),
            created_at: first,
            open_until: first,
            checkout: None,
            checkout_url: None,
            subscription: Some(Development::named(id)),
            paid_at: None,
            paid_until: None,
            holds_until: None,
            failed_at: None,
            cancelled_at: Some(first),
            ended_at: None,
            told_at: Some(first),
            paid_yen: 0,
            refunded_yen: 0,
        },
    };
    ordered.summed()
}
