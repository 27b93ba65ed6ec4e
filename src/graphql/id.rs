//! The `id` of an object: written where it is asked for.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, ID, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};
use uuid::Uuid;

use super::plain::{Asked, Say};
use crate::ids::{GlobalId, Kind};

/// The most parts of a key.
const PARTS: usize = 3;

/// A global id of a type, not written yet. An `ID` in the schema.
#[derive(Clone, Copy, Debug)]
pub struct NodeId {
    kind: Kind,
    parts: [Uuid; PARTS],
    count: usize,
}

impl NodeId {
    /// The id of the object of `kind` with `key`: up to three parts, the shard key first.
    pub fn new<const N: usize>(kind: Kind, key: [Uuid; N]) -> Self {
        const { assert!(N <= PARTS) };
        let mut parts = [Uuid::nil(); PARTS];
        for (part, of_key) in parts.iter_mut().zip(key) {
            *part = of_key;
        }
        let count = N;
        Self { kind, parts, count }
    }

    fn value(&self) -> Value {
        let parts = self.parts.get(..self.count).unwrap_or_default();
        Value::String(GlobalId::encode(self.kind, parts).0)
    }
}

impl Say for NodeId {
    fn say(&self, _: &Asked<'_>) -> Option<Value> {
        Some(self.value())
    }
}

impl OutputType for NodeId {
    fn type_name() -> Cow<'static, str> {
        <ID as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(self.value())
    }
}
