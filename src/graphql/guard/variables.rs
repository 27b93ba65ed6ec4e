//! The values of variables, against their types, before anything is executed.

use apollo_compiler::{
    Name, Schema,
    ast::Type,
    executable::{Operation, SelectionSet},
    request::{RequestError, coerce_variable_values},
    response::{JsonMap, serde_json_bytes},
    schema::ExtendedType,
    validation::Valid,
};
use async_graphql::{Number, Value, Variables, parser::types::OperationDefinition};

use super::{
    refusal::{Fault, Refusal},
    scalars, table,
    validate::{Document, MAX_FAULTS, sentence},
};
use crate::error::text::document::DocumentText;

/// Writes the whole numbers among the `variables` of type Int as such, where they came as `20.0`:
/// JSON knows no difference, and many a language's numbers are written so. (The specification's
/// section 3.5.1 is about values that have one; literals do.)
pub(super) fn settle(schema: &Schema, operation: &OperationDefinition, variables: &mut Variables) {
    for definition in &operation.variable_definitions {
        if let Some(value) = variables.get_mut(&definition.node.name.node) {
            settle_value(schema, table::named(&definition.node.var_type.node), value);
        }
    }
}

fn settle_value(schema: &Schema, ty: &str, value: &mut Value) {
    match value {
        Value::Number(number) if ty == "Int" => {
            if let Some(whole) = whole(number) {
                *value = whole.into();
            }
        }
        Value::List(items) => {
            for item in items {
                settle_value(schema, ty, item);
            }
        }
        Value::Object(fields) => {
            if let Some(ExtendedType::InputObject(object)) = schema.types.get(ty) {
                for (name, value) in fields {
                    if let Some(field) = object.fields.get(name.as_str()) {
                        settle_value(schema, field.ty.inner_named_type(), value);
                    }
                }
            }
        }
        _ => {}
    }
}

/// The Int that `number`, written with a fraction or an exponent, comes to exactly.
fn whole(number: &Number) -> Option<i32> {
    let number = number.as_f64().filter(|_| number.is_f64())?;
    // The cast keeps within the range; only what it has kept is equal.
    let whole = number as i32;
    (f64::from(whole) == number).then_some(whole)
}

/// Checks that each variable of `operation` has a value of its type, or needs none.
///
/// # Errors
/// [`Refusal::Variables`] with a fault for each that has not.
pub(super) fn check(
    schema: &Valid<Schema>,
    document: &Document,
    operation: &Operation,
    variables: &Variables,
) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    for definition in &operation.variables {
        if faults.len() == MAX_FAULTS {
            break;
        }
        let mut values = JsonMap::new();
        let given = variables.get(definition.name.as_str());
        if let Some(given) = given {
            // A number that JSON has no word for is of no type.
            let value = serde_json_bytes::to_value(given).unwrap_or_default();
            values.insert(definition.name.as_str(), value);
        }
        // One at a time: the compiler stops at the first fault, and does not say where it is.
        let alone = Operation {
            operation_type: operation.operation_type,
            name: None,
            variables: vec![definition.clone()],
            directives: Default::default(),
            selection_set: SelectionSet::new(operation.object_type().clone()),
        };
        let (name, ty) = (&definition.name, &definition.ty);
        let variable = format!("${name}: {ty}");
        let text = match coerce_variable_values(schema, &alone, &values) {
            Err(error) => DocumentText::VariableUnfit {
                variable,
                said: told(&error),
            },
            Ok(_) => match given.and_then(|given| strange(schema, ty, given)) {
                Some(scalar) => DocumentText::VariableHoldsNo {
                    variable,
                    scalar: scalar.to_string(),
                },
                None => continue,
            },
        };
        faults.push(Fault {
            text,
            pos: document.pos(definition.location()),
        });
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Variables(faults))
    }
}

/// The compiler's message without the value, which may be a secret.
fn told(error: &RequestError) -> String {
    let message = error.message().to_string();
    let quoted = message.strip_prefix("could not coerce ");
    match quoted.and_then(|rest| Some((rest.split_once(": ")?.0, rest.rsplit_once(" to type ")?.1)))
    {
        Some((what, ty)) => sentence(&format!("{what} is no {ty}")),
        None => sentence(&message),
    }
}

/// Which of the schema's own scalars in `ty` does not take its part of `value`.
fn strange<'t>(schema: &'t Schema, ty: &'t Type, value: &Value) -> Option<&'t Name> {
    match value {
        Value::Null => None,
        Value::List(items) if ty.is_list() => items
            .iter()
            .find_map(|item| strange(schema, ty.item_type(), item)),
        _ => {
            let name = ty.inner_named_type();
            match (schema.types.get(name), value) {
                (Some(ExtendedType::InputObject(object)), Value::Object(fields)) => {
                    fields.iter().find_map(|(name, value)| {
                        let field = object.fields.get(name.as_str())?;
                        strange(schema, &field.ty, value)
                    })
                }
                _ => {
                    let takes = scalars::takes_constant(name, || value.clone());
                    (!takes).then_some(name)
                }
            }
        }
    }
}
