//! Why we end a stream of events, in its last words.

use crate::graphql::{
    answer::Answer,
    http::event::{COMPLETE, refused},
};

/// The last words of a stream that we end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Last {
    /// The code of the error that says why.
    pub code: &'static str,
    message: &'static str,
    /// Whether the operation is over. Otherwise the client is to come again.
    is_over: bool,
}

impl Last {
    /// The service stops; another one, or this one again, answers soon.
    pub const RESTART: Self = Self {
        code: "UNAVAILABLE",
        message: "The service restarts: connect again and resume from your cursor.",
        is_over: false,
    };
    /// The client does not read.
    pub const TOO_SLOW: Self = Self {
        code: "TOO_SLOW",
        message: "Events are not read in time: connect again and resume from your cursor.",
        is_over: false,
    };
    /// An event could not be resolved in time.
    pub const INTERRUPTED: Self = Self {
        code: "UNAVAILABLE",
        message: "The service cannot read an event just now: connect again and resume from your cursor.",
        is_over: false,
    };
    /// The session has ended.
    pub const SIGNED_OUT: Self = Self {
        code: "UNAUTHENTICATED",
        message: "Your session has ended. Sign in again.",
        is_over: true,
    };
    /// A fault of the service.
    pub const BROKEN: Self = Self {
        code: "INTERNAL",
        message: "Something went wrong on our side.",
        is_over: true,
    };

    /// As events.
    pub fn words(self) -> String {
        let why = refused(&Answer::because(self.code, self.message));
        if self.is_over { why + COMPLETE } else { why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_to_come_again_hears_no_complete() {
        for (last, is_over) in [
            (Last::RESTART, false),
            (Last::TOO_SLOW, false),
            (Last::INTERRUPTED, false),
            (Last::SIGNED_OUT, true),
            (Last::BROKEN, true),
        ] {
            let code = format!("\"code\":\"{}\"", last.code);
            let words = last.words();
            assert!(words.starts_with("event: next\n") && words.contains(&code));
            assert_eq!(words.ends_with(COMPLETE), is_over, "{words}");
        }
    }
}
