//! Takes out of a document the arguments whose variables have no value: the engine would put null
//! there, where the specification has the argument's default stand (its section 6.4.1).

use std::collections::HashSet;

use async_graphql::{
    Name, Positioned, Variables,
    parser::types::{
        DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
    },
};
use async_graphql_value::Value;

/// The variables of `operation` that have neither a value nor a default.
pub fn variables(operation: &OperationDefinition, variables: &Variables) -> HashSet<Name> {
    let defined = operation.variable_definitions.iter();
    defined
        .filter(|variable| variable.node.default_value.is_none())
        .map(|variable| variable.node.name.node.clone())
        .filter(|name| !variables.contains_key(name))
        .collect()
}

/// Takes out of `document` what is given by the `absent` variables.
pub fn take_out(document: &mut ExecutableDocument, absent: &HashSet<Name>) {
    if absent.is_empty() {
        return;
    }
    let operations = match &mut document.operations {
        DocumentOperations::Single(only) => vec![only],
        DocumentOperations::Multiple(all) => all.values_mut().collect(),
    };
    for operation in operations {
        selection_set(&mut operation.node.selection_set.node, absent);
    }
    for fragment in document.fragments.values_mut() {
        selection_set(&mut fragment.node.selection_set.node, absent);
    }
}

fn selection_set(set: &mut SelectionSet, absent: &HashSet<Name>) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                let field = &mut field.node;
                field
                    .arguments
                    .retain_mut(|(_, Positioned { node, .. })| stays(node, absent));
                selection_set(&mut field.selection_set.node, absent);
            }
            Selection::InlineFragment(inline) => {
                selection_set(&mut inline.node.selection_set.node, absent);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Whether `value` is one, once what is absent is out of the input objects in it. In a list, what
/// is absent is null.
fn stays(value: &mut Value, absent: &HashSet<Name>) -> bool {
    match value {
        Value::Variable(name) => return !absent.contains(name),
        Value::Object(fields) => fields.retain(|_, field| stays(field, absent)),
        Value::List(items) => {
            for item in items {
                stays(item, absent);
            }
        }
        _ => {}
    }
    true
}
