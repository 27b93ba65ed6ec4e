//! Which fields a selection chooses of an object, its fragments followed.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::types::{Field, FragmentDefinition, Selection, SelectionSet},
};

/// The fragments of a document, by name.
pub type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// The fields that a selection chooses of an object, each once, in the order of the answer.
pub type Chosen<'a> = Vec<&'a Positioned<Field>>;

/// What `selections` choose of an object of the type `type_name`. None where that is the engine's to
/// find: where something bears a directive (`@skip` and `@include` are gone by then), where a fragment
/// is on another type, and where a field that has fields of its own is asked for twice.
pub fn chosen<'a>(
    selections: &'a SelectionSet,
    fragments: &'a Fragments,
    type_name: &str,
) -> Option<Chosen<'a>> {
    let mut chosen = Vec::with_capacity(selections.items.len());
    add(&mut chosen, selections, fragments, type_name)?;
    Some(chosen)
}

fn add<'a>(
    chosen: &mut Chosen<'a>,
    selections: &'a SelectionSet,
    fragments: &'a Fragments,
    type_name: &str,
) -> Option<()> {
    for selection in &selections.items {
        if !selection.node.directives().is_empty() {
            return None;
        }
        let (on, selections) = match &selection.node {
            Selection::Field(field) => {
                add_field(chosen, field)?;
                continue;
            }
            Selection::InlineFragment(inline) => (
                inline.node.type_condition.as_ref(),
                &inline.node.selection_set,
            ),
            Selection::FragmentSpread(spread) => {
                let fragment = &fragments.get(&spread.node.fragment_name.node)?.node;
                if !fragment.directives.is_empty() {
                    return None;
                }
                (Some(&fragment.type_condition), &fragment.selection_set)
            }
        };
        if on.is_some_and(|on| on.node.on.node.as_str() != type_name) {
            return None;
        }
        add(chosen, &selections.node, fragments, type_name)?;
    }
    Some(())
}

fn add_field<'a>(chosen: &mut Chosen<'a>, field: &'a Positioned<Field>) -> Option<()> {
    let name = &field.node.response_key().node;
    let twice = chosen
        .iter()
        .any(|other| other.node.response_key().node == *name);
    if !twice {
        chosen.push(field);
        return Some(());
    }
    // Validation saw to it that both are the same field with the same arguments.
    let is_value = field.node.selection_set.node.items.is_empty();
    is_value.then_some(())
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::chosen;

    /// What the one field of `document` chooses of a `User`, by the names in the answer.
    fn names(document: &str) -> Option<Vec<String>> {
        let document = parse_query(document).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let set = &operation.node.selection_set.node;
        let async_graphql::parser::types::Selection::Field(user) = &set.items[0].node else {
            unreachable!()
        };
        let user = &user.node.selection_set.node;
        let chosen = chosen(user, &document.fragments, "User")?;
        let names = chosen
            .iter()
            .map(|it| it.node.response_key().node.to_string());
        Some(names.collect())
    }

    #[test]
    fn fragments_are_followed() {
        let document = "{ user { id ...Card ... { bio } ... on User { last: nickname } } }
            fragment Card on User { __typename id ...Name }
            fragment Name on User { username __typename }";
        let found = names(document).unwrap();
        assert_eq!(found, ["id", "__typename", "username", "bio", "last"]);
    }

    #[test]
    fn what_is_not_usual_is_the_engine_s() {
        for document in [
            "{ user { id @own } }",
            "{ user { ... @own { id } } }",
            "{ user { ...Card @own } } fragment Card on User { id }",
            "{ user { ...Card } } fragment Card on User @own { id }",
            "{ user { ...Card } } fragment Card on Node { id }",
            "{ user { ... on Node { id } } }",
            "{ user { ...Card } } fragment Card on User { ... on Node { id } }",
            "{ user { id ...Unknown } }",
            "{ user { friends { totalCount } ... { friends { nodes { id } } } } }",
        ] {
            assert_eq!(names(document), None, "{document}");
        }
    }
}
