//! Walks a parsed document once. What a fragment comes to is worked out once and remembered, so
//! that fragments which spread fragments cost what they are long, not what they come to.

mod arguments;

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use async_graphql::{
    Name, Positioned, Value as Constant, Variables,
    parser::types::{
        Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection,
        SelectionSet,
    },
};

use super::{
    refusal::Refusal,
    table::{Size, Table},
};
use crate::config::Limits;

/// The most selection sets in one another, fragments among them: what the engine allows itself.
const MAX_NESTING: u32 = 32;

/// So many nodes of introspection are paid for as one: they lie in memory, and its lists are taken to be
/// as long as the longest of their kind.
const DESCRIBED: u64 = 100;

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
    /// Those among them that are introspection's.
    described: u64,
    /// Values in arguments, variables put in.
    values: u64,
}

/// How often each response key stands in a selection set, fragments spread.
type Keys<'d> = HashMap<&'d str, u32>;

/// A walk through one document.
pub(super) struct Walk<'d> {
    document: &'d ExecutableDocument,
    table: &'d Table,
    limits: &'d Limits,
    variables: &'d Variables,
    defaults: HashMap<&'d str, &'d Constant>,
    weights: HashMap<&'d str, u64>,
    known: HashMap<&'d str, (Sum, Rc<Keys<'d>>)>,
    open: HashSet<&'d str>,
    aliases: u32,
    directives: u32,
}

impl<'d> Walk<'d> {
    /// Checks `document`, of which `operation` will run with `variables`. Gives how many nodes it is to
    /// pay for.
    pub(super) fn check(
        document: &'d ExecutableDocument,
        operation: &'d Positioned<OperationDefinition>,
        variables: &'d Variables,
        table: &'d Table,
        limits: &'d Limits,
    ) -> Result<u64, Refusal> {
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
                let (unused, _) = walk.fragment(name, fragment, 0)?;
                whole.values = whole.values.saturating_add(unused.values);
            }
        }
        walk.within(whole)?;
        let described = runs.described / DESCRIBED;
        Ok((runs.nodes.saturating_sub(runs.described)).saturating_add(described))
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
        let mut sum = self.whole_set(&operation.node.selection_set.node, Some(root), 0)?;
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

    /// An operation's or a field's selection set. A key that stands in it several times, in
    /// whatever fragments, counts as aliases: the engine resolves the field each time.
    fn whole_set(
        &mut self,
        set: &'d SelectionSet,
        ty: Option<&'d str>,
        level: u32,
    ) -> Result<Sum, Refusal> {
        let mut keys = Keys::new();
        let sum = self.selection_set(set, ty, level, &mut keys)?;
        self.within(sum)?;
        for times in keys.values() {
            self.count_aliases(times.saturating_sub(1))?;
        }
        Ok(sum)
    }

    fn count_aliases(&mut self, more: u32) -> Result<(), Refusal> {
        self.aliases = self.aliases.saturating_add(more);
        if self.aliases > self.limits.max_aliases {
            return Err(Refusal::TooManyAliases(self.limits.max_aliases));
        }
        Ok(())
    }

    /// A selection set, or what a fragment adds to one with these `keys`.
    fn selection_set(
        &mut self,
        set: &'d SelectionSet,
        ty: Option<&'d str>,
        level: u32,
        keys: &mut Keys<'d>,
    ) -> Result<Sum, Refusal> {
        if level > MAX_NESTING {
            return Err(Refusal::TooDeep(MAX_NESTING));
        }
        let mut sum = Sum::default();
        for selection in &set.items {
            let values = self.directives(selection.node.directives())?;
            let part = match &selection.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    let times = keys.entry(key).or_default();
                    *times = times.saturating_add(1);
                    // One that renames and repeats counts once.
                    if field.node.alias.is_some() && *times == 1 {
                        self.count_aliases(1)?;
                    }
                    self.field(&field.node, ty, level)?
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let ty = condition.map(|on| on.node.on.node.as_str()).or(ty);
                    let set = &inline.node.selection_set.node;
                    nested(self.selection_set(set, ty, level + 1, keys)?)
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    match self.document.fragments.get_key_value(name) {
                        Some((name, fragment)) => {
                            let (sum, spread) = self.fragment(name, fragment, level + 1)?;
                            for (key, more) in spread.iter() {
                                let times = keys.entry(key).or_default();
                                *times = times.saturating_add(*more);
                            }
                            nested(sum)
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
            sum.described = sum.described.saturating_add(part.described);
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
            nested(self.whole_set(&field.selection_set.node, ty, level + 1)?)
        };
        let size = entry.map_or(Size::One, |entry| entry.size);
        let returned = match self.size(field, size) {
            None => inner.nodes,
            Some(count) => count.saturating_add(count.saturating_mul(inner.nodes)),
        };
        // (It begins at the root alone.)
        let described = match size {
            Size::Fixed(_) => returned,
            _ => inner.described,
        };
        let nodes = returned.saturating_add(entry.map_or(0, |entry| entry.weight));
        Ok(Sum {
            depth: inner.depth.saturating_add(1),
            nodes,
            described,
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
    ) -> Result<(Sum, Rc<Keys<'d>>), Refusal> {
        if let Some((known, keys)) = self.known.get(name.as_str()) {
            if level.saturating_add(known.nesting) > MAX_NESTING {
                return Err(Refusal::TooDeep(MAX_NESTING));
            }
            return Ok((*known, keys.clone()));
        }
        if !self.open.insert(name.as_str()) {
            return Err(Refusal::FragmentCycle(fragment.pos));
        }
        let values = self.directives(&fragment.node.directives)?;
        let on = fragment.node.type_condition.node.on.node.as_str();
        let set = &fragment.node.selection_set.node;
        let mut keys = Keys::new();
        let mut sum = self.selection_set(set, Some(on), level, &mut keys)?;
        sum.values = sum.values.saturating_add(values);
        self.open.remove(name.as_str());
        let known = (sum, Rc::new(keys));
        self.known.insert(name.as_str(), known.clone());
        Ok(known)
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
}

/// What a selection set comes to for whom it is nested in.
fn nested(inner: Sum) -> Sum {
    Sum {
        nesting: inner.nesting.saturating_add(1),
        ..inner
    }
}
