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
mod library;
mod lists;
mod manifest;
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

use anyhow::{Context, anyhow};
use apollo_compiler::{Schema, validation::Valid};
use async_graphql::{
    Positioned, Request, ServerError, Variables,
    parser::types::{DocumentOperations, OperationDefinition, OperationType},
};

use known::Documents;
use library::{Library, Origin, Trusted};
pub use refusal::{Fault, Refusal};
use table::Table;
use walk::Walk;

use super::{parameters::Asked, points};
use crate::config::{DocumentArgs, Limits};

/// An operation that may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// What kind it is of.
    pub kind: OperationType,
    /// What it costs, in points.
    pub cost: NonZeroU32,
    /// Whether it is a mutation that acts with others: not for who is leaving.
    pub acts: bool,
    /// Whether it is a query that comes to the same for all who are signed out, wherever they are.
    pub is_everybodys: bool,
}

/// Knows the schema and the limits.
#[derive(Clone, Debug)]
pub struct Guard {
    schema: Valid<Schema>,
    table: Table,
    limits: Limits,
    documents: Documents,
    trusted: Documents,
    library: Library,
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
            documents: Documents::sent(),
            trusted: Documents::trusted(),
            library: Library::default(),
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

    /// The same that knows documents by names, too: those of the manifests that `args` name, each of which is
    /// checked, and those that clients will have kept.
    ///
    /// # Errors
    /// A sentence that names what of the manifests cannot be used, and why.
    pub fn knowing(self, args: &DocumentArgs) -> anyhow::Result<Self> {
        let mut library = Library::keeping(args.persisted_query_bytes);
        if args.trusted_documents.is_empty() {
            return Ok(Self { library, ..self });
        }
        let mut trusted = Trusted::new(args.trusts_alone());
        for file in &args.trusted_documents {
            for entry in manifest::read(file)? {
                let (id, text) = (entry.id.clone(), entry.text.clone());
                let added = trusted.add(entry);
                let checked = added.and_then(|()| self.trust(&text).map_err(|why| told(&why)));
                checked.with_context(|| {
                    let file = file.display();
                    format!("the document `{id}` of --trusted-documents {file} cannot be used")
                })?;
            }
        }
        tracing::info!(
            documents = trusted.len(),
            only = args.trusts_alone(),
            "trusted documents"
        );
        library = library.trusting(trusted);
        Ok(Self { library, ..self })
    }

    /// Checks all of a document that is to be trusted, as far as that can be done without variables, and keeps it
    /// parsed.
    fn trust(&self, text: &str) -> Result<(), Refusal> {
        let known = self.trusted.read(text, &self.limits)?;
        if let Some(asked) = known.introspects.filter(|_| !self.introspects) {
            return Err(Refusal::IntrospectionDisabled(asked));
        }
        let (document, none) = (&known.document, Variables::default());
        for (_, operation) in document.operations.iter() {
            Walk::check(document, operation, &none, &self.table, &self.limits)?;
            known.valid(&self.schema)?;
            if operation.node.ty == OperationType::Mutation {
                root::check(document, operation)?;
            }
        }
        self.trusted.keep(text, &known);
        Ok(())
    }

    /// Finds the document of what is `asked`, which has its text or is only named, checks it and leaves it there
    /// parsed. Says what operation will run.
    ///
    /// # Errors
    /// Why it must not be executed.
    pub fn admit(&self, asked: &mut Asked) -> Result<Admitted, Refusal> {
        let Asked { request, named } = asked;
        let origin = self.library.find(request, named.as_ref())?;
        let documents = match origin {
            Origin::Trusted => &self.trusted,
            Origin::Sent | Origin::ToKeep(_) => &self.documents,
        };
        let admitted = self.check_among(documents, request)?;
        if let Origin::ToKeep(hash) = origin {
            self.library.keep(hash, &request.query);
        }
        Ok(admitted)
    }

    /// Checks the document of `request` and leaves it there parsed. Says what operation will run.
    ///
    /// # Errors
    /// Why it must not be executed.
    pub fn check(&self, request: &mut Request) -> Result<Admitted, Refusal> {
        self.check_among(&self.documents, request)
    }

    fn check_among(
        &self,
        documents: &Documents,
        request: &mut Request,
    ) -> Result<Admitted, Refusal> {
        let known = documents.read(&request.query, &self.limits)?;
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
        documents.keep(&request.query, &known);
        let name = request.operation_name.as_deref();
        let typed = valid.typed.operations.get(name);
        let typed = typed.map_err(|_| Refusal::NoSuchOperation {
            named: name.is_some(),
        })?;
        variables::check(&self.schema, valid, typed, &request.variables)?;
        let kind = operation.node.ty;
        let acts = kind == OperationType::Mutation && !root::check(document, operation)?;
        let is_everybodys =
            kind == OperationType::Query && root::is_everybodys(document, operation);
        let absent = absent::variables(&operation.node, &request.variables);
        let mut document = document.clone();
        absent::take_out(&mut document, &absent);
        if kind == OperationType::Subscription {
            root::lift(&mut document, name);
        }
        request.set_parsed_query(document);
        let cost = points::cost(nodes);
        Ok(Admitted {
            kind,
            cost,
            acts,
            is_everybodys,
        })
    }
}

/// Why a document is refused, in a sentence for the operator.
fn told(refusal: &Refusal) -> anyhow::Error {
    let errors: Vec<ServerError> = refusal.clone().into();
    let errors = errors.iter().map(|error| match error.locations.first() {
        Some(pos) => format!(
            "line {}, column {}: {}",
            pos.line, pos.column, error.message
        ),
        None => error.message.clone(),
    });
    anyhow!("{}", errors.collect::<Vec<_>>().join(" "))
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
