//! What the compiler does not ask of values: that a literal names each input field once, that a
//! variable fits where it stands deep within one, and what the schema's own scalars take.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    Name, Node, Schema,
    ast::{Argument, Directive, InputValueDefinition, Type, Value, VariableDefinition},
    executable::{Operation, Selection, SelectionSet},
    schema::ExtendedType,
};

use super::{
    refusal::{Fault, Refusal},
    scalars,
    validate::{Document, MAX_FAULTS},
};
use crate::error::text::document::DocumentText;

/// Checks the values in the valid `document`.
///
/// # Errors
/// [`Refusal::Invalid`], by the specification's sections 5.6.1, 5.6.3 and 5.8.5.
pub(super) fn check(schema: &Schema, document: &Document) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    for operation in document.typed.operations.iter() {
        let mut check = Check {
            schema,
            document,
            variables: HashMap::new(),
            spread: HashSet::new(),
            faults: &mut faults,
        };
        check.operation(operation);
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Invalid(faults))
    }
}

/// Of one operation, with the fragments that it spreads: each once, whatever spreads it.
struct Check<'d, 'f> {
    schema: &'d Schema,
    document: &'d Document,
    variables: HashMap<&'d Name, &'d VariableDefinition>,
    spread: HashSet<&'d Name>,
    faults: &'f mut Vec<Fault>,
}

impl<'d> Check<'d, '_> {
    fn operation(&mut self, operation: &'d Operation) {
        for variable in &operation.variables {
            self.variables.insert(&variable.name, variable);
            if let Some(default) = &variable.default_value {
                self.value(default, &variable.ty, false);
            }
            self.directives(&variable.directives);
        }
        self.directives(&operation.directives);
        self.selection_set(&operation.selection_set);
    }

    fn selection_set(&mut self, set: &'d SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.arguments, &field.definition.arguments);
                    self.selection_set(&field.selection_set);
                }
                Selection::InlineFragment(inline) => self.selection_set(&inline.selection_set),
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.typed.fragments.get(&spread.fragment_name);
                    if let Some(fragment) = fragment
                        && self.spread.insert(&spread.fragment_name)
                    {
                        self.directives(&fragment.directives);
                        self.selection_set(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'d [Node<Directive>]) {
        for directive in directives {
            let schema = self.schema;
            if let Some(definition) = schema.directive_definitions.get(&directive.name) {
                self.arguments(&directive.arguments, &definition.arguments);
            }
        }
    }

    fn arguments(
        &mut self,
        arguments: &'d [Node<Argument>],
        definitions: &'d [Node<InputValueDefinition>],
    ) {
        for argument in arguments {
            let mut named = definitions.iter();
            if let Some(definition) = named.find(|defined| defined.name == argument.name) {
                let default = definition.default_value.is_some();
                self.value(&argument.value, &definition.ty, default);
            }
        }
    }

    /// Checks `value` in the place of a `ty` which has a `default` or not.
    fn value(&mut self, value: &'d Node<Value>, ty: &Type, default: bool) {
        match value.as_ref() {
            Value::Variable(name) => self.usage(value, name, ty, default),
            Value::List(items) if ty.is_list() => {
                for item in items {
                    self.value(item, ty.item_type(), false);
                }
            }
            Value::Object(fields) => self.object(value, fields, ty.inner_named_type()),
            Value::Null => {}
            literal => {
                let scalar = ty.inner_named_type();
                if !scalars::takes(scalar, literal) {
                    let scalar = scalar.to_string();
                    self.fault(value, DocumentText::ScalarHasNoValue { scalar });
                }
            }
        }
    }

    fn object(&mut self, value: &'d Node<Value>, fields: &'d [(Name, Node<Value>)], ty: &Name) {
        let mut names = HashSet::new();
        for (name, _) in fields {
            if !names.insert(name) {
                let field = format!("{ty}.{name}");
                self.fault(value, DocumentText::FieldGivenTwice { field });
            }
        }
        if let Some(ExtendedType::InputObject(object)) = self.schema.types.get(ty) {
            for (name, value) in fields {
                if let Some(field) = object.fields.get(name) {
                    self.value(value, &field.ty, field.default_value.is_some());
                }
            }
        } else if !scalars::takes(ty, value) {
            let scalar = ty.to_string();
            self.fault(value, DocumentText::ScalarHasNoValue { scalar });
        }
    }

    /// `IsVariableUsageAllowed` of section 5.8.5.
    fn usage(&mut self, value: &Node<Value>, name: &Name, ty: &Type, default: bool) {
        let Some(variable) = self.variables.get(name) else {
            return;
        };
        let given = &variable.ty;
        let defaults = variable.default_value.as_ref();
        let replaced = default || defaults.is_some_and(|default| !default.is_null());
        let allowed = if ty.is_non_null() && !given.is_non_null() {
            replaced && given.is_assignable_to(&ty.clone().nullable())
        } else {
            given.is_assignable_to(ty)
        };
        if !allowed {
            let text = DocumentText::VariableMisplaced {
                variable: format!("${name}: {given}"),
                needed: ty.to_string(),
            };
            self.fault(value, text);
        }
    }

    fn fault(&mut self, value: &Node<Value>, text: DocumentText) {
        if self.faults.len() < MAX_FAULTS {
            let pos = self.document.pos(value.location());
            self.faults.push(Fault { text, pos });
        }
    }
}
