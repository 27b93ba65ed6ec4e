//! The root fields of operations.

use std::collections::HashSet;

use async_graphql::{
    Positioned,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
    },
};

use super::Refusal;

/// The mutations that check or hash a password, 19 MiB and some 20 ms of a core each, or a code in its
/// place.
const WITH_A_PASSWORD: [&str; 12] = [
    "signIn",
    "signUp",
    "changePassword",
    "recoverAccount",
    "createRecoveryCodes",
    "beginTwoFactor",
    "confirmTwoFactor",
    "disableTwoFactor",
    "verifyPhoneNumber",
    "removePhoneNumber",
    "requestDataExport",
    "deleteAccount",
];

/// The mutations that who has wished their account away can still call: to have it stay, to take a copy
/// along, and to look after what lets in. The others would act with others, who do not find them.
const OF_WHO_LEAVES: [&str; 19] = [
    "cancelAccountDeletion",
    "deleteAccount",
    "requestDataExport",
    "signIn",
    "signUp",
    "recoverAccount",
    "requestPhoneRecovery",
    "removePhoneNumber",
    "signOut",
    "signOutSession",
    "signOutEverywhere",
    "changePassword",
    "createRecoveryCodes",
    "beginTwoFactor",
    "confirmTwoFactor",
    "disableTwoFactor",
    "endFriendship",
    "takeBackFootprint",
    "cancelPlan",
];

/// Refuses a mutation that has a root field twice under one name: by the specification they are
/// one, and the engine would carry it out as often as it stands there, fragments included.
///
/// Refuses, too, one with several passwords: a document of thirty aliases would try thirty at the
/// price of one request. Says whether who is leaving can call it, too.
pub fn check(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
) -> Result<bool, Refusal> {
    // The walk has bounded the document before: it can be followed through its fragments.
    let mut fields = Vec::new();
    collect(document, &operation.node.selection_set.node, &mut fields);
    let mut keys = HashSet::new();
    if !fields
        .iter()
        .all(|field| keys.insert(&field.response_key().node))
    {
        return Err(Refusal::RepeatedMutation(operation.pos));
    }
    let mut passwords = fields
        .iter()
        .filter(|field| WITH_A_PASSWORD.contains(&field.name.node.as_str()));
    match passwords.nth(1) {
        Some(second) => Err(Refusal::TooManyPasswords(second.name.pos)),
        None => {
            let mut names = fields.iter().map(|field| field.name.node.as_str());
            Ok(names.all(|name| OF_WHO_LEAVES.contains(&name) || name == "__typename"))
        }
    }
}

/// The fields of queries whose value depends on where a client is, though it is signed out, or is for who has a
/// secret.
const OF_WHO_ASKS: [&str; 2] = ["rateLimit", "invitationOffer"];

/// Whether a query comes to the same for all who are signed out.
pub fn is_everybodys(
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
) -> bool {
    let mut fields = Vec::new();
    collect(document, &operation.node.selection_set.node, &mut fields);
    let mut names = fields.iter().map(|field| field.name.node.as_str());
    !names.any(|name| OF_WHO_ASKS.contains(&name))
}

fn collect<'d>(
    document: &'d ExecutableDocument,
    set: &'d SelectionSet,
    fields: &mut Vec<&'d Field>,
) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => fields.push(&field.node),
            Selection::InlineFragment(inline) => {
                collect(document, &inline.node.selection_set.node, fields);
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if let Some(fragment) = document.fragments.get(name) {
                    collect(document, &fragment.node.selection_set.node, fields);
                }
            }
        }
    }
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
