//! A reason as the API shows it.

use async_graphql::{Context, Object};

use super::{UserError, Why, code::UserErrorCode};
use crate::{graphql::scalar::DateTime, language::Language, message::Figure, paging::int};

/// Why a mutation did not do what was asked, and which part of the input to mend. What the message names in
/// figures stands in fields of their own, too: `docs/errors.md` lists every code with its messages and its figures.
#[Object]
impl UserError {
    /// The reason, for programs.
    async fn code(&self) -> UserErrorCode {
        self.code
    }

    /// The reason, for people: in English or in Japanese, by the request's `Accept-Language` (over a websocket that
    /// of the request that became one, or `acceptLanguage` in the payload of `connection_init`); in English if
    /// neither is wished.
    async fn message(&self, ctx: &Context<'_>) -> String {
        self.say(Language::of_operation(ctx))
    }

    /// The path of the input field that is to be mended, from the input's top; null if no single
    /// field is at fault.
    async fn field(&self) -> &Option<Vec<String>> {
        &self.field
    }

    /// The least that is possible, where that is what stands against it: of whatever the code is about, such as
    /// characters for PASSWORD_TOO_SHORT, years for TOO_YOUNG.
    async fn minimum(&self) -> Option<i32> {
        self.number("minimum")
    }

    /// The most that is possible, where that is what stands against it: of whatever the code is about, such as
    /// characters for TEXT_TOO_LONG, friends for FRIEND_LIMIT_REACHED. Space is in bytes.
    async fn limit(&self) -> Option<i32> {
        self.number("limit")
    }

    /// Until when it stands against it, where that is known: when it is possible again.
    async fn until(&self) -> Option<DateTime> {
        self.figure("until").and_then(|figure| match figure {
            Figure::Time(time) => Some(time.into()),
            _ => None,
        })
    }

    /// In how many seconds it is possible again, where that is known.
    async fn retry_after(&self) -> Option<i32> {
        self.number("retry_after")
    }
}

impl UserError {
    fn figure(&self, name: &str) -> Option<Figure> {
        let Why::Reason(reason) = &self.why else {
            return None;
        };
        let mut values = reason.values().into_iter();
        values.find_map(|(named, figure)| (named == name).then_some(figure))
    }

    fn number(&self, name: &str) -> Option<i32> {
        self.figure(name).and_then(|figure| match figure {
            Figure::Number(number) | Figure::Space(number) => Some(int(number)),
            _ => None,
        })
    }
}
