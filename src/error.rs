//! The one mapping from what goes wrong to what a client is told.
//!
//! An [`Error`] is what the client or the server did wrong: it stands in a response's `errors`
//! with `extensions.code`. What a person mends (a title too long, a friend limit) is a
//! [`Rejection`](crate::rejection::Rejection) in the payload's `userErrors` instead.

use std::sync::Arc;

use sea_orm::{DbErr, RuntimeErr, SqlxError};

/// What went wrong outside of the domain's rules.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The operation needs a signed-in user.
    #[error("Sign in first: this needs a bearer token.")]
    SignInRequired,
    /// A token was sent that names no living session.
    #[error("The token is not valid or has expired. Sign in again.")]
    InvalidToken,
    /// The viewer lacks the role.
    #[error("Only an administrator may do this.")]
    Forbidden,
    /// A global id that cannot be read, or that names another type.
    #[error("{0}")]
    InvalidId(String),
    /// A cursor that this connection never gave.
    #[error(
        "The cursor is not one that this connection gave. Use a `cursor` or `endCursor` of it, unchanged."
    )]
    InvalidCursor,
    /// `first` and `last` out of their range, or together.
    #[error("{0}")]
    InvalidPage(String),
    /// An argument that no rule of the domain covers.
    #[error("{0}")]
    InvalidArgument(String),
    /// The answer would have more than so many bytes, or far more was read for it.
    #[error(
        "The answer would have more than {0} bytes: ask for smaller pages, or for less of each node. What a mutation did stays."
    )]
    ResponseTooLarge(u64),
    /// The same idempotency key came with another input.
    #[error(
        "This idempotencyKey was used before with another input. Use a new key for a new input."
    )]
    IdempotencyKeyReused,
    /// The database is busy, full, read-only or away.
    #[error("The service cannot do this just now. Nothing was changed; try again.")]
    Unavailable(Arc<str>),
    /// A fault of the service. The text is for the log alone.
    #[error("Something went wrong on our side.")]
    Internal(Arc<str>),
}

impl Error {
    /// The stable word that a client may switch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignInRequired | Self::InvalidToken => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::InvalidId(_) => "INVALID_ID",
            Self::InvalidCursor => "INVALID_CURSOR",
            Self::InvalidPage(_) => "INVALID_PAGE",
            Self::InvalidArgument(_) => "INVALID_ARGUMENT",
            Self::ResponseTooLarge(_) => "RESPONSE_TOO_LARGE",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::Unavailable(_) => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// What the log says and the client does not hear.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Unavailable(detail) | Self::Internal(detail) => Some(detail),
            _ => None,
        }
    }

    /// A fault of the service, from whatever tells of it.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string().into())
    }
}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        if is_unavailable(&cause) {
            Self::Unavailable(cause.to_string().into())
        } else {
            Self::Internal(cause.to_string().into())
        }
    }
}

/// Whether the database refused for its own state's sake, not for the statement's.
fn is_unavailable(cause: &DbErr) -> bool {
    match cause {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match error.as_ref() {
                SqlxError::Database(error) => error
                    .code()
                    .and_then(|code| code.parse::<u32>().ok())
                    .is_some_and(is_sqlite_storage_fault),
                SqlxError::Io(_)
                | SqlxError::PoolTimedOut
                | SqlxError::PoolClosed
                | SqlxError::WorkerCrashed => true,
                _ => false,
            }
        }
        _ => false,
    }
}

/// SQLite's result codes for a database that is busy, locked, out of memory, read-only,
/// interrupted, at fault on disk, full, or not to be opened: <https://www.sqlite.org/rescode.html>.
fn is_sqlite_storage_fault(code: u32) -> bool {
    matches!(code & 0xff, 5 | 6 | 7 | 8 | 9 | 10 | 13 | 14)
}
