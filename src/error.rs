//! The one mapping from what goes wrong to what a client is told.
//!
//! An [`Error`] is what the client or the server did wrong: it stands in a response's `errors`
//! with `extensions.code`. What a person mends (a title too long, a friend limit) is a
//! [`Rejection`](crate::rejection::Rejection) in the payload's `userErrors` instead.

pub mod code;
pub mod text;

use std::{
    fmt::{Display, Formatter},
    sync::Arc,
};

use sea_orm::{DbErr, RuntimeErr, SqlxError, sqlx::postgres::PgDatabaseError};

use self::text::{ErrorText, service::ServiceText};
use crate::language::Language;

/// What went wrong outside of the domain's rules. Shown, it is what a client is told, in English.
#[derive(Clone, Debug)]
pub enum Error {
    /// The operation needs a signed-in user.
    SignInRequired,
    /// A token was sent that names no living session.
    InvalidToken,
    /// The viewer lacks the role.
    Forbidden,
    /// The viewer has wished the account away.
    Leaving,
    /// A global id that cannot be read, or that names another type.
    InvalidId(ServiceText),
    /// A cursor that this connection never gave.
    InvalidCursor,
    /// `first` and `last` out of their range, or together.
    InvalidPage(ServiceText),
    /// An argument that no rule of the domain covers.
    InvalidArgument(ServiceText),
    /// The answer would have more than so many bytes, or far more was read for it.
    ResponseTooLarge(u64),
    /// As many passwords are being checked as can be, for all or for the caller's address.
    TooManySignIns,
    /// So many have signed in from the caller's address that for so many seconds nobody else can.
    TooManySignInsFrom(u64),
    /// So many have signed up from the caller's address that for so many seconds nobody else can.
    TooManySignUps(u64),
    /// So many passwords were wrong that no more is looked at for so many seconds.
    TooManyGuesses(u64),
    /// So many codes were wrong that no more is looked at for so many seconds.
    TooManyCodes(u64),
    /// The caller's points are used up: in so many seconds there are enough.
    Throttled(u64),
    /// The operation costs so many points, of so many in an hour.
    TooExpensive(u32, u32),
    /// Something needs a key of the service's own that it was not given.
    KeyMissing,
    /// The same idempotency key came with another input.
    IdempotencyKeyReused,
    /// The database is busy, full, read-only or away.
    Unavailable(Arc<str>),
    /// The transaction met another's, and was undone; it is run again before anybody hears of it.
    Conflict(Arc<str>),
    /// The connection to the database broke while a change was being committed.
    OutcomeUnknown(Arc<str>),
    /// A mutation was carried out, and what it came to could not be read.
    NotShown(Arc<str>),
    /// A fault of the service. The text is for the log alone.
    Internal(Arc<str>),
}

impl Error {
    /// What a client is told.
    pub fn text(&self) -> ErrorText {
        let text = match *self {
            Self::SignInRequired => ServiceText::SignInRequired,
            Self::InvalidToken => ServiceText::InvalidToken,
            Self::Forbidden => ServiceText::Forbidden,
            Self::Leaving => ServiceText::Leaving,
            Self::InvalidId(ref text)
            | Self::InvalidPage(ref text)
            | Self::InvalidArgument(ref text) => text.clone(),
            Self::InvalidCursor => ServiceText::InvalidCursor,
            Self::ResponseTooLarge(limit) => ServiceText::ResponseTooLarge { limit },
            Self::TooManySignIns => ServiceText::TooManySignIns,
            Self::TooManySignInsFrom(retry_after) => {
                ServiceText::TooManySignInsFrom { retry_after }
            }
            Self::TooManySignUps(retry_after) => ServiceText::TooManySignUps { retry_after },
            Self::TooManyGuesses(retry_after) => ServiceText::TooManyGuesses { retry_after },
            Self::TooManyCodes(retry_after) => ServiceText::TooManyCodes { retry_after },
            Self::Throttled(retry_after) => ServiceText::Throttled { retry_after },
            Self::TooExpensive(cost, limit) => ServiceText::TooExpensive { cost, limit },
            Self::KeyMissing => ServiceText::KeyMissing,
            Self::IdempotencyKeyReused => ServiceText::IdempotencyKeyReused,
            Self::Unavailable(_) | Self::Conflict(_) => ServiceText::Unavailable,
            Self::OutcomeUnknown(_) => ServiceText::OutcomeUnknown,
            Self::NotShown(_) => ServiceText::NotShown,
            Self::Internal(_) => ServiceText::Internal,
        };
        text.into()
    }

    /// The stable word that a client may switch on.
    pub fn code(&self) -> &'static str {
        self.text().code().word()
    }

    /// In how many seconds the same may be done, where that is what stands against it.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManySignInsFrom(seconds)
            | Self::TooManySignUps(seconds)
            | Self::TooManyGuesses(seconds)
            | Self::TooManyCodes(seconds)
            | Self::Throttled(seconds) => Some(*seconds),
            _ => None,
        }
    }

    /// What the log says and the client does not hear.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Unavailable(detail)
            | Self::Conflict(detail)
            | Self::OutcomeUnknown(detail)
            | Self::NotShown(detail)
            | Self::Internal(detail) => Some(detail),
            _ => None,
        }
    }

    /// The same where it came after the commit of what it is about: nothing of ours says then that
    /// nothing was changed.
    #[must_use]
    pub fn after_commit(self) -> Self {
        match self {
            Self::Unavailable(detail) | Self::Conflict(detail) | Self::Internal(detail) => {
                Self::NotShown(detail)
            }
            other => other,
        }
    }

    /// A fault of the service, from whatever tells of it.
    pub fn internal(cause: impl Display) -> Self {
        Self::Internal(cause.to_string().into())
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text().say(Language::English))
    }
}

impl std::error::Error for Error {}

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        let detail = cause.to_string().into();
        match fault(&cause) {
            Fault::Unavailable => Self::Unavailable(detail),
            Fault::Conflict => Self::Conflict(detail),
            Fault::Ours => Self::Internal(detail),
        }
    }
}

/// Whether a reading statement failed because its connection was lost.
pub fn is_lost(error: &DbErr) -> bool {
    let DbErr::Query(RuntimeErr::SqlxError(error)) = error else {
        return false;
    };
    match error.as_ref() {
        SqlxError::Io(_) | SqlxError::WorkerCrashed => true,
        // PostgreSQL's: that it is away, or ends this connection.
        SqlxError::Database(error) => error
            .code()
            .is_some_and(|code| code.starts_with("08") || code.starts_with("57P")),
        _ => false,
    }
}

/// Why the database refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// For its own state's sake, not for the statement's.
    Unavailable,
    /// For another transaction's sake.
    Conflict,
    /// For the statement's sake.
    Ours,
}

fn fault(cause: &DbErr) -> Fault {
    match cause {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Fault::Unavailable,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match error.as_ref() {
                SqlxError::Database(error) => {
                    let code = error.code().unwrap_or_default();
                    match error.try_downcast_ref::<PgDatabaseError>() {
                        Some(_) => postgres_fault(&code),
                        None => sqlite_fault(&code, error.message()),
                    }
                }
                SqlxError::Io(_)
                | SqlxError::PoolTimedOut
                | SqlxError::PoolClosed
                | SqlxError::WorkerCrashed => Fault::Unavailable,
                _ => Fault::Ours,
            }
        }
        _ => Fault::Ours,
    }
}

/// SQLite's result codes for a database that is busy, locked, out of memory, read-only,
/// interrupted, at fault on disk, full, or not to be opened: <https://www.sqlite.org/rescode.html>.
/// That a table or a column is missing, as after a step that was taken back, has no code of its own.
fn sqlite_fault(code: &str, message: &str) -> Fault {
    let missing = ["no such table", "no such column"];
    match code.parse::<u32>().unwrap_or_default() & 0xff {
        5..=10 | 13 | 14 => Fault::Unavailable,
        1 if missing.iter().any(|it| message.starts_with(it)) => Fault::Unavailable,
        _ => Fault::Ours,
    }
}

/// PostgreSQL's: a lost connection, a lack of resources, an operator who stops it, a fault of its
/// machine, a lock that did not come in time, a server that only reads, a table or a column that is
/// not there, as after a step that was taken back; serialization failures, deadlocks, a key that another wrote or removed in that moment: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn postgres_fault(code: &str) -> Fault {
    match code {
        // What is looked up before it is written can come between, from another server.
        "40001" | "40P01" | "23505" | "23503" => Fault::Conflict,
        "55P03" | "25006" | "25P03" | "42P01" | "42703" => Fault::Unavailable,
        _ if ["08", "53", "57", "58"]
            .iter()
            .any(|class| code.starts_with(class)) =>
        {
            Fault::Unavailable
        }
        _ => Fault::Ours,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_refuses_for_different_reasons() {
        for code in [
            "08006", "53300", "57P01", "57014", "58030", "55P03", "25006", "42P01", "42703",
        ] {
            assert_eq!(postgres_fault(code), Fault::Unavailable, "{code}");
        }
        for code in ["40001", "40P01", "23505", "23503"] {
            assert_eq!(postgres_fault(code), Fault::Conflict, "{code}");
        }
        for code in ["42883", "22P02", ""] {
            assert_eq!(postgres_fault(code), Fault::Ours, "{code}");
        }
        for code in ["5", "517", "13", "2570"] {
            assert_eq!(sqlite_fault(code, ""), Fault::Unavailable, "{code}");
        }
        let missing = sqlite_fault("1", "no such table: users");
        assert_eq!(missing, Fault::Unavailable);
        for code in ["1", "2067", "19", ""] {
            assert_eq!(sqlite_fault(code, ""), Fault::Ours, "{code}");
        }
    }
}
