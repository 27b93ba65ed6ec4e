//! Why an operation has no result of its own.

use super::answer::{Answer, server_error};
use crate::error::{Error, text::service::ServiceText};

/// Why an execution has no result.
#[derive(Clone, Debug)]
pub enum Failure {
    /// There are not points enough for it.
    Throttled(Error),
    /// Its result is too large.
    TooLarge(Error),
    /// It is not for who asks.
    NotTheirs(Error),
    /// The database did not let it begin.
    NotBegun(Error),
    /// It did not end in time.
    TooLong,
    /// It panicked.
    Broken,
}

impl Failure {
    /// What the client is told.
    pub fn answer(self, request_id: &str) -> Answer {
        match self {
            Self::Throttled(error)
            | Self::TooLarge(error)
            | Self::NotTheirs(error)
            | Self::NotBegun(error) => Answer::refused(server_error(error), request_id),
            Self::TooLong => Answer::because(ServiceText::Timeout),
            Self::Broken => Answer::broken(request_id),
        }
    }
}
