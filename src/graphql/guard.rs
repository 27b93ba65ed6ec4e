//! Looks at a document before anything else does, and refuses what would cost too much.
//!
//! The engine's own limits come too late or not at all: its parser overflows the stack on nested
//! brackets, and its limits of depth and complexity spread every fragment before they count. So
//! the bytes are scanned before they are parsed, the parsed document is walked once, and the
//! engine gets it parsed.

mod escapes;
mod refusal;
mod root;
mod scan;
mod table;
mod walk;

use async_graphql::{
    Positioned, Request, Value,
    parser::{
        parse_query,
        types::{DocumentOperations, OperationDefinition, OperationType, Selection},
    },
};

pub use refusal::Refusal;
use table::Table;
use walk::Walk;

use crate::config::Limits;

/// Knows the schema and the limits.
#[derive(Clone, Debug)]
pub struct Guard {
    table: Table,
    limits: Limits,
}

impl Guard {
    /// A guard of the schema that `sdl` describes.
    ///
    /// # Errors
    /// Where `sdl` is no schema.
    pub fn new(sdl: &str, limits: Limits) -> anyhow::Result<Self> {
        Ok(Self {
            table: Table::new(sdl)?,
            limits,
        })
    }

    /// Checks the document of `request` and leaves it there parsed. Says what kind of operation
    /// will run.
    ///
    /// # Errors
    /// Why it must not be executed.
    pub fn check(&self, request: &mut Request) -> Result<OperationType, Refusal> {
        scan::scan(&request.query, self.limits.max_tokens)?;
        let text = escapes::rewrite(&request.query)?;
        let document = parse_query(&text)?;
        let operation = chosen(&document.operations, request.operation_name.as_deref())?;
        Walk::check(
            &document,
            operation,
            &request.variables,
            &self.table,
            &self.limits,
        )?;
        for definition in &operation.node.variable_definitions {
            let variable = &definition.node;
            let given = request.variables.get(&variable.name.node);
            let missing = given.is_none() && variable.default_value.is_none();
            if !variable.var_type.node.nullable && (missing || given == Some(&Value::Null)) {
                let said = format!("${}: {}", variable.name.node, variable.var_type.node);
                return Err(Refusal::VariableMissing(said, definition.pos));
            }
        }
        let kind = operation.node.ty;
        if kind == OperationType::Mutation {
            root::check(&document, operation)?;
        }
        if kind == OperationType::Subscription {
            // The engine would start all of several, and none in a fragment.
            match operation.node.selection_set.node.items.as_slice() {
                [only] if matches!(only.node, Selection::Field(_)) => {}
                _ => return Err(Refusal::ManyRootFields(operation.pos)),
            }
        }
        request.set_parsed_query(document);
        Ok(kind)
    }
}

/// The operation that will run.
fn chosen<'d>(
    operations: &'d DocumentOperations,
    name: Option<&str>,
) -> Result<&'d Positioned<OperationDefinition>, Refusal> {
    let named = name.is_some();
    match (operations, name) {
        (DocumentOperations::Single(only), None) => Some(only),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => all.values().next(),
        (DocumentOperations::Multiple(_), None) => None,
    }
    .ok_or(Refusal::NoSuchOperation { named })
}
