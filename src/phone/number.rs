//! Japanese mobile numbers, however they are written.

use phonenumber::country::Id;
use unicode_normalization::UnicodeNormalization;

use crate::rejection::{UserError, reason::joining::JoiningReason};

/// Longer than anybody writes one.
const LONGEST: usize = 100;
/// What mobile numbers begin with, without the 0 (rules.md, Users 3).
const MOBILE: [u64; 3] = [70, 80, 90];
/// From a number, without the 0, to what it begins with.
const AFTER_PREFIX: u64 = 100_000_000;

/// A Japanese mobile number.
#[derive(Clone, PartialEq, Eq)]
pub struct Number {
    /// As `+819012345678`.
    e164: String,
}

impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Number")
    }
}

impl Number {
    /// The number that `text` writes: with or without +81, in half or full width, with whatever stands
    /// between the digits.
    ///
    /// # Errors
    /// `PHONE_NUMBER_INVALID`.
    pub fn read(text: &str) -> Result<Self, UserError> {
        if text.len() > LONGEST {
            return Err(invalid());
        }
        let digits: String = text.nfkc().filter(|c| !stands_between(*c)).collect();
        // The library would take letters for digits, as they stand on a dial.
        let rest = digits.strip_prefix('+').unwrap_or(&digits);
        if !rest.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid());
        }
        let number = phonenumber::parse(Some(Id::JP), digits).map_err(|_| invalid())?;
        let national = number.national().value();
        let is_mobile = MOBILE.contains(&(national / AFTER_PREFIX));
        if number.code().value() != 81 || !is_mobile {
            return Err(invalid());
        }
        // From its value: the library keeps zeros in front, and one phone must be one number.
        let e164 = format!("+81{national}");
        Ok(Self { e164 })
    }

    /// As a gateway takes it: `+819012345678`.
    pub fn e164(&self) -> &str {
        &self.e164
    }
}

/// A space, a bracket, or one of the many hyphens, of which the long vowel's mark is typed for one.
fn stands_between(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '(' | ')'
                | '.'
                | '/'
                | '-'
                | '‐'
                | '‑'
                | '‒'
                | '–'
                | '—'
                | '―'
                | '−'
                | 'ー'
                | '〜'
                | '~'
        )
}

fn invalid() -> UserError {
    UserError::on("number", JoiningReason::PhoneNumberInvalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_however_it_is_written() {
        for text in [
            "09012345678",
            "090-1234-5678",
            "090 1234 5678",
            "(090) 1234-5678",
            "+81 90-1234-5678",
            "+819012345678",
            "+81 (0)90 1234 5678",
            "０９０－１２３４－５６７８",
            "０９０ー１２３４ー５６７８",
            "090‐1234‐5678",
            "090−1234−5678",
            "　090.1234.5678　",
            "010-81-90-1234-5678",
            "00090-1234-5678",
            "+81 000 90 1234 5678",
        ] {
            let read = Number::read(text).map(|number| number.e164().to_owned());
            assert_eq!(read.as_deref(), Ok("+819012345678"), "{text}");
        }
        for text in ["07012345678", "08012345678"] {
            assert!(Number::read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_japanese_mobile_number_is_refused() {
        for text in [
            "",
            "090",
            "0901234567",
            "090123456789",
            "03-1234-5678",
            "0120-123-456",
            "050-1234-5678",
            "020-1234-5678",
            "+1 201 555 0123",
            "+82 10 1234 5678",
            "090-1234-567a",
            "090-1234-5678 ext. 5",
            "090-1234-5678;ext=5",
            "tel:090-1234-5678\u{0}",
            "花子",
            &"9".repeat(1_000_000),
        ] {
            assert_eq!(Number::read(text), Err(invalid()), "{text}");
        }
    }
}
