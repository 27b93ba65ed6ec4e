//! Characters that show nothing, and where they are a part of what is seen nevertheless.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{
        CanonicalCombiningClass, DefaultIgnorableCodePoint, Emoji, ExtendedPictographic,
        Ideographic, JoiningType, VariationSelector,
    },
};

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
const EMOJI_STYLE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';
const BLACK_FLAG: char = '\u{1f3f4}';

/// Whether `text` holds characters that show nothing: zero-width spaces, marks of direction, fillers
/// and the like. Joiners, variation selectors and tags may stand where emoji sequences (UTS #51) and
/// scripts need them (UAX #31, section 2.3).
pub(super) fn has_any(text: &str) -> bool {
    let characters: Vec<_> = text.chars().collect();
    (0..characters.len()).any(|at| {
        let (before, from) = characters.split_at(at);
        from.split_first()
            .is_some_and(|(&this, after)| is_unseen(this) && !is_needed(before, this, after))
    })
}

fn is_unseen(character: char) -> bool {
    // Marks of annotations show nothing either.
    matches!(character, '\u{fff9}'..='\u{fffb}')
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

fn is_needed(before: &[char], this: char, after: &[char]) -> bool {
    let Some(&last) = before.last() else {
        return false;
    };
    match this {
        JOINER if joins_emoji(before, after) => true,
        JOINER | NON_JOINER => follows_virama(last) || breaks_a_join(before, after),
        '\u{e0020}'..='\u{e007f}' => {
            let is_tag = |c: &char| ('\u{e0020}'..='\u{e007e}').contains(c);
            before.iter().rfind(|c| !is_tag(c)) == Some(&BLACK_FLAG)
        }
        _ if CodePointSetData::new::<VariationSelector>().contains(this) => {
            varies(last, this, after.first().copied())
        }
        _ => false,
    }
}

/// A family is its members with joiners between them.
fn joins_emoji(before: &[char], after: &[char]) -> bool {
    let pictures = CodePointSetData::new::<ExtendedPictographic>();
    // The colour of a skin, the style and tags belong to the picture before them.
    let is_part = |c: &&char| {
        **c == EMOJI_STYLE || matches!(**c, '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
    };
    let picture = before.iter().rfind(|c| !is_part(c));
    picture.is_some_and(|c| pictures.contains(*c))
        && after.first().is_some_and(|c| pictures.contains(*c))
}

/// In Indic scripts they say how two consonants are written together.
fn follows_virama(last: char) -> bool {
    let classes = CodePointMapData::<CanonicalCombiningClass>::new();
    classes.get(last) == CanonicalCombiningClass::Virama
}

/// Between letters that join, in Arabic, Syriac, Mongolian and others.
fn breaks_a_join(before: &[char], after: &[char]) -> bool {
    let types = CodePointMapData::<JoiningType>::new();
    let seen = |c: &&char| types.get(**c) != JoiningType::Transparent;
    let before = before.iter().rfind(seen).map(|c| types.get(*c));
    let after = after.iter().find(seen).map(|c| types.get(*c));
    matches!(
        before,
        Some(JoiningType::DualJoining | JoiningType::LeftJoining)
    ) && matches!(
        after,
        Some(JoiningType::DualJoining | JoiningType::RightJoining)
    )
}

/// A selector chooses another form of an emoji, an ideograph or a Mongolian letter.
fn varies(last: char, selector: char, next: Option<char>) -> bool {
    match selector {
        '\u{180b}'..='\u{180f}' => matches!(last, '\u{1820}'..='\u{18aa}'),
        // Digits are emoji only under a keycap.
        '\u{fe0e}' | EMOJI_STYLE if last.is_ascii() => next == Some(KEYCAP),
        '\u{fe0e}' | EMOJI_STYLE if CodePointSetData::new::<Emoji>().contains(last) => true,
        _ => CodePointSetData::new::<Ideographic>().contains(last),
    }
}
