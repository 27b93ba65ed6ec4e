//! What texts may hold: the one place that decides.

mod unseen;

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory, NoncharacterCodePoint},
};

use crate::rejection::{UserError, reason::text::TextReason};

/// A text of one line, 1 to `max` characters after the spaces around it are gone.
///
/// A character is a Unicode scalar value: a family of emoji is several.
///
/// # Errors
/// `TEXT_REQUIRED`, `TEXT_TOO_LONG` or `TEXT_NOT_ALLOWED` for the input field `field`.
pub fn line(field: &str, text: &str, max: usize) -> Result<String, UserError> {
    required(field, optional_line(field, text, max)?)
}

/// A name: as [`line()`], without characters that show nothing. With them it would look like another's.
///
/// # Errors
/// As [`line()`].
pub fn name(field: &str, text: &str, max: usize) -> Result<String, UserError> {
    let name = line(field, text, max)?;
    if unseen::has_any(&name) {
        return Err(UserError::on(field, TextReason::Unseen));
    }
    Ok(name)
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
    if !text.chars().any(is_visible) {
        return Err(UserError::on(field, TextReason::Required));
    }
    Ok(text)
}

fn check(
    field: &str,
    text: String,
    limit: usize,
    also_allowed: fn(char) -> bool,
) -> Result<String, UserError> {
    if text.chars().count() > limit {
        return Err(UserError::on(field, TextReason::TooLong { limit }));
    }
    if text.chars().any(|c| is_unfit(c) && !also_allowed(c)) {
        return Err(UserError::on(field, TextReason::NoCharacters));
    }
    if !text.lines().all(turns_back) {
        return Err(UserError::on(field, TextReason::Turned));
    }
    Ok(text)
}

/// Control characters, line separators, and codes that will never be characters.
fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}')
        || CodePointSetData::new::<NoncharacterCodePoint>().contains(character)
}

/// Whether the direction of writing is after `line` what it was before.
///
/// Text in Arabic or Hebrew may hold isolates and embeddings, which phones put around names and
/// numbers; the W3C's and Unicode's advice (UAX #9, 2.7) is to let them be and to close them. One
/// that is left open turns the text that a page shows after it. Overrides show other words than
/// are stored (CVE-2021-42574) and have no honest use here.
fn turns_back(line: &str) -> bool {
    const POP_ISOLATE: char = '\u{2069}';
    const POP_EMBEDDING: char = '\u{202c}';
    let mut open = Vec::new();
    for character in line.chars() {
        match character {
            '\u{202a}' | '\u{202b}' => open.push(POP_EMBEDDING),
            '\u{2066}'..='\u{2068}' => open.push(POP_ISOLATE),
            POP_EMBEDDING | POP_ISOLATE if open.pop() != Some(character) => return false,
            '\u{202d}' | '\u{202e}' => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// Whether something is seen where `character` stands alone: not so spaces, marks that sit on
/// another character, codes of private use (which look different to everybody), and what Unicode
/// or its fonts leave blank.
fn is_visible(character: char) -> bool {
    // Blank by their glyph alone: an empty Braille cell, a note without a head, an object's place.
    const BLANK: [char; 3] = ['\u{2800}', '\u{1d159}', '\u{fffc}'];
    use GeneralCategory as Category;
    match CodePointMapData::<Category>::new().get(character) {
        Category::SpaceSeparator
        | Category::LineSeparator
        | Category::ParagraphSeparator
        | Category::Control
        | Category::Format
        | Category::PrivateUse
        | Category::Surrogate
        | Category::NonspacingMark
        | Category::SpacingMark
        | Category::EnclosingMark => false,
        // Also codes that are not assigned yet: next year's emoji.
        _ => {
            !BLANK.contains(&character)
                && !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
        }
    }
}
