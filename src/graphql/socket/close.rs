//! Why a socket is closed, with the codes of the protocol.

use std::borrow::Cow;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes};

/// The longest reason that a close frame can carry, in bytes (RFC 6455, section 5.5).
const MAX_REASON: usize = 123;

/// Why a socket is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    code: u16,
    reason: Cow<'static, str>,
}

impl Close {
    /// The service stops; another one, or this one again, answers soon.
    pub const RESTART: Self = Self::of(1012, "The service restarts: connect again");
    /// The client does not read.
    pub const TOO_SLOW: Self = Self::of(
        1013,
        "Messages are not read in time: connect again and resume from your cursor",
    );
    /// An event could not be resolved in time.
    pub const INTERRUPTED: Self = Self::of(
        1013,
        "The service cannot read an event just now: connect again and resume from your cursor",
    );
    /// The database cannot say who the client is.
    pub const TRY_AGAIN: Self = Self::of(1013, "The service cannot do this just now: try again");
    /// A message larger than the limit.
    pub const TOO_BIG: Self = Self::of(1009, "The message is larger than the limit");
    /// A fault of the service.
    pub const BROKEN: Self = Self::of(1011, "Something went wrong on our side");
    /// `subscribe` before `connection_ack`.
    pub const UNAUTHORIZED: Self = Self::of(4401, "Unauthorized");
    /// A token that is not valid.
    pub const FORBIDDEN: Self = Self::of(4403, "Forbidden");
    /// The session has ended.
    pub const SIGNED_OUT: Self = Self::of(4403, "signed out");
    /// Another protocol than ours.
    pub const WRONG_PROTOCOL: Self = Self::of(4406, "Subprotocol not acceptable");
    /// No `connection_init` in time.
    pub const INIT_TIMEOUT: Self = Self::of(4408, "Connection initialisation timeout");
    /// A second `connection_init`.
    pub const SECOND_INIT: Self = Self::of(4429, "Too many initialisation requests");

    const fn of(code: u16, reason: &'static str) -> Self {
        Self {
            code,
            reason: Cow::Borrowed(reason),
        }
    }

    /// A message that is not of the protocol.
    pub fn malformed(reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: 4400,
            reason: reason.into(),
        }
    }

    /// An operation under an id that another one has.
    pub fn duplicate(id: &str) -> Self {
        const AROUND: usize = "Subscriber for  already exists".len();
        let id = cut(id, MAX_REASON - AROUND);
        Self {
            code: 4409,
            reason: format!("Subscriber for {id} already exists").into(),
        }
    }

    /// The code, for the log.
    pub fn code(&self) -> u16 {
        self.code
    }
}

impl From<Close> for Message {
    fn from(close: Close) -> Self {
        Self::Close(Some(CloseFrame {
            code: close.code,
            reason: Utf8Bytes::from(cut(&close.reason, MAX_REASON)),
        }))
    }
}

/// As much of `text` as fits into `max` bytes.
fn cut(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_fits_into_its_frame() {
        for id in ["x".repeat(1_000), "足".repeat(1_000)] {
            let close = Close::duplicate(&id);
            assert!(close.reason.len() <= MAX_REASON);
            assert!(close.reason.ends_with("already exists"));
        }
        let Message::Close(Some(frame)) = Message::from(Close::malformed("足".repeat(100))) else {
            panic!("no close frame");
        };
        assert_eq!(frame.reason.len(), MAX_REASON);
    }
}
