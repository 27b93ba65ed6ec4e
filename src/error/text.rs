//! What clients are told of errors, in each language.

pub mod document;
pub mod request;
pub mod service;

use super::code::ErrorCode;
use crate::message::all_messages;
use document::DocumentText;
use request::RequestText;
use service::ServiceText;

all_messages! {
    /// What a client is told of an error.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum ErrorText: ErrorCode {
        /// Of one that the service raises as it answers.
        Service(ServiceText),
        /// Of a document, or its variables.
        Document(DocumentText),
        /// Of a request, or a message.
        Request(RequestText),
    }
}
