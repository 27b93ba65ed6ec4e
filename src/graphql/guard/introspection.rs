//! Whether a document asks for the schema itself.

use async_graphql::{
    Pos,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

/// Where `document` asks for it first, wherever it is not asked for more.
pub(super) fn asked(document: &ExecutableDocument) -> Option<Pos> {
    let operations = document.operations.iter();
    let operations = operations.map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values();
    let fragments = fragments.map(|fragment| &fragment.node.selection_set.node);
    operations.chain(fragments).find_map(in_set)
}

/// The scan has bounded how deep sets lie in one another.
fn in_set(set: &SelectionSet) -> Option<Pos> {
    set.items
        .iter()
        .find_map(|selection| match &selection.node {
            Selection::Field(field) => match field.node.name.node.as_str() {
                "__schema" | "__type" => Some(field.pos),
                _ => in_set(&field.node.selection_set.node),
            },
            Selection::InlineFragment(inline) => in_set(&inline.node.selection_set.node),
            Selection::FragmentSpread(_) => None,
        })
}
