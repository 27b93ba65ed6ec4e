//! Why a document is not even looked at further.

use async_graphql::{Pos, ServerError, parser};

use crate::{
    error::{
        code::ErrorCode,
        text::{ErrorText, document::DocumentText},
    },
    graphql::answer,
};

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
    Syntax(DocumentText, Vec<Pos>),
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
    /// What the document asks for is not what the schema has.
    Invalid(Vec<Fault>),
    /// Variables whose values are not of their types.
    Variables(Vec<Fault>),
}

/// One thing that is wrong with a document or its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is. It quotes names, not values.
    pub text: DocumentText,
    /// Where it stands in the document.
    pub pos: Option<Pos>,
}

impl Refusal {
    /// The stable word that a client may switch on.
    pub fn code(&self) -> &'static str {
        let texts = self.texts();
        // (Where there is no fault there is no refusal.)
        let first = texts.first().map(|(text, _)| text.code());
        first.unwrap_or(ErrorCode::GraphqlValidationFailed).word()
    }

    /// What is told of it, and where in the document that stands.
    fn texts(&self) -> Vec<(DocumentText, Vec<Pos>)> {
        let text = match *self {
            Self::TooManyTokens(limit) => DocumentText::TooManyTokens { limit },
            Self::TooDeep(limit) => DocumentText::TooDeep { limit },
            Self::TooManyAliases(limit) => DocumentText::TooManyAliases { limit },
            Self::TooManyDirectives(limit) => DocumentText::TooManyDirectives { limit },
            Self::TooManySelections(limit) => DocumentText::TooManySelections { limit },
            Self::TooManyValues(limit) => DocumentText::TooManyValues { limit },
            Self::TooManyNodes(limit) => DocumentText::TooManyNodes { limit },
            Self::Syntax(ref text, _) => text.clone(),
            Self::FragmentCycle(_) => DocumentText::FragmentCycle,
            Self::RepeatedMutation(_) => DocumentText::RepeatedMutation,
            Self::TooManyPasswords(_) => DocumentText::TooManyPasswords,
            Self::IntrospectionDisabled(_) => DocumentText::IntrospectionDisabled,
            Self::NoSuchOperation { named: true } => DocumentText::NoSuchOperation,
            Self::NoSuchOperation { named: false } => DocumentText::WhichOperation,
            Self::Invalid(ref faults) | Self::Variables(ref faults) => {
                let faults = faults.iter();
                return faults
                    .map(|fault| (fault.text.clone(), Vec::from_iter(fault.pos)))
                    .collect();
            }
        };
        vec![(text, self.locations())]
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
        let text = match &error {
            parser::Error::Syntax { message, .. } => match message.rsplit_once("\n  = ") {
                Some((_, expected)) => DocumentText::Unparsable {
                    said: format!("{}.", expected.trim()),
                },
                None => DocumentText::UnparsableAtAll,
            },
            parser::Error::MultipleOperations { .. } => DocumentText::NamelessOperation,
            parser::Error::OperationDuplicated { .. } => DocumentText::OperationTwice,
            parser::Error::FragmentDuplicated { .. } => DocumentText::FragmentTwice,
            parser::Error::MissingOperation => DocumentText::NoOperation,
            _ => DocumentText::UnparsableAtAll,
        };
        Self::Syntax(text, positions)
    }
}

impl From<Refusal> for Vec<ServerError> {
    fn from(refusal: Refusal) -> Self {
        let texts = refusal.texts().into_iter();
        let errors = texts.map(|(text, locations)| {
            let mut error = answer::error(ErrorText::from(text));
            error.locations = locations;
            error
        });
        errors.collect()
    }
}
