//! What an order is worth, by the ledger and the times that it bears: the same, in whichever order these came.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    ledger_entry, order,
    payment_values::{EndingWay, LedgerKind, OrderState},
};
use uuid::Uuid;

/// How much longer than what is paid for a plan holds that is renewed: its next payment takes hours, and can fail
/// at first.
pub const GRACE: TimeDelta = TimeDelta::days(3);

/// A bill, as the ledger has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// For which order.
    pub order: Option<Uuid>,
    /// What was paid of it, in yen.
    pub paid: i64,
    /// What of that was given back.
    pub refunded: i64,
    /// What of that a bank took back, for who paid it disputes it, and did not give again.
    pub disputed: i64,
    /// Whether it was ever disputed.
    pub is_disputed: bool,
    /// When it was paid.
    pub paid_at: Option<DateTime<Utc>>,
    /// Up to when it pays for the plan.
    pub covers_until: Option<DateTime<Utc>>,
}

impl Bill {
    /// What went back, in either way.
    fn back(&self) -> i64 {
        self.refunded + self.disputed
    }

    /// Whether nothing is left of what was paid.
    pub fn is_given_back(&self) -> bool {
        self.back() > 0 && self.back() >= self.paid
    }
}

/// The bills of a payer, by their references.
pub fn bills(entries: &[ledger_entry::Model]) -> BTreeMap<&str, Bill> {
    let mut bills: BTreeMap<&str, Bill> = BTreeMap::new();
    for entry in entries {
        let bill = bills.entry(&entry.reference).or_default();
        bill.order = bill.order.or(entry.order_id);
        match entry.kind {
            LedgerKind::Charge => {
                bill.paid += entry.yen;
                bill.paid_at = bill.paid_at.or(Some(entry.at));
                bill.covers_until = bill.covers_until.max(entry.covers_until);
            }
            LedgerKind::Refund => bill.refunded -= entry.yen,
            LedgerKind::Dispute => {
                bill.disputed -= entry.yen;
                bill.is_disputed = true;
            }
            LedgerKind::Reinstatement => bill.disputed -= entry.yen,
        }
    }
    bills
}

/// Has `order` say what its payer's `entries` come to.
pub fn settle(order: &mut order::Model, entries: &[ledger_entry::Model]) {
    let bills = bills(entries);
    let of_order = || {
        let bills = bills.values().filter(|bill| bill.order == Some(order.id));
        bills.filter(|bill| bill.paid_at.is_some())
    };
    let paid_at = of_order().filter_map(|bill| bill.paid_at).min();
    let counts = of_order().filter(|bill| !bill.is_given_back());
    let paid_until = counts.filter_map(|bill| bill.covers_until).max();
    let paid = of_order().map(|bill| bill.paid).sum();
    let refunded = of_order().map(Bill::back).sum();
    (order.paid_yen, order.refunded_yen) = (paid, refunded);
    if paid_at.is_some() {
        order.state = OrderState::Paid;
        order.checkout_url = None;
    }
    order.paid_at = paid_at;
    order.paid_until = paid_until;
    let longer = if renews(order) {
        GRACE
    } else {
        TimeDelta::zero()
    };
    order.holds_until = paid_until.map(|until| until + longer);
}

/// Whether `order` is to be paid again when its time is over.
pub fn renews(order: &order::Model) -> bool {
    order.cancelled_at.is_none() && order.ended_at.is_none()
}

/// Whether the payment for what follows has failed, so far.
pub fn is_failing(order: &order::Model) -> bool {
    let after = |at| order.paid_until.is_none_or(|until| at >= until);
    order.failed_at.is_some_and(after)
}

/// Whether nothing more is to be charged for `order`: the money for its last month went back, or who paid disputed
/// anything of it.
pub fn is_to_end(order: &order::Model, entries: &[ledger_entry::Model]) -> bool {
    let bills = bills(entries);
    let of_order = || bills.values().filter(|bill| bill.order == Some(order.id));
    let last = of_order().max_by_key(|bill| bill.covers_until);
    last.is_some_and(Bill::is_given_back) || of_order().any(|bill| bill.is_disputed)
}

/// Has `order` be over for good when what is paid for is over: its provider is to end it now.
pub fn end(order: &mut order::Model, now: DateTime<Utc>) {
    order.cancelled_at = order.cancelled_at.or(Some(now));
    order.ended_at = order.ended_at.or(Some(now));
    order.told_at = order.told_at.max(Some(now));
}

/// Has `order`, which renews, not do so from `now` on. Gives how its provider is to end it.
pub fn stop(order: &mut order::Model, now: DateTime<Utc>) -> EndingWay {
    // Of what is over already the next payment is being tried: that, too, is not to be made.
    if order.paid_until.is_none_or(|until| until <= now) {
        end(order, now);
        return EndingWay::AtOnce;
    }
    (order.cancelled_at, order.told_at) = (Some(now), Some(now));
    EndingWay::AtPeriodEnd
}

/// Whether an absence up to `until`, or for ever, is longer than `order` is paid for.
pub fn is_longer(until: Option<DateTime<Utc>>, order: &order::Model) -> bool {
    until.is_none_or(|until| order.paid_until.is_none_or(|paid| until > paid))
}

/// Whether the plan of `order` is in effect at `now`.
pub fn is_in_effect(order: &order::Model, now: DateTime<Utc>) -> bool {
    order.holds_until.is_some_and(|until| until > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32) -> DateTime<Utc> {
        format!("2006-05-{day:02}T00:00:00Z").parse().unwrap()
    }

    fn entry(
        kind: LedgerKind,
        yen: i64,
        reference: &str,
        until: Option<u32>,
    ) -> ledger_entry::Model {
        ledger_entry::Model {
            payer_id: Uuid::nil(),
            number: 0,
            kind,
            yen,
            balance: 0,
            order_id: until.map(|_| Uuid::from_u128(1)),
            reference: reference.to_owned(),
            dispute: None,
            covers_until: until.map(at),
            at: at(1),
        }
    }

    fn ordered() -> order::Model {
        order::Model {
            user_id: Uuid::nil(),
            id: Uuid::from_u128(1),
            plan: "plus".to_owned(),
            yen: 300,
            megabytes: 1_000,
            take_backs: 30,
            state: OrderState::Open,
            payer_id: Uuid::nil(),
            customer: None,
            created_at: at(1),
            open_until: at(2),
            checkout: None,
            checkout_url: Some("https://example.com".to_owned()),
            subscription: None,
            paid_at: None,
            paid_until: None,
            holds_until: None,
            failed_at: None,
            cancelled_at: None,
            ended_at: None,
            told_at: None,
            paid_yen: 0,
            refunded_yen: 0,
        }
    }

    fn settled(order: &order::Model, entries: &[ledger_entry::Model]) -> order::Model {
        let mut order = order.clone();
        settle(&mut order, entries);
        order
    }

    use LedgerKind::{Charge, Dispute, Refund, Reinstatement};

    #[test]
    fn what_is_paid_for_is_in_effect_and_a_little_longer_where_it_is_renewed() {
        let open = ordered();
        assert_eq!(settled(&open, &[]), open);
        let entries = [
            entry(Charge, 300, "b", Some(20)),
            entry(Charge, 300, "a", Some(10)),
        ];
        let paid = settled(&open, &entries);
        assert_eq!(paid.state, OrderState::Paid);
        assert_eq!((paid.paid_yen, paid.refunded_yen), (600, 0));
        assert_eq!(paid.paid_until, Some(at(20)));
        assert_eq!(paid.holds_until, Some(at(23)));
        assert_eq!(paid.checkout_url, None);
        for cancelled in [true, false] {
            let mut order = open.clone();
            match cancelled {
                true => order.cancelled_at = Some(at(3)),
                false => order.ended_at = Some(at(3)),
            }
            assert_eq!(settled(&order, &entries).holds_until, Some(at(20)));
        }
    }

    #[test]
    fn what_was_given_back_counts_no_more_and_a_part_of_it_still() {
        let (first, second) = (
            entry(Charge, 300, "a", Some(10)),
            entry(Charge, 300, "b", Some(20)),
        );
        let part = entry(Refund, -100, "b", None);
        let rest = entry(Refund, -200, "b", None);
        let half = settled(&ordered(), &[part.clone(), first.clone(), second.clone()]);
        assert_eq!((half.refunded_yen, half.paid_until), (100, Some(at(20))));
        let entries = [part, first, rest, second];
        let back = settled(&ordered(), &entries);
        assert_eq!((back.refunded_yen, back.paid_until), (300, Some(at(10))));
        assert!(is_to_end(&back, &entries));
        assert!(!is_to_end(&half, &entries[..2]));
        // Another's bills are another's.
        let other = order::Model {
            id: Uuid::from_u128(2),
            ..ordered()
        };
        assert_eq!(settled(&other, &entries), other);
    }

    /// In whole or in part, which ends it; and given again, the month counts as before.
    #[test]
    fn what_a_bank_took_back_counts_no_more_until_it_is_given_again() {
        let first = entry(Charge, 300, "a", Some(10));
        let (taken, part) = (
            entry(Dispute, -300, "a", None),
            entry(Dispute, -100, "a", None),
        );
        let again = entry(Reinstatement, 300, "a", None);
        let entries = [taken.clone(), first.clone()];
        let lost = settled(&ordered(), &entries);
        assert_eq!((lost.refunded_yen, lost.paid_until), (300, None));
        assert!(is_to_end(&lost, &entries));
        let entries = [part, first.clone()];
        let half = settled(&ordered(), &entries);
        assert_eq!((half.refunded_yen, half.paid_until), (100, Some(at(10))));
        assert!(is_to_end(&half, &entries));
        let entries = [again, taken, first];
        let won = settled(&ordered(), &entries);
        assert_eq!((won.refunded_yen, won.paid_until), (0, Some(at(10))));
        assert!(
            is_to_end(&won, &entries),
            "it was charged against their will"
        );
        // What was given back and is disputed, too, is not more than it was.
        let both = [
            entry(Refund, -100, "a", None),
            entry(Dispute, -200, "a", None),
            entry(Charge, 300, "a", Some(10)),
        ];
        assert_eq!(settled(&ordered(), &both).paid_until, None);
    }

    #[test]
    fn what_is_over_and_not_paid_yet_ends_at_once_and_what_is_paid_for_with_its_time() {
        let mut order = ordered();
        order.paid_until = Some(at(10));
        let mut later = order.clone();
        assert_eq!(stop(&mut order, at(9)), EndingWay::AtPeriodEnd);
        assert_eq!((order.cancelled_at, order.ended_at), (Some(at(9)), None));
        assert_eq!(stop(&mut later, at(10)), EndingWay::AtOnce);
        assert_eq!(later.ended_at, Some(at(10)));
    }

    #[test]
    fn what_has_ended_stays_so() {
        let mut order = ordered();
        order.cancelled_at = Some(at(2));
        end(&mut order, at(3));
        assert_eq!(
            (order.cancelled_at, order.ended_at),
            (Some(at(2)), Some(at(3)))
        );
        end(&mut order, at(4));
        assert_eq!((order.ended_at, order.told_at), (Some(at(3)), Some(at(4))));
        assert!(!renews(&order));
    }

    #[test]
    fn a_payment_fails_until_another_covers_that_time() {
        let mut order = ordered();
        assert!(!is_failing(&order));
        order.failed_at = Some(at(10));
        assert!(is_failing(&order));
        order.paid_until = Some(at(10));
        assert!(is_failing(&order));
        order.paid_until = Some(at(11));
        assert!(!is_failing(&order));
    }
}
