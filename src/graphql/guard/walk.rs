//! Walks a parsed document once. What a fragment comes to is worked out once and remembered, so
//! that fragments which spread fragments cost what they are long, not what they come to.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned, Value as Constant, Variables,
    parser::types::{
        Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection,
        SelectionSet,
    },
};
use async_graphql_value::Value;

use super::{
    refusal::Refusal,
    table::{Size, Table},
};
use crate::{
    config::Limits,
    paging::{DEFAULT_PAGE, MAX_PAGE},
};

/// The most selection sets in one another, fragments among them: what the engine allows itself.
const MAX_NESTING: u32 = 32;

/// What a selection set comes to.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    /// Fields in one another.
    depth: u32,
    /// Selection sets in one another: fields and fragments.
    nesting: u32,
    /// Selections, fragments spread.
    selections: u64,
    /// Nodes that can come back.
    nodes: u64,
    /// Values in arguments, variables put in.
    values: u64,
}

/// A walk through one document.
pub(super) struct Walk<'d> {
    document: &'d ExecutableDocument,
    table: &'d Table,
    limits: &'d Limits,
    variables: &'d Variables,
    defaults: HashMap<&'d str, &'d Constant>,
    weights: HashMap<&'d str, u64>,
    known: HashMap<&'d str, Sum>,
    open: HashSet<&'d str>,
    aliases: u32,
    directives: u32,
}

impl<'d> Walk<'d> {
    /// Checks `document`, of which `operation` will run with `variables`.
    pub(super) fn check(
        document: &'d ExecutableDocument,
        operation: &'d Positioned<OperationDefinition>,
        variables: &'d Variables,
        table: &'d Table,
        limits: &'d Limits,
    ) -> Result<(), Refusal> {
        let definitions = operation.node.variable_definitions.iter();
        let defaults = definitions.filter_map(|definition| {
            let default = definition.node.default_value.as_ref()?;
            Some((definition.node.name.node.as_str(), &default.node))
        });
        let mut walk = Self {
            document,
            table,
            limits,
            variables,
            defaults: defaults.collect(),
            weights: HashMap::new(),
            known: HashMap::new(),
            open: HashSet::new(),
            aliases: 0,
            directives: 0,
        };
        // First the one that runs: a fragment's nodes are counted by its variables.
        let runs = walk.operation(operation)?;
        if runs.nodes > u64::from(limits.max_nodes) {
            return Err(Refusal::TooManyNodes(limits.max_nodes));
        }
        // The engine validates the rest too.
        let mut whole = runs;
        for (_, other) in document.operations.iter() {
            if !std::ptr::eq(other, operation) {
                let other = walk.operation(other)?;
                whole.selections = whole.selections.saturating_add(other.selections);
                whole.values = whole.values.saturating_add(other.values);
                walk.within(whole)?;
            }
        }
        for (name, fragment) in &document.fragments {
            if !walk.known.contains_key(name.as_str()) {
                let unused = walk.fragment(name, fragment, 0)?;
                whole.values = whole.values.saturating_add(unused.values);
            }
        }
        walk.within(whole)
    }

    fn operation(
        &mut self,
        operation: &'d Positioned<OperationDefinition>,
    ) -> Result<Sum, Refusal> {
        let mut values = self.directives(&operation.node.directives)?;
        for variable in &operation.node.variable_definitions {
            values = values.saturating_add(self.directives(&variable.node.directives)?);
        }
        let root = self.table.root(operation.node.ty);
        let mut sum = self.selection_set(&operation.node.selection_set.node, Some(root), 0)?;
        if sum.depth > self.limits.max_depth {
            return Err(Refusal::TooDeep(self.limits.max_depth));
        }
        sum.values = sum.values.saturating_add(values);
        self.within(sum)?;
        Ok(sum)
    }

    fn within(&self, sum: Sum) -> Result<(), Refusal> {
        if sum.selections > u64::from(self.limits.max_selections) {
            return Err(Refusal::TooManySelections(self.limits.max_selections));
        }
        if sum.values > u64::from(self.limits.max_values) {
            return Err(Refusal::TooManyValues(self.limits.max_values));
        }
        Ok(())
    }

    fn selection_set(
        &mut self,
        set: &'d SelectionSet,
        ty: Option<&'d str>,
        level: u32,
    ) -> Result<Sum, Refusal> {
        if level > MAX_NESTING {
            return Err(Refusal::TooDeep(MAX_NESTING));
        }
        let mut sum = Sum::default();
        let mut keys = HashSet::new();
        for selection in &set.items {
            let values = self.directives(selection.node.directives())?;
            let part = match &selection.node {
                Selection::Field(field) => {
                    let repeated = !keys.insert(field.node.response_key().node.as_str());
                    if repeated || field.node.alias.is_some() {
                        self.aliases = self.aliases.saturating_add(1);
                        if self.aliases > self.limits.max_aliases {
                            return Err(Refusal::TooManyAliases(self.limits.max_aliases));
                        }
                    }
                    self.field(&field.node, ty, level)?
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let ty = condition.map(|on| on.node.on.node.as_str()).or(ty);
                    let inner =
                        self.selection_set(&inline.node.selection_set.node, ty, level + 1)?;
                    nested(inner)
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    match self.document.fragments.get_key_value(name) {
                        Some((name, fragment)) => {
                            nested(self.fragment(name, fragment, level + 1)?)
                        }
                        // Validation will say so.
                        None => Sum::default(),
                    }
                }
            };
            sum.depth = sum.depth.max(part.depth);
            sum.nesting = sum.nesting.max(part.nesting);
            sum.selections = sum
                .selections
                .saturating_add(part.selections)
                .saturating_add(1);
            sum.nodes = sum.nodes.saturating_add(part.nodes);
            sum.values = sum
                .values
                .saturating_add(part.values)
                .saturating_add(values);
        }
        Ok(sum)
    }

    fn field(&mut self, field: &'d Field, ty: Option<&'d str>, level: u32) -> Result<Sum, Refusal> {
        let entry = ty.and_then(|ty| self.table.field(ty, &field.name.node));
        let inner = if field.selection_set.node.items.is_empty() {
            Sum::default()
        } else {
            let ty = entry.map(|entry| entry.ty.as_str());
            nested(self.selection_set(&field.selection_set.node, ty, level + 1)?)
        };
        let nodes = match self.size(field, entry.map_or(Size::One, |entry| entry.size)) {
            None => inner
                .nodes
                .saturating_add(entry.map_or(0, |entry| entry.weight)),
            Some(count) => count.saturating_add(count.saturating_mul(inner.nodes)),
        };
        Ok(Sum {
            depth: inner.depth.saturating_add(1),
            nodes,
            values: inner
                .values
                .saturating_add(self.arguments(&field.arguments)),
            ..inner
        })
    }

    fn fragment(
        &mut self,
        name: &'d Name,
        fragment: &'d Positioned<FragmentDefinition>,
        level: u32,
    ) -> Result<Sum, Refusal> {
        if let Some(known) = self.known.get(name.as_str()) {
            if level.saturating_add(known.nesting) > MAX_NESTING {
                return Err(Refusal::TooDeep(MAX_NESTING));
            }
            return Ok(*known);
        }
        if !self.open.insert(name.as_str()) {
            return Err(Refusal::FragmentCycle(fragment.pos));
        }
        let values = self.directives(&fragment.node.directives)?;
        let on = fragment.node.type_condition.node.on.node.as_str();
        let mut sum = self.selection_set(&fragment.node.selection_set.node, Some(on), level)?;
        sum.values = sum.values.saturating_add(values);
        self.open.remove(name.as_str());
        self.known.insert(name.as_str(), sum);
        Ok(sum)
    }

    /// Counts directives. The values of their arguments.
    fn directives(&mut self, directives: &'d [Positioned<Directive>]) -> Result<u64, Refusal> {
        let more = u32::try_from(directives.len()).unwrap_or(u32::MAX);
        self.directives = self.directives.saturating_add(more);
        if self.directives > self.limits.max_directives {
            return Err(Refusal::TooManyDirectives(self.limits.max_directives));
        }
        let values = directives
            .iter()
            .map(|directive| self.arguments(&directive.node.arguments));
        Ok(values.fold(0, u64::saturating_add))
    }

    /// How many values `arguments` have. The engine copies a variable's wherever it is used: a
    /// long list in one of many places would be gigabytes.
    fn arguments(&mut self, arguments: &'d [(Positioned<Name>, Positioned<Value>)]) -> u64 {
        let weights = arguments.iter().map(|(_, value)| self.weight(&value.node));
        weights.fold(0, u64::saturating_add)
    }

    fn weight(&mut self, value: &'d Value) -> u64 {
        match value {
            Value::List(items) => {
                let weights = items.iter().map(|item| self.weight(item));
                weights.fold(1, u64::saturating_add)
            }
            Value::Object(fields) => {
                let weights = fields.values().map(|field| self.weight(field));
                weights.fold(1, u64::saturating_add)
            }
            Value::Variable(name) => match self.weights.get(name.as_str()) {
                Some(weight) => *weight,
                None => {
                    let weight = self.variable(name).map_or(1, weight);
                    self.weights.insert(name.as_str(), weight);
                    weight
                }
            },
            _ => 1,
        }
    }

    /// How many things `field` returns, where it returns several.
    fn size(&self, field: &Field, size: Size) -> Option<u64> {
        match size {
            Size::One => None,
            Size::Fixed(count) => Some(count),
            Size::Page => {
                // Both, or one out of its range, is an error of the field, not a larger page.
                let given = ["first", "last"].map(|name| self.integer(field, name));
                let page = given.into_iter().flatten().max();
                let page = page
                    .unwrap_or(DEFAULT_PAGE.into())
                    .clamp(0, MAX_PAGE.into());
                u64::try_from(page).ok()
            }
            Size::Ids => {
                let ids = match field.get_argument("ids").map(|value| &value.node) {
                    Some(Value::List(ids)) => ids.len(),
                    Some(Value::Variable(name)) => match self.variable(name) {
                        Some(Constant::List(ids)) => ids.len(),
                        _ => 1,
                    },
                    _ => 1,
                };
                u64::try_from(ids).ok()
            }
        }
    }

    fn integer(&self, field: &Field, argument: &str) -> Option<i64> {
        match &field.get_argument(argument)?.node {
            Value::Number(number) => number.as_i64(),
            Value::Variable(name) => match self.variable(name)? {
                Constant::Number(number) => number.as_i64(),
                _ => None,
            },
            _ => None,
        }
    }

    fn variable(&self, name: &Name) -> Option<&Constant> {
        let given = self.variables.get(name);
        given.or_else(|| self.defaults.get(name.as_str()).copied())
    }
}

/// How many values there are in `value`. (JSON that nests too deep for this was not parsed.)
fn weight(value: &Constant) -> u64 {
    match value {
        Constant::List(items) => items.iter().map(weight).fold(1, u64::saturating_add),
        Constant::Object(fields) => fields.values().map(weight).fold(1, u64::saturating_add),
        _ => 1,
    }
}

/// What a selection set comes to for whom it is nested in.
fn nested(inner: Sum) -> Sum {
    Sum {
        nesting: inner.nesting.saturating_add(1),
        ..inner
    }
}
