//! What a mutation refuses: the `userErrors` of its payload.

pub mod code;
mod mend;
mod node;
pub mod reason;

use serde::{Deserialize, Deserializer, Serialize};

use self::{
    code::UserErrorCode,
    reason::{Reason, people::PeopleReason, thing::Thing},
};
use crate::{error::Error, language::Language};

/// Why a mutation did not do what was asked, and which part of the input to mend.
///
/// Kept with an idempotency key it is the reason and its values: a text is made of them as it is read, in the
/// language of who reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept", into = "Kept")]
pub struct UserError {
    /// The reason, for programs.
    pub code: UserErrorCode,
    /// The path of the input field that is to be mended, from the input's top; none if no single
    /// field is at fault.
    pub field: Option<Vec<String>>,
    why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Why {
    Reason(Reason),
    /// In English alone: what another version kept, whose reasons are not all known here.
    Said(String),
}

/// Its form in the database.
#[derive(Serialize, Deserialize)]
struct Kept {
    code: UserErrorCode,
    /// For a version that knows no reasons, or not this one.
    message: String,
    field: Option<Vec<String>>,
    #[serde(default, deserialize_with = "if_known")]
    reason: Option<Reason>,
}

fn if_known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Reason>, D::Error> {
    let kept = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(kept).unwrap_or_default())
}

impl From<Kept> for UserError {
    fn from(kept: Kept) -> Self {
        Self {
            code: kept.code,
            field: kept.field,
            why: match kept.reason {
                Some(reason) => Why::Reason(reason),
                None => Why::Said(kept.message),
            },
        }
    }
}

impl From<UserError> for Kept {
    fn from(error: UserError) -> Self {
        Self {
            code: error.code,
            message: error.say(Language::English),
            field: error.field,
            reason: match error.why {
                Why::Reason(reason) => Some(reason),
                Why::Said(_) => None,
            },
        }
    }
}

impl UserError {
    /// A reason that no single field of the input is at fault for.
    pub fn new(reason: impl Into<Reason>) -> Self {
        let reason = reason.into();
        Self {
            code: reason.code(),
            field: None,
            why: Why::Reason(reason),
        }
    }

    /// There is no `thing`, or none that the viewer may see.
    pub fn absent(thing: Thing) -> Self {
        Self::new(PeopleReason::Absent { thing })
    }

    /// A reason with the field of the input to mend.
    pub fn on(field: &str, reason: impl Into<Reason>) -> Self {
        Self::new(reason).at(Some(vec![field.to_owned()]))
    }

    /// The same, where the path of what to mend is `field`.
    #[must_use]
    pub fn at(self, field: Option<Vec<String>>) -> Self {
        Self { field, ..self }
    }

    /// The same, where the field stands within `field` of the input.
    pub fn within(mut self, field: &str) -> Self {
        if let Some(path) = &mut self.field {
            path.insert(0, field.to_owned());
        }
        self
    }

    /// The reason, for people who read `language`.
    pub fn say(&self, language: Language) -> String {
        match &self.why {
            Why::Reason(reason) => reason.say(language),
            Why::Said(english) => english.clone(),
        }
    }
}

/// Why a mutation was not carried out.
#[derive(Clone, Debug)]
pub enum Rejection {
    /// Rules of the domain stood against it: `userErrors`.
    Refused(Vec<UserError>),
    /// Something else went wrong: top-level `errors`.
    Failed(Error),
}

impl Rejection {
    /// Why, in words for who holds the service: also what a client is not told.
    pub fn in_words(&self) -> String {
        match self {
            Self::Refused(reasons) => {
                let reasons = reasons.iter().map(|reason| reason.say(Language::English));
                reasons.collect::<Vec<_>>().join(" ")
            }
            Self::Failed(error) => match error.detail() {
                Some(detail) => format!("{error} ({detail})"),
                None => error.to_string(),
            },
        }
    }
}

impl From<UserError> for Rejection {
    fn from(error: UserError) -> Self {
        Self::Refused(vec![error])
    }
}

impl<E: Into<Error>> From<E> for Rejection {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// What a mutation came to: its outcome, or the reasons why there is none.
pub type Answer<T> = Result<T, Vec<UserError>>;

/// Turns refusals into the payload's `userErrors`, and lets other failures be errors.
///
/// # Errors
/// Whatever is not the domain's own refusal.
pub fn answer<T>(done: Result<T, Rejection>) -> Result<Answer<T>, Error> {
    match done {
        Ok(outcome) => Ok(Ok(outcome)),
        Err(Rejection::Refused(errors)) => Ok(Err(errors)),
        Err(Rejection::Failed(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::reason::{account::AccountReason, text::TextReason};

    #[test]
    fn what_is_kept_is_said_in_whatever_language_is_read() {
        let until = "2006-05-03T00:00:00Z".parse().unwrap();
        for error in [
            UserError::on("title", TextReason::TooLong { limit: 100 }).within("input"),
            UserError::absent(Thing::Footprint),
            UserError::new(AccountReason::DataExportTooSoon { until }),
        ] {
            let kept = serde_json::to_string(&error).unwrap();
            let read: UserError = serde_json::from_str(&kept).unwrap();
            assert_eq!(read, error);
            let japanese = read.say(Language::Japanese);
            assert!(!japanese.is_ascii(), "{japanese}");
            assert_eq!(japanese, error.say(Language::Japanese));
        }
    }

    #[test]
    fn what_another_version_kept_is_said_as_it_was() {
        let older = r#"{"code":"NotFound","message":"There is no such diary.","field":null}"#;
        let newer = r#"{"code":"NotFound","message":"There is no such diary.","field":null,
            "reason":{"Unheard":{"Of":{"limit":1}}}}"#;
        for kept in [older, newer] {
            let read: UserError = serde_json::from_str(kept).unwrap();
            assert_eq!(read.code, UserErrorCode::NotFound);
            for language in Language::ALL {
                assert_eq!(read.say(language), "There is no such diary.");
            }
        }
        // And an older version reads what this one keeps.
        let kept = serde_json::to_value(UserError::absent(Thing::Diary)).unwrap();
        assert_eq!(kept["message"], "There is no such diary.");
        assert_eq!(kept["code"], "NotFound");
    }
}
