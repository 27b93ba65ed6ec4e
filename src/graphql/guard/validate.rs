//! The specification's rules of validation (its section 5), which the engine holds in part.

use anyhow::anyhow;
use apollo_compiler::{
    ExecutableDocument, Schema, ast,
    diagnostic::ToCliReport,
    parser::SourceSpan,
    validation::{DiagnosticList, Valid},
};
use async_graphql::Pos;

use super::{
    refusal::{Fault, Refusal},
    scan::position,
};
use crate::error::text::document::DocumentText;

/// More faults of one document than anybody reads.
pub(super) const MAX_FAULTS: usize = 20;

/// The schema that the service publishes, for the compiler that validates against it.
pub(super) fn schema(sdl: &str) -> anyhow::Result<Valid<Schema>> {
    let parsed = Schema::parse_and_validate(sdl, "schema.graphql");
    parsed.map_err(|invalid| anyhow!("the schema is none: {}", invalid.errors))
}

/// A document that is valid, with its types.
#[derive(Debug)]
pub(super) struct Document {
    /// As it was written.
    pub text: String,
    /// As the compiler has it.
    pub typed: Valid<ExecutableDocument>,
}

impl Document {
    /// Reads `text`. Every limit has to be held before: the compiler's own are generous.
    ///
    /// # Errors
    /// [`Refusal::Syntax`], and [`Refusal::Invalid`] with what is wrong.
    pub fn new(schema: &Valid<Schema>, text: &str) -> Result<Self, Refusal> {
        let parsed =
            ast::Document::parse(text, "document.graphql").map_err(|broken| {
                match faults(text, &broken.errors).into_iter().next() {
                    Some((said, pos)) => {
                        Refusal::Syntax(DocumentText::Unparsable { said }, Vec::from_iter(pos))
                    }
                    None => Refusal::Syntax(DocumentText::UnparsableAtAll, Vec::new()),
                }
            })?;
        let typed = parsed.to_executable_validate(schema);
        let typed = typed.map_err(|invalid| {
            let faults = faults(text, &invalid.errors).into_iter();
            Refusal::Invalid(
                faults
                    .map(|(said, pos)| Fault {
                        text: DocumentText::Invalid { said },
                        pos,
                    })
                    .collect(),
            )
        })?;
        Ok(Self {
            text: text.to_owned(),
            typed,
        })
    }

    /// Where a part of the document begins.
    pub fn pos(&self, part: Option<SourceSpan>) -> Option<Pos> {
        begins(&self.text, part)
    }
}

/// What the compiler says, and where it found it.
fn faults(text: &str, errors: &DiagnosticList) -> Vec<(String, Option<Pos>)> {
    let errors = errors.iter().take(MAX_FAULTS);
    let faults = errors.map(|diagnostic| {
        let said = sentence(&diagnostic.error.to_string());
        (said, begins(text, diagnostic.error.location()))
    });
    faults.collect()
}

/// (The compiler's own columns count bytes.)
fn begins(text: &str, part: Option<SourceSpan>) -> Option<Pos> {
    part.map(|part| position(text, part.offset()))
}

/// The compiler's messages are half-sentences in small letters.
pub(super) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}
