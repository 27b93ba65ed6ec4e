//! What the guard knows of the schema: of each field its type, and how many things it returns.

use std::collections::HashMap;

use async_graphql::parser::{
    self, parse_schema,
    types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition},
};

/// How many things a field returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// One, or a list that the schema keeps short.
    One,
    /// A page: as many as `first` or `last` say.
    Page,
    /// As many as `ids` are given.
    Ids,
    /// So many: introspection's lists, which grow with the schema.
    Fixed(u64),
    /// So many at the most.
    Few(u64),
}

/// The fields whose texts are long, with a node for about a hundred characters.
const LONG_TEXTS: [(&str, &str, u64); 7] = [
    ("Brand", "description", 10),
    ("BrandPost", "body", 50),
    ("Diary", "body", 100),
    ("DiaryComment", "body", 20),
    ("Introduction", "body", 10),
    ("Review", "body", 50),
    ("User", "bio", 10),
];

/// The fields that are looked for far and wide, with a node for about twenty rows.
const SEARCHES: [(&str, &str, u64); 4] = [
    ("Query", "searchDiaries", 480),
    ("Query", "searchReviews", 480),
    ("Viewer", "friendsSongChart", 490),
    ("Viewer", "pathTo", 990),
];

/// The lists without pages that lead on to others.
const SHORT_LISTS: [(&str, &str, u64); 7] = [
    ("Brand", "editors", 10),
    ("Brand", "figures", 100),
    ("Diary", "photos", 4),
    ("FriendPath", "users", 7),
    ("Statistics", "months", 36),
    ("Statistics", "regions", 49),
    ("Viewer", "usage", 100),
];

/// A field of the schema.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The name of its type, without lists and exclamation marks.
    pub ty: String,
    /// How many things it returns.
    pub size: Size,
    /// What it counts beside them, in nodes: long texts cost memory, too, and searches time.
    pub weight: u64,
}

/// The fields of the schema by type and name.
#[derive(Clone, Debug)]
pub struct Table {
    fields: HashMap<String, HashMap<String, Entry>>,
    query: String,
    mutation: String,
    subscription: String,
}

impl Table {
    /// Reads the schema's own text.
    ///
    /// # Errors
    /// Where `sdl` is no schema.
    pub fn new(sdl: &str) -> Result<Self, parser::Error> {
        let mut table = Self {
            fields: HashMap::new(),
            query: "Query".to_owned(),
            mutation: "Mutation".to_owned(),
            subscription: "Subscription".to_owned(),
        };
        let mut longest = Longest::default();
        for definition in parse_schema(sdl)?.definitions {
            match definition {
                TypeSystemDefinition::Type(definition) => {
                    let definition = definition.node;
                    longest.see(&definition);
                    if let TypeKind::Object(parser::types::ObjectType { fields, .. })
                    | TypeKind::Interface(parser::types::InterfaceType { fields, .. }) =
                        &definition.kind
                    {
                        let entries = fields.iter().map(|field| entry(&field.node)).collect();
                        table
                            .fields
                            .insert(definition.name.node.to_string(), entries);
                    }
                }
                TypeSystemDefinition::Schema(definition) => {
                    let roots = definition.node;
                    for (root, name) in [
                        (&mut table.query, roots.query),
                        (&mut table.mutation, roots.mutation),
                        (&mut table.subscription, roots.subscription),
                    ] {
                        if let Some(name) = name {
                            *root = name.node.to_string();
                        }
                    }
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        let query = table.query.clone();
        for (ty, name, of, size) in longest.introspection(&query) {
            let of = of.to_owned();
            table.fields.entry(ty.to_owned()).or_default().insert(
                name.to_owned(),
                Entry {
                    ty: of,
                    size,
                    weight: 0,
                },
            );
        }
        for (ty, name, weight) in LONG_TEXTS.into_iter().chain(SEARCHES) {
            if let Some(entry) = table.field_mut(ty, name) {
                entry.weight = weight;
            }
        }
        for (ty, name, most) in SHORT_LISTS {
            if let Some(entry) = table.field_mut(ty, name) {
                entry.size = Size::Few(most);
            }
        }
        Ok(table)
    }

    fn field_mut(&mut self, ty: &str, name: &str) -> Option<&mut Entry> {
        self.fields.get_mut(ty)?.get_mut(name)
    }

    /// The root type of operations of this kind.
    pub fn root(&self, operation: parser::types::OperationType) -> &str {
        match operation {
            parser::types::OperationType::Query => &self.query,
            parser::types::OperationType::Mutation => &self.mutation,
            parser::types::OperationType::Subscription => &self.subscription,
        }
    }

    /// The field `name` of the type `ty`; none where validation will find fault.
    pub fn field(&self, ty: &str, name: &str) -> Option<&Entry> {
        self.fields.get(ty)?.get(name)
    }
}

fn entry(field: &FieldDefinition) -> (String, Entry) {
    let has = |name: &str| {
        field
            .arguments
            .iter()
            .any(|argument| argument.node.name.node == name)
    };
    let size = if has("first") || has("last") {
        Size::Page
    } else if has("ids") {
        Size::Ids
    } else {
        Size::One
    };
    let ty = named(&field.ty.node).to_owned();
    (
        field.name.node.to_string(),
        Entry {
            ty,
            size,
            weight: 0,
        },
    )
}

pub(super) fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}

/// The longest lists of the schema: introspection that goes in circles through types, fields and
/// their types multiplies them.
#[derive(Default)]
struct Longest {
    types: usize,
    fields: usize,
    arguments: usize,
    input_fields: usize,
    values: usize,
    interfaces: usize,
    members: usize,
}

impl Longest {
    fn see(&mut self, definition: &TypeDefinition) {
        self.types += 1;
        match &definition.kind {
            TypeKind::Object(object) => {
                self.see_fields(object.fields.iter().map(|field| &field.node));
                self.interfaces = self.interfaces.max(object.implements.len());
                // Every object may stand behind the one interface.
                self.members += usize::from(!object.implements.is_empty());
            }
            TypeKind::Interface(interface) => {
                self.see_fields(interface.fields.iter().map(|field| &field.node));
            }
            TypeKind::Union(union) => self.members = self.members.max(union.members.len()),
            TypeKind::Enum(of) => self.values = self.values.max(of.values.len()),
            TypeKind::InputObject(of) => {
                self.input_fields = self.input_fields.max(of.fields.len());
            }
            TypeKind::Scalar => {}
        }
    }

    fn see_fields<'f>(&mut self, fields: impl Iterator<Item = &'f FieldDefinition>) {
        let mut count = 0;
        for field in fields {
            count += 1;
            self.arguments = self.arguments.max(field.arguments.len());
        }
        self.fields = self.fields.max(count);
    }

    fn introspection<'t>(&self, query: &'t str) -> Vec<(&'t str, &'t str, &'t str, Size)> {
        /// Introspection's own types and directives, which the schema's text leaves out.
        const BUILT_IN: usize = 16;
        let fixed = |count: usize| Size::Fixed(u64::try_from(count).unwrap_or(u64::MAX));
        vec![
            (query, "__schema", "__Schema", Size::One),
            (query, "__type", "__Type", Size::One),
            ("__Schema", "types", "__Type", fixed(self.types + BUILT_IN)),
            ("__Schema", "queryType", "__Type", Size::One),
            ("__Schema", "mutationType", "__Type", Size::One),
            ("__Schema", "subscriptionType", "__Type", Size::One),
            ("__Schema", "directives", "__Directive", fixed(BUILT_IN)),
            ("__Directive", "args", "__InputValue", fixed(2)),
            ("__Type", "fields", "__Field", fixed(self.fields)),
            (
                "__Type",
                "inputFields",
                "__InputValue",
                fixed(self.input_fields),
            ),
            ("__Type", "enumValues", "__EnumValue", fixed(self.values)),
            ("__Type", "interfaces", "__Type", fixed(self.interfaces)),
            ("__Type", "possibleTypes", "__Type", fixed(self.members)),
            ("__Type", "ofType", "__Type", Size::One),
            ("__Field", "args", "__InputValue", fixed(self.arguments)),
            ("__Field", "type", "__Type", Size::One),
            ("__InputValue", "type", "__Type", Size::One),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_roots_types_and_sizes() {
        let table = Table::new(
            "schema { query: Q } type Q { all(first: Int): [[T!]!]! nodes(ids: [ID!]!): [T]! t: T }
             interface T { back(last: Int): Q! }",
        )
        .unwrap();
        let field = |ty, name| {
            table
                .field(ty, name)
                .map(|entry| (entry.ty.as_str(), entry.size))
        };
        assert_eq!(table.root(parser::types::OperationType::Query), "Q");
        assert_eq!(field("Q", "all"), Some(("T", Size::Page)));
        assert_eq!(field("Q", "nodes"), Some(("T", Size::Ids)));
        assert_eq!(field("Q", "t"), Some(("T", Size::One)));
        assert_eq!(field("T", "back"), Some(("Q", Size::Page)));
        assert_eq!(field("Q", "__schema"), Some(("__Schema", Size::One)));
        assert_eq!(field("__Type", "fields"), Some(("__Field", Size::Fixed(3))));
        assert_eq!(field("T", "nothing"), None);
    }
}
