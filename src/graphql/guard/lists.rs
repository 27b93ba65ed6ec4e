//! Fields that are merged ask for the same: also where they differ in a list's length alone, which
//! the compiler (1.33.1) takes for no difference.

use std::collections::{BTreeMap, HashSet};

use apollo_compiler::{
    Name, Node, Schema,
    ast::Value,
    executable::{Field, Selection, SelectionSet},
};

use super::{
    refusal::{Fault, Refusal},
    validate::Document,
};
use crate::error::text::document::DocumentText;

/// Checks the valid `document`.
///
/// # Errors
/// [`Refusal::Invalid`], by the specification's section 5.3.2.
pub(super) fn check(schema: &Schema, document: &Document) -> Result<(), Refusal> {
    // Few documents write a list at all.
    if !document.text.contains('[') {
        return Ok(());
    }
    let mut check = Check {
        schema,
        document,
        merged: HashSet::new(),
    };
    for operation in document.typed.operations.iter() {
        check.merge(vec![&operation.selection_set])?;
    }
    Ok(())
}

/// A field under the type that it is selected from.
type Selected<'d> = (&'d Name, &'d Node<Field>);

struct Check<'d> {
    schema: &'d Schema,
    document: &'d Document,
    /// The sets, by their addresses, that were merged already: what lies under an interface is
    /// merged into each of its objects.
    merged: HashSet<Vec<*const SelectionSet>>,
}

impl<'d> Check<'d> {
    /// Checks the fields of `sets`, which come to one, and what is selected in each.
    fn merge(&mut self, sets: Vec<&'d SelectionSet>) -> Result<(), Refusal> {
        let addresses = sets.iter().map(|set| std::ptr::from_ref(*set));
        if !self.merged.insert(addresses.collect()) {
            return Ok(());
        }
        for group in self.by_key(sets).into_values() {
            let (of_any, of_one): (Vec<_>, Vec<_>) = group.into_iter().partition(|(parent, _)| {
                let parent = self.schema.types.get(*parent);
                parent.is_some_and(|ty| ty.is_interface() || ty.is_union())
            });
            let mut by_parent: BTreeMap<&Name, Vec<Selected<'d>>> = BTreeMap::new();
            for selected in of_one {
                by_parent.entry(selected.0).or_default().push(selected);
            }
            if by_parent.is_empty() {
                self.same(&of_any)?;
            }
            for mut group in by_parent.into_values() {
                group.extend(&of_any);
                self.same(&group)?;
            }
        }
        Ok(())
    }

    /// The fields of `sets` by their response keys, fragments spread.
    fn by_key(&self, mut sets: Vec<&'d SelectionSet>) -> BTreeMap<&'d Name, Vec<Selected<'d>>> {
        let mut fields: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut spread = HashSet::new();
        while let Some(set) = sets.pop() {
            for selection in &set.selections {
                match selection {
                    Selection::Field(field) => {
                        let group = fields.entry(field.response_key()).or_default();
                        group.push((&set.ty, field));
                    }
                    Selection::InlineFragment(inline) => sets.push(&inline.selection_set),
                    Selection::FragmentSpread(named) => {
                        let fragment = self.document.typed.fragments.get(&named.fragment_name);
                        if let Some(fragment) = fragment
                            && spread.insert(&named.fragment_name)
                        {
                            sets.push(&fragment.selection_set);
                        }
                    }
                }
            }
        }
        fields
    }

    /// Checks fields that are merged into one.
    fn same(&mut self, fields: &[Selected<'d>]) -> Result<(), Refusal> {
        if let Some(((_, first), others)) = fields.split_first() {
            for (_, other) in others {
                self.same_lists(first, other)?;
            }
        }
        let sets = fields.iter().map(|(_, field)| &field.selection_set);
        let sets: Vec<_> = sets.filter(|set| !set.is_empty()).collect();
        if sets.is_empty() {
            return Ok(());
        }
        self.merge(sets)
    }

    fn same_lists(&self, first: &Field, other: &Node<Field>) -> Result<(), Refusal> {
        for argument in &first.arguments {
            let mut named = other.arguments.iter();
            let named = named.find(|named| named.name == argument.name);
            if named.is_some_and(|named| !same_lengths(&argument.value, &named.value)) {
                return Err(Refusal::Invalid(vec![Fault {
                    text: DocumentText::DifferentLists {
                        field: other.response_key().to_string(),
                        argument: argument.name.to_string(),
                    },
                    pos: self.document.pos(other.location()),
                }]));
            }
        }
        Ok(())
    }
}

/// Whether lists that are the same as far as the shorter goes have one length.
fn same_lengths(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::List(one), Value::List(other)) => {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len() && pairs.all(|(one, other)| same_lengths(one, other))
        }
        (Value::Object(one), Value::Object(other)) => one.iter().all(|(name, value)| {
            let mut named = other.iter().filter(|(other, _)| other == name);
            named.all(|(_, other)| same_lengths(value, other))
        }),
        _ => true,
    }
}
