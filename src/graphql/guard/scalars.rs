//! What the schema's own scalars take: of all values, the engine would find out about these only
//! as it executes.

use apollo_compiler::ast;
use async_graphql::{ScalarType, Value};

use crate::graphql::{
    scalar::{Date, DateTime},
    upload::Upload,
};

/// Whether a scalar takes a value.
type Takes = fn(Value) -> bool;

const SCALARS: [(&str, Takes); 3] = [
    ("Date", parses::<Date>),
    ("DateTime", parses::<DateTime>),
    ("Upload", parses::<Upload>),
];

fn parses<S: ScalarType>(value: Value) -> bool {
    S::parse(value).is_ok()
}

/// Whether the scalar `name`, if it is one of ours, takes the literal `value`.
pub(super) fn takes(name: &str, value: &ast::Value) -> bool {
    takes_constant(name, || match value {
        ast::Value::String(text) => Value::String(text.clone()),
        // Of literals, ours take strings alone.
        _ => Value::Null,
    })
}

/// Whether the scalar `name`, if it is one of ours, takes a variable's value.
pub(super) fn takes_constant(name: &str, value: impl FnOnce() -> Value) -> bool {
    let known = SCALARS.iter().find(|(ours, _)| *ours == name);
    known.is_none_or(|(_, takes)| takes(value()))
}

#[cfg(test)]
mod tests {
    use apollo_compiler::Schema;

    use super::*;

    #[test]
    fn every_scalar_of_the_schema_is_known() {
        let schema = Schema::parse(crate::graphql::schema::sdl(), "schema.graphql").unwrap();
        let ours = schema.types.iter();
        let ours = ours.filter(|(_, ty)| ty.is_scalar() && !ty.is_built_in());
        let ours: Vec<_> = ours.map(|(name, _)| name.as_str()).collect();
        assert_eq!(ours.len(), SCALARS.len());
        for name in ours {
            assert!(SCALARS.iter().any(|(known, _)| *known == name), "{name}");
        }
    }
}
