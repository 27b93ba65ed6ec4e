//! Why a document is not even looked at further.

use async_graphql::{ErrorExtensionValues, Pos, ServerError, parser};

use crate::graphql::answer::cut;

/// Why a document is not executed. Each reason has its own code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// More tokens than the limit.
    TooManyTokens(u32),
    /// Fields, fragments or brackets lie deeper in one another than the limit.
    TooDeep(u32),
    /// More aliases and repeated fields than the limit.
    TooManyAliases(u32),
    /// More directives than the limit.
    TooManyDirectives(u32),
    /// More selections than the limit, once the fragments are spread.
    TooManySelections(u32),
    /// More values in arguments than the limit, variables put in.
    TooManyValues(u32),
    /// More nodes than the limit, by the page sizes.
    TooManyNodes(u32),
    /// The text is no GraphQL document.
    Syntax(String, Vec<Pos>),
    /// A fragment that spreads itself.
    FragmentCycle(Pos),
    /// A mutation that has a root field twice under one name.
    RepeatedMutation(Pos),
    /// A mutation that signs in or up more than once.
    TooManyPasswords(Pos),
    /// It asks for the schema, which is not told here.
    IntrospectionDisabled(Pos),
    /// No operation of the document has the name, or there are several and no name.
    NoSuchOperation {
        /// Whether the request named one.
        named: bool,
    },
    /// There is no document that is called so.
    UnknownDocument,
    /// It is none of the documents that alone are taken here.
    NotTrusted,
    /// Nothing is kept under the hash (any more): it is to be sent again with its text.
    PersistedQueryNotFound,
    /// Nothing is kept here, or not in that way.
    PersistedQueryNotSupported,
    /// The hash is another text's.
    PersistedQueryMismatch,
    /// What the document asks for is not what the schema has.
    Invalid(Vec<Fault>),
    /// Variables whose values are not of their types.
    Variables(Vec<Fault>),
}

/// One thing that is wrong with a document or its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A sentence. It quotes names, not values.
    pub message: String,
    /// Where it stands in the document.
    pub pos: Option<Pos>,
}

impl Refusal {
    /// The stable word that a client may switch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyTokens(_) => "DOCUMENT_TOO_MANY_TOKENS",
            Self::TooDeep(_) => "DOCUMENT_TOO_DEEP",
            Self::TooManyAliases(_) => "DOCUMENT_TOO_MANY_ALIASES",
            Self::TooManyDirectives(_) => "DOCUMENT_TOO_MANY_DIRECTIVES",
            Self::TooManySelections(_) => "DOCUMENT_TOO_MANY_SELECTIONS",
            Self::TooManyValues(_) => "DOCUMENT_TOO_MANY_VALUES",
            Self::TooManyNodes(_) => "DOCUMENT_TOO_MANY_NODES",
            Self::TooManyPasswords(_) => "DOCUMENT_TOO_MANY_PASSWORDS",
            Self::IntrospectionDisabled(_) => "INTROSPECTION_DISABLED",
            Self::Syntax(..) => "GRAPHQL_PARSE_FAILED",
            Self::FragmentCycle(_) | Self::RepeatedMutation(_) | Self::Invalid(_) => {
                "GRAPHQL_VALIDATION_FAILED"
            }
            Self::NoSuchOperation { .. } => "OPERATION_RESOLUTION_FAILED",
            Self::UnknownDocument => "TRUSTED_DOCUMENT_NOT_FOUND",
            Self::NotTrusted => "TRUSTED_DOCUMENT_REQUIRED",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::PersistedQueryMismatch => "PERSISTED_QUERY_MISMATCH",
            Self::Variables(_) => "BAD_USER_INPUT",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::TooManyTokens(limit) => {
                format!("The document has more than {limit} tokens. Ask in several requests.")
            }
            Self::TooDeep(limit) => format!(
                "The document nests more than {limit} levels. Ask for what lies deeper in a \
                 request of its own."
            ),
            Self::TooManyAliases(limit) => {
                format!("The document has more than {limit} aliases and repeated fields.")
            }
            Self::TooManyDirectives(limit) => {
                format!("The document has more than {limit} directives.")
            }
            Self::TooManySelections(limit) => format!(
                "The document has more than {limit} selections once its fragments are spread."
            ),
            Self::TooManyValues(limit) => format!(
                "The document's arguments have more than {limit} values once the variables are \
                 put in."
            ),
            Self::TooManyNodes(limit) => format!(
                "The operation could return more than {limit} nodes. Ask for smaller pages with \
                 `first` or `last`: each multiplies what is under it, and counts as 20 if left \
                 out."
            ),
            Self::Syntax(message, _) => message.clone(),
            Self::FragmentCycle(_) => "A fragment spreads itself.".to_owned(),
            Self::RepeatedMutation(_) => {
                "A mutation has each root field once under one name: give the others an alias."
                    .to_owned()
            }
            Self::TooManyPasswords(_) => {
                "A document can have 1 password or code: send each in a request of its own."
                    .to_owned()
            }
            Self::IntrospectionDisabled(_) => {
                "This service does not tell its schema: `schema.graphql` has it.".to_owned()
            }
            Self::NoSuchOperation { named: true } => {
                "The document has no operation with the name in `operationName`.".to_owned()
            }
            Self::NoSuchOperation { named: false } => {
                "The document has several operations: say which in `operationName`.".to_owned()
            }
            Self::UnknownDocument => {
                "This service knows no document by this id: it is in none of its manifests.".to_owned()
            }
            Self::NotTrusted => "This service runs trusted documents alone: send the `documentId` of one in the \
                                 place of `query`."
                .to_owned(),
            // In these words: some clients look at them, and not at the code.
            Self::PersistedQueryNotFound => "PersistedQueryNotFound".to_owned(),
            Self::PersistedQueryNotSupported => "PersistedQueryNotSupported".to_owned(),
            Self::PersistedQueryMismatch => {
                "The `sha256Hash` is not that of the document in `query`, in hexadecimal with small letters."
                    .to_owned()
            }
            Self::Invalid(faults) | Self::Variables(faults) => {
                let messages = faults.iter().map(|fault| fault.message.as_str());
                messages.collect::<Vec<_>>().join(" ")
            }
        }
    }

    fn locations(&self) -> Vec<Pos> {
        match self {
            Self::Syntax(_, positions) => positions.clone(),
            Self::FragmentCycle(pos)
            | Self::RepeatedMutation(pos)
            | Self::IntrospectionDisabled(pos)
            | Self::TooManyPasswords(pos) => vec![*pos],
            _ => Vec::new(),
        }
    }
}

/// The parser draws the line of the document that it fails at; only what it expected is passed on.
impl From<parser::Error> for Refusal {
    fn from(error: parser::Error) -> Self {
        let positions = error.positions().collect();
        let message = match &error {
            parser::Error::Syntax { message, .. } => match message.rsplit_once("\n  = ") {
                Some((_, expected)) => {
                    format!("The document cannot be parsed: {}.", expected.trim())
                }
                None => "The document cannot be parsed.".to_owned(),
            },
            parser::Error::MultipleOperations { .. } => {
                "An operation without a name must be the document's only one.".to_owned()
            }
            parser::Error::OperationDuplicated { .. } => {
                "Two operations of the document have the same name.".to_owned()
            }
            parser::Error::FragmentDuplicated { .. } => {
                "Two fragments of the document have the same name.".to_owned()
            }
            parser::Error::MissingOperation => "The document has no operation.".to_owned(),
            _ => "The document cannot be parsed.".to_owned(),
        };
        Self::Syntax(message, positions)
    }
}

impl From<Refusal> for Vec<ServerError> {
    fn from(refusal: Refusal) -> Self {
        let code = refusal.code();
        let error = |message: String, locations| {
            let mut extensions = ErrorExtensionValues::default();
            extensions.set("code", code);
            let mut error = ServerError::new(cut(message), None);
            error.locations = locations;
            error.extensions = Some(extensions);
            error
        };
        match refusal {
            Refusal::Invalid(faults) | Refusal::Variables(faults) => faults
                .into_iter()
                .map(|fault| error(fault.message, Vec::from_iter(fault.pos)))
                .collect(),
            other => vec![error(other.message(), other.locations())],
        }
    }
}
