//! What arguments say: how many values they hold, and how large a page they ask for.

use async_graphql::{Name, Positioned, Value as Constant, parser::types::Field};
use async_graphql_value::Value;

use super::{super::table::Size, Walk};
use crate::paging::{DEFAULT_PAGE, MAX_PAGE};

impl<'d> Walk<'d> {
    /// How many values `arguments` have. The engine copies a variable's wherever it is used: a
    /// long list in one of many places would be gigabytes.
    pub(super) fn arguments(
        &mut self,
        arguments: &'d [(Positioned<Name>, Positioned<Value>)],
    ) -> u64 {
        let weights = arguments.iter().map(|(_, value)| self.weight(&value.node));
        weights.fold(0, u64::saturating_add)
    }

    fn weight(&mut self, value: &'d Value) -> u64 {
        match value {
            Value::List(items) => {
                let weights = items.iter().map(|item| self.weight(item));
                weights.fold(1, u64::saturating_add)
            }
            Value::Object(fields) => {
                let weights = fields.values().map(|field| self.weight(field));
                weights.fold(1, u64::saturating_add)
            }
            Value::Variable(name) => match self.weights.get(name.as_str()) {
                Some(weight) => *weight,
                None => {
                    let weight = self.variable(name).map_or(1, weight);
                    self.weights.insert(name.as_str(), weight);
                    weight
                }
            },
            _ => 1,
        }
    }

    /// How many things `field` returns, where it returns several.
    pub(super) fn size(&self, field: &Field, size: Size) -> Option<u64> {
        match size {
            Size::One => None,
            Size::Fixed(count) | Size::Few(count) => Some(count),
            Size::Page => {
                // Both, or one out of its range, is an error of the field, not a larger page.
                let given = ["first", "last"].map(|name| self.integer(field, name));
                let page = given.into_iter().flatten().max();
                let page = page
                    .unwrap_or(DEFAULT_PAGE.into())
                    .clamp(0, MAX_PAGE.into());
                u64::try_from(page).ok()
            }
            Size::Ids => {
                let ids = match field.get_argument("ids").map(|value| &value.node) {
                    Some(Value::List(ids)) => ids.len(),
                    Some(Value::Variable(name)) => match self.variable(name) {
                        Some(Constant::List(ids)) => ids.len(),
                        _ => 1,
                    },
                    _ => 1,
                };
                u64::try_from(ids).ok()
            }
        }
    }

    fn integer(&self, field: &Field, argument: &str) -> Option<i64> {
        match &field.get_argument(argument)?.node {
            Value::Number(number) => number.as_i64(),
            Value::Variable(name) => match self.variable(name)? {
                Constant::Number(number) => number.as_i64(),
                _ => None,
            },
            _ => None,
        }
    }

    fn variable(&self, name: &Name) -> Option<&Constant> {
        let given = self.variables.get(name);
        given.or_else(|| self.defaults.get(name.as_str()).copied())
    }
}

/// How many values there are in `value`. (JSON that nests too deep for this was not parsed.)
fn weight(value: &Constant) -> u64 {
    match value {
        Constant::List(items) => items.iter().map(weight).fold(1, u64::saturating_add),
        Constant::Object(fields) => fields.values().map(weight).fold(1, u64::saturating_add),
        _ => 1,
    }
}
