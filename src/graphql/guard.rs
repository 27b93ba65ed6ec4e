//! Looks at a document before anything else does, and refuses what would cost too much.
//!
//! The engine's own limits come too late or not at all: its parser overflows the stack on nested
//! brackets, and its limits of depth and complexity spread every fragment before they count. So
//! the bytes are scanned before they are parsed, the parsed document is walked once, and the
//! engine gets it parsed.
//!
//! Nor does its validation hold all of the specification's rules. What keeps to the limits is
//! validated by the `apollo-compiler` crate, and the engine is told not to validate again
//! (`ValidationMode::Fast`).

mod absent;
mod escapes;
mod introspection;
mod known;
mod lists;
mod refusal;
mod root;
mod scalars;
mod scan;
mod table;
mod validate;
mod values;
mod variables;
mod walk;

use std::num::NonZeroU32;

use apollo_compiler::{Schema, validation::Valid};
use async_graphql::{
    Positioned, Request,
    parser::types::{DocumentOperations, OperationDefinition, OperationType},
};

use known::Documents;
pub use refusal::{Fault, Refusal};
use table::Table;
use walk::Walk;

use super::points;
use crate::config::Limits;

/// An operation that may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// What kind it is of.
    pub kind: OperationType,
    /// What it costs, in points.
    pub cost: NonZeroU32,
    /// Whether it is a mutation that acts with others: not for who is leaving.
    pub acts: bool,
}

/// Knows the schema and the limits.
#[derive(Clone, Debug)]
pub struct Guard {
    schema: Valid<Schema>,
    table: Table,
    limits: Limits,
    documents: Documents,
    introspects: bool,
}

impl Guard {
    /// A guard of the schema that `sdl` describes.
    ///
    /// # Errors
    /// Where `sdl` is no schema.
    pub fn new(sdl: &str, limits: Limits) -> anyhow::Result<Self> {
        Ok(Self {
            schema: validate::schema(sdl)?,
            table: Table::new(sdl)?,
            limits,
            documents: Documents::new(),
            introspects: true,
        })
    }

    /// The same, that refuses to tell the schema unless this `introspects`.
    pub fn introspecting(self, introspects: bool) -> Self {
        Self {
            introspects,
            ..self
        }
    }

    /// Checks the document of `request` and leaves it there parsed. Says what operation will run.
    ///
    /// # Errors
    /// Why it must not be executed.
    pub fn check(&self, request: &mut Request) -> Result<Admitted, Refusal> {
        let known = self.documents.read(&request.query, &self.limits)?;
        if let Some(asked) = known.introspects.filter(|_| !self.introspects) {
            return Err(Refusal::IntrospectionDisabled(asked));
        }
        let document = &known.document;
        let operation = chosen(&document.operations, request.operation_name.as_deref())?;
        // Before page sizes are counted.
        variables::settle(&self.schema, &operation.node, &mut request.variables);
        let nodes = Walk::check(
            document,
            operation,
            &request.variables,
            &self.table,
            &self.limits,
        )?;
        let valid = known.valid(&self.schema)?;
        self.documents.keep(&request.query, &known);
        let name = request.operation_name.as_deref();
        let typed = valid.typed.operations.get(name);
        let typed = typed.map_err(|_| Refusal::NoSuchOperation {
            named: name.is_some(),
        })?;
        variables::check(&self.schema, valid, typed, &request.variables)?;
        let kind = operation.node.ty;
        let acts = kind == OperationType::Mutation && !root::check(document, operation)?;
        let absent = absent::variables(&operation.node, &request.variables);
        let mut document = document.clone();
        absent::take_out(&mut document, &absent);
        if kind == OperationType::Subscription {
            root::lift(&mut document, name);
        }
        request.set_parsed_query(document);
        let cost = points::cost(nodes);
        Ok(Admitted { kind, cost, acts })
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
