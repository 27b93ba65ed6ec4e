//! Codes made of the time: what every authenticator app knows, SHA-1, six digits, 30 seconds.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Totp};

use crate::{error::Error, ids::Ids};

/// Whose codes they are, for the app that shows them.
const ISSUER: &str = "Ashiato";
/// The digits of a code.
const DIGITS: usize = 6;
/// The bytes of a secret: as many as SHA-1 has (RFC 4226, section 4).
const SECRET: usize = 20;

/// Draws a secret.
pub(super) fn secret(ids: &Ids) -> Vec<u8> {
    ids.secret().into_iter().take(SECRET).collect()
}

/// `text` as a code, where it is none of another kind: six digits, in groups as people write them.
pub(super) fn code(text: &str) -> Option<String> {
    let code: String = text.split([' ', '-']).collect();
    let is_code = code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some(code)
}

/// The step that `code` is of, where it is that of `now`, or of the one before or after it: clocks
/// differ, and people take their time.
pub(super) fn step(secret: &[u8], code: &str, now: DateTime<Utc>) -> Result<Option<i64>, Error> {
    let Ok(now) = u64::try_from(now.timestamp()) else {
        return Ok(None);
    };
    let step = of(secret, "")?.check(code, now);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// The secret for who types it, and the address that a QR code holds for who does not.
pub(super) fn shown(secret: &[u8], username: &str) -> Result<[String; 2], Error> {
    let totp = of(secret, username)?;
    let uri = totp.to_url().map_err(Error::internal)?;
    Ok([totp.secret().to_base32(), uri])
}

fn of(secret: &[u8], username: &str) -> Result<Totp, Error> {
    // What it comes with is what is said above.
    Builder::new()
        .with_secret(secret.to_vec())
        .with_issuer(Some(ISSUER))
        .with_account_name(username)
        .build()
        .map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, whose codes have eight digits: the last six.
    #[test]
    fn codes_are_those_of_the_specification() {
        let secret = b"12345678901234567890";
        for (time, code, expected) in [
            (59, "287082", 1),
            (1_111_111_109, "081804", 37_037_036),
            (1_111_111_111, "050471", 37_037_037),
            (1_234_567_890, "005924", 41_152_263),
            (2_000_000_000, "279037", 66_666_666),
            (20_000_000_000, "353130", 666_666_666),
        ] {
            let now = DateTime::from_timestamp(time, 0).unwrap();
            let step = step(secret, code, now).unwrap();
            assert_eq!(step, Some(expected), "{time}");
        }
    }

    #[test]
    fn a_code_is_taken_a_step_early_or_late_and_no_more() {
        let secret = b"12345678901234567890";
        // The code of step 37,037,037, which begins at 1,111,111,110.
        let taken = |time| {
            let now = DateTime::from_timestamp(time, 0).unwrap();
            step(secret, "050471", now).unwrap().is_some()
        };
        for (time, expected) in [
            (1_111_111_079, false),
            (1_111_111_080, true),
            (1_111_111_110, true),
            (1_111_111_169, true),
            (1_111_111_170, false),
        ] {
            assert_eq!(taken(time), expected, "{time}");
        }
        let now = DateTime::from_timestamp(1_111_111_110, 0).unwrap();
        for wrong in ["050472", "50471", "+50471", "0504710", "", "０５０４７１"] {
            assert_eq!(step(secret, wrong, now).unwrap(), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_is_six_digits_however_they_are_grouped() {
        for text in ["050471", "050 471", " 050-471 "] {
            assert_eq!(code(text).as_deref(), Some("050471"), "{text}");
        }
        for text in [
            "",
            "50471",
            "0504711",
            "05047a",
            "０５０４７１",
            "1234-5678-9ABC-DEFG",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn an_app_reads_whose_codes_they_are() {
        let [secret, uri] = shown(b"12345678901234567890", "hanako").unwrap();
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let expected = format!("otpauth://totp/Ashiato:hanako?secret={secret}&issuer=Ashiato");
        assert_eq!(uri, expected);
    }
}
