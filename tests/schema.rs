//! `schema.graphql` is what the code serves, and every element of it teaches.

use ashiato::graphql::schema;
use async_graphql::parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == schema::sdl(),
        "schema.graphql has drifted: run `cargo run -- schema --output schema.graphql`"
    );
}

#[test]
fn every_element_of_the_schema_is_described() {
    let document = parse_schema(schema::sdl()).unwrap();
    let mut bare = Vec::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        let definition = definition.node;
        let name = definition.name.node.to_string();
        if definition.description.is_none() {
            bare.push(name.clone());
        }
        let fields = match definition.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            TypeKind::Enum(values) => {
                for value in values.values {
                    if value.node.description.is_none() {
                        bare.push(format!("{name}.{}", value.node.value));
                    }
                }
                continue;
            }
            TypeKind::InputObject(input) => {
                for field in input.fields {
                    if field.node.description.is_none() {
                        bare.push(format!("{name}.{}", field.node.name));
                    }
                }
                continue;
            }
            TypeKind::Scalar | TypeKind::Union(_) => continue,
        };
        for field in fields {
            let field = field.node;
            if field.description.is_none() {
                bare.push(format!("{name}.{}", field.name));
            }
            for argument in field.arguments {
                if argument.node.description.is_none() {
                    bare.push(format!("{name}.{}({})", field.name, argument.node.name));
                }
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}
