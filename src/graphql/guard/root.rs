//! The root fields of a mutation.

use std::collections::HashSet;

use async_graphql::{
    Positioned,
    parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet},
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
