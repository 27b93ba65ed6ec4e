//! Every mutation and subscription of the schema, called by who is signed out: the list is the
//! schema's own, so that a new one cannot be forgotten.

use std::collections::HashMap;

use ashiato::graphql::schema;
use async_graphql::parser::{
    parse_schema,
    types::{BaseType, InputObjectType, ObjectType, Type, TypeKind, TypeSystemDefinition},
};
use serde_json::{Map, Value, json};

use crate::support::world::{World, next};

/// What who is signed out may do: come in.
const OPEN: [&str; 5] = [
    "signUp",
    "signIn",
    "recoverAccount",
    "requestPhoneCode",
    "requestPhoneRecovery",
];

/// What takes a file: who is signed out is refused before it is read (tests/photos/attacks.rs).
const UPLOADS: [&str; 2] = ["uploadPhoto", "setProfilePhoto"];

fn types() -> HashMap<String, TypeKind> {
    let document = parse_schema(schema::sdl()).unwrap();
    let definitions = document.definitions.into_iter();
    definitions
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => {
                let definition = definition.node;
                Some((definition.name.node.to_string(), definition.kind))
            }
            _ => None,
        })
        .collect()
}

fn fields<'t>(types: &'t HashMap<String, TypeKind>, name: &str) -> &'t ObjectType {
    match &types[name] {
        TypeKind::Object(object) => object,
        _ => panic!("{name} is no object"),
    }
}

/// A value that fits `wanted`, with an id that names the person.
fn value(types: &HashMap<String, TypeKind>, wanted: &Type, id: &str) -> Value {
    let BaseType::Named(name) = &wanted.base else {
        return json!([]);
    };
    match (name.as_str(), types.get(name.as_str())) {
        ("ID", _) => json!(id),
        ("Int", _) => json!(1),
        ("Boolean", _) => json!(true),
        ("Date", _) => json!("1984-02-15"),
        (_, Some(TypeKind::Enum(values))) => json!(values.values[0].node.value.node.as_str()),
        (_, Some(TypeKind::InputObject(InputObjectType { fields }))) => {
            let required = fields.iter().filter(|field| !field.node.ty.node.nullable);
            let values = required.map(|field| {
                let field = &field.node;
                (
                    field.name.node.to_string(),
                    value(types, &field.ty.node, id),
                )
            });
            Value::Object(values.collect::<Map<_, _>>())
        }
        ("Upload", _) => panic!("which mutation takes a file?"),
        _ => json!("text"),
    }
}

#[tokio::test]
async fn who_is_signed_out_can_only_come_in() {
    let world = World::new().await;
    let (person, nobody) = (world.person("person").await, world.anonymous());
    let types = types();
    let mut refused = 0;
    for field in &fields(&types, "Mutation").fields {
        let field = &field.node;
        let name = field.name.node.as_str();
        if OPEN.contains(&name) || UPLOADS.contains(&name) {
            continue;
        }
        let (declared, given, variables) = match field.arguments.first() {
            Some(input) => {
                let kind = &input.node.ty.node;
                let input = value(&types, kind, &person.id());
                (
                    format!("($input: {kind})"),
                    "(input: $input)",
                    json!({ "input": input }),
                )
            }
            None => (String::new(), "", json!({})),
        };
        let document =
            format!("mutation{declared} {{ {name}{given} {{ userErrors {{ code }} }} }}");
        assert_eq!(
            nobody.error(&document, variables).await,
            "UNAUTHENTICATED",
            "{name}"
        );
        refused += 1;
    }
    assert!(refused >= 25, "{refused}");
    for field in &fields(&types, "Subscription").fields {
        let name = field.node.name.node.as_str();
        let document = format!("subscription {{ {name} {{ cursor }} }}");
        let mut events = Box::pin(nobody.events(&document, json!({})));
        let errors = next(&mut events).await.errors;
        let source = errors[0].source::<ashiato::error::Error>().unwrap();
        assert_eq!(source.code(), "UNAUTHENTICATED", "{name}");
    }
    // The same call by somebody who is signed in is not refused for that.
    let mine = "mutation { markFootprintsSeen(input: {}) { newFootprintCount } }";
    person.run(mine, json!({})).await;
}
