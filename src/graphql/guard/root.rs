//! The root fields of mutations and subscriptions.

use std::collections::HashSet;

use async_graphql::{
    Positioned,
    parser::types::{
        DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
    },
};

use super::Refusal;

/// Refuses a mutation that has a root field twice under one name: by the specification they are
/// one, and the engine would carry it out as often as it stands there, fragments included.
pub fn check(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
) -> Result<(), Refusal> {
    // The walk has bounded the document before: it can be followed through its fragments.
    collect(
        document,
        &operation.node.selection_set.node,
        &mut HashSet::new(),
    )
    .ok_or(Refusal::RepeatedMutation(operation.pos))
}

fn collect<'d>(
    document: &'d ExecutableDocument,
    set: &'d SelectionSet,
    keys: &mut HashSet<&'d str>,
) -> Option<()> {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                if !keys.insert(field.node.response_key().node.as_str()) {
                    return None;
                }
            }
            Selection::InlineFragment(inline) => {
                collect(document, &inline.node.selection_set.node, keys)?;
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if let Some(fragment) = document.fragments.get(name) {
                    collect(document, &fragment.node.selection_set.node, keys)?;
                }
            }
        }
    }
    Some(())
}

/// Takes the one root field of the subscription `name` out of its fragments: the engine would
/// start none that stands in one.
pub fn lift(document: &mut ExecutableDocument, name: Option<&str>) {
    let operation = match (&mut document.operations, name) {
        (DocumentOperations::Single(only), _) => Some(only),
        (DocumentOperations::Multiple(all), Some(name)) => all.get_mut(name),
        (DocumentOperations::Multiple(all), None) => all.values_mut().next(),
    };
    let Some(operation) = operation else { return };
    let mut set = &operation.node.selection_set.node;
    let mut lifted = None;
    // Validation has seen to it that there is one field, under no condition, and no cycle.
    while let [only] = set.items.as_slice() {
        set = match &only.node {
            Selection::Field(_) => break,
            Selection::InlineFragment(inline) => &inline.node.selection_set.node,
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                let Some(fragment) = document.fragments.get(name) else {
                    return;
                };
                &fragment.node.selection_set.node
            }
        };
        lifted = Some(set);
    }
    if let Some(set) = lifted.cloned() {
        operation.node.selection_set.node = set;
    }
}
