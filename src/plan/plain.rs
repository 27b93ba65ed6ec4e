//! Which fields of plans and orders need no waiting: all.

use async_graphql::{Value, resolver_utils::enum_value};

use super::node::{Order, Plan};
use crate::graphql::plain::{Asked, Plain, Say};

impl Plain for Plan {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "name" => self.name.say(asked),
            "space" => self.space.say(asked),
            "yenPerMonth" => self.yen_per_month.say(asked),
            "footprintsToTakeBackPerMonth" => self.footprints_to_take_back_per_month.say(asked),
            _ => None,
        }
    }
}

impl Plain for Order {
    fn plain(&self, asked: &Asked<'_>) -> Option<Value> {
        match asked.name() {
            "id" => self.id.say(asked),
            "plan" => asked.object(&self.plan),
            "state" => Some(enum_value(self.state)),
            "createdAt" => self.created_at.say(asked),
            "checkoutUrl" => self.checkout_url.say(asked),
            "paidAt" => self.paid_at.say(asked),
            "paidUntil" => self.paid_until.say(asked),
            "renews" => self.renews.say(asked),
            "paid" => self.paid.say(asked),
            "refunded" => self.refunded.say(asked),
            _ => None,
        }
    }
}
