//! What names, titles and bodies may hold.

use ashiato::text::{body, line, optional_line};
use rstest::rstest;

fn code(text: &str) -> String {
    match line("title", text, 100) {
        Ok(kept) => {
            assert_eq!(kept, text);
            "kept".to_owned()
        }
        Err(error) => format!("{:?}", error.code),
    }
}

#[rstest]
#[case::spaces(" \u{3000}\u{a0}")]
#[case::zero_width("\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}")]
#[case::word_joiner_and_invisible_operators("\u{2060}\u{2061}\u{2062}\u{2063}\u{2064}")]
#[case::byte_order_mark("\u{feff}")]
#[case::soft_hyphen("\u{ad}")]
#[case::hangul_fillers("\u{3164}\u{115f}\u{1160}\u{ffa0}")]
#[case::empty_braille("\u{2800}")]
#[case::mongolian_vowel_separator("\u{180e}")]
#[case::grapheme_joiner("\u{34f}")]
#[case::variation_selectors("\u{fe0f}\u{e0100}")]
#[case::tags("\u{e0067}\u{e007f}")]
#[case::reserved_as_ignorable("\u{2065}\u{e01f0}")]
#[case::marks_without_a_letter("\u{301}\u{20dd}\u{903}")]
#[case::note_without_a_head("\u{1d159}")]
#[case::private_use("\u{e000}\u{f8ff}\u{100000}")]
#[case::closed_isolate_of_nothing("\u{2068}\u{200b}\u{2069}")]
fn what_shows_nothing_is_empty(#[case] text: &str) {
    assert_eq!(code(text), "TextRequired");
    let error = body("body", text, 100).unwrap_err();
    assert_eq!(format!("{:?}", error.code), "TextRequired");
    // Where nothing need stand, it may.
    assert!(optional_line("bio", text, 100).is_ok());
    // Beside something that is seen, it is a part of the text.
    assert_eq!(code(&format!("a{text}b")), "kept");
}

#[rstest]
#[case::family("👨\u{200d}👩\u{200d}👧\u{200d}👦")]
#[case::heart("❤\u{fe0f}")]
#[case::flag_of_scotland("🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}")]
#[case::keycap("1\u{fe0f}\u{20e3}")]
#[case::variant_of_an_ideograph("葛\u{e0100}城")]
#[case::persian("می\u{200c}خواهم")]
#[case::hindi("क्\u{200d}ष \u{915}\u{94d}\u{200c}\u{937}")]
#[case::hebrew("שָׁלוֹם\u{200f}!")]
#[case::arabic("مرحبا")]
#[case::name_in_an_isolate("שלום \u{2068}Hanako\u{2069}, 3")]
#[case::nested("\u{2067}שלום \u{202a}a\u{202c}\u{2069}")]
#[case::combined("e\u{301}")]
#[case::not_assigned_yet("\u{1fbff}")]
#[case::punctuation("…!")]
#[case::private_use_within("Ⅰ\u{f8ff}")]
fn every_script_and_emoji_is_kept(#[case] text: &str) {
    assert_eq!(code(text), "kept");
}

#[rstest]
#[case::nul("a\u{0}b")]
#[case::escape("a\u{1b}[31m")]
#[case::next_line("a\u{85}b")]
#[case::line_separator("a\u{2028}b")]
#[case::noncharacter("a\u{fffe}b")]
#[case::noncharacter_of_arabic("a\u{fdd0}b")]
#[case::noncharacter_of_the_last_plane("a\u{10ffff}b")]
#[case::open_isolate("a\u{2067}b")]
#[case::open_embedding("a\u{202b}b")]
#[case::closed_before_it_opens("a\u{2069}b\u{2067}c")]
#[case::closed_by_another("\u{202a}\u{2066}a\u{202c}\u{2069}")]
#[case::override_though_closed("photo\u{202e}gnp\u{202c}.exe")]
fn what_no_text_may_hold_is_refused(#[case] text: &str) {
    assert_eq!(code(text), "TextNotAllowed");
    assert!(body("body", text, 100).is_err());
    assert!(optional_line("bio", text, 100).is_err());
}

#[test]
fn each_line_of_a_body_turns_back() {
    let closed = "\u{2067}one\u{2069}\n\u{2067}two\u{2069}";
    assert_eq!(body("body", closed, 100).as_deref(), Ok(closed));
    assert!(body("body", "\u{2067}one\ntwo\u{2069}", 100).is_err());
}
