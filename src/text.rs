//! What texts may hold: the one place that decides.

use crate::rejection::{UserError, UserErrorCode};

/// A text of one line, 1 to `max` characters after the spaces around it are gone.
///
/// # Errors
/// `TEXT_REQUIRED`, `TEXT_TOO_LONG` or `TEXT_NOT_ALLOWED` for the input field `field`.
pub fn line(field: &str, text: &str, max: usize) -> Result<String, UserError> {
    required(field, optional_line(field, text, max)?)
}

/// As [`line()`], or empty.
///
/// # Errors
/// As [`line()`].
pub fn optional_line(field: &str, text: &str, max: usize) -> Result<String, UserError> {
    check(field, text.trim().to_owned(), max, |_| false)
}

/// A text of many lines, 1 to `max` characters. Line ends become `\n`.
///
/// # Errors
/// As [`line()`].
pub fn body(field: &str, text: &str, max: usize) -> Result<String, UserError> {
    required(field, optional_body(field, text, max)?)
}

/// As [`body`], or empty.
///
/// # Errors
/// As [`line()`].
pub fn optional_body(field: &str, text: &str, max: usize) -> Result<String, UserError> {
    let text = text.replace("\r\n", "\n");
    check(field, text.trim_end().to_owned(), max, |character| {
        matches!(character, '\n' | '\t')
    })
}

fn required(field: &str, text: String) -> Result<String, UserError> {
    if text.trim().is_empty() {
        return Err(UserError::on(
            field,
            UserErrorCode::TextRequired,
            "Write something here.",
        ));
    }
    Ok(text)
}

fn check(
    field: &str,
    text: String,
    max: usize,
    also_allowed: fn(char) -> bool,
) -> Result<String, UserError> {
    if text.chars().count() > max {
        return Err(UserError::on(
            field,
            UserErrorCode::TextTooLong,
            format!("Use at most {max} characters."),
        ));
    }
    if text.chars().any(|c| is_unfit(c) && !also_allowed(c)) {
        return Err(UserError::on(
            field,
            UserErrorCode::TextNotAllowed,
            "Control characters are not allowed here.",
        ));
    }
    Ok(text)
}

/// Control characters, and those that turn the direction of the text around them.
fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}
