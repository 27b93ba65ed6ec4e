//! How Stripe signs its messages: a time, and the keyed hash of it with the body
//! (<https://docs.stripe.com/webhooks#verify-manually>).

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::payment::Forged;

/// How far a message's time may be from ours, in seconds: what is caught on its way is worth nothing after that.
const TOLERANCE: i64 = 300;

/// Checks that `body`, which came with the header `signature`, was signed with one of `secrets` about `now`.
///
/// # Errors
/// [`Forged`].
pub fn check(
    signature: &str,
    body: &[u8],
    secrets: &[String],
    now: DateTime<Utc>,
) -> Result<(), Forged> {
    let parts = signature.split(',').filter_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        Some((name, value))
    });
    let (mut time, mut marks) = (None, Vec::new());
    for (name, value) in parts {
        match name {
            "t" if time.is_none() => time = Some(value),
            // Two, where there are two.
            "v1" if marks.len() < 10 => marks.push(bytes(value).ok_or(Forged)?),
            _ => {}
        }
    }
    let time = time.ok_or(Forged)?;
    let at: i64 = time.parse().map_err(|_| Forged)?;
    if now.timestamp().saturating_sub(at).saturating_abs() > TOLERANCE {
        return Err(Forged);
    }
    let is_signed = secrets.iter().any(|secret| {
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes());
        let Ok(mac) = mac else { return false };
        let mac = mac.chain_update(time).chain_update(".").chain_update(body);
        // In a time that tells nothing of where they differ.
        marks
            .iter()
            .any(|mark| mac.clone().verify_slice(mark).is_ok())
    });
    if is_signed { Ok(()) } else { Err(Forged) }
}

/// The 32 bytes that `text` writes in hexadecimal.
fn bytes(text: &str) -> Option<[u8; 32]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let bytes = pairs.iter().map(|[high, low]| {
        let byte = digit(*high)? * 16 + digit(*low)?;
        u8::try_from(byte).ok()
    });
    bytes.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"{\"id\":\"evt_1\"}";
    const SECRET: &str = "whsec_of_a_test";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn mark(time: &str, body: &[u8], secret: &str) -> String {
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
        let mac = mac.chain_update(time).chain_update(".").chain_update(body);
        let mac = mac.finalize().into_bytes();
        mac.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn checked(signature: &str, body: &[u8], secrets: &[&str], now: i64) -> bool {
        let secrets: Vec<_> = secrets.iter().map(|it| (*it).to_owned()).collect();
        check(signature, body, &secrets, at(now)).is_ok()
    }

    #[test]
    fn what_is_signed_is_taken_for_five_minutes() {
        let signature = format!("t=1000,v1={},v0=ignored", mark("1000", BODY, SECRET));
        for now in [700, 1000, 1300] {
            assert!(checked(&signature, BODY, &[SECRET], now), "{now}");
        }
        for now in [699, 1301, 100_000] {
            assert!(!checked(&signature, BODY, &[SECRET], now), "{now}");
        }
    }

    #[test]
    fn one_of_several_secrets_and_of_several_marks_will_do() {
        let (old, new) = (mark("5", BODY, "whsec_old"), mark("5", BODY, SECRET));
        for signature in [format!("t=5,v1={old},v1={new}"), format!("t=5, v1={new}")] {
            assert!(checked(&signature, BODY, &[SECRET], 5));
            assert!(checked(&signature, BODY, &["whsec_other", SECRET], 5));
            assert!(!checked(&signature, BODY, &["whsec_other"], 5));
        }
        assert!(!checked(&format!("t=5,v1={new}"), BODY, &[], 5));
    }

    #[test]
    fn whatever_is_changed_is_forged() {
        let right = mark("5", BODY, SECRET);
        assert!(checked(&format!("t=5,v1={right}"), BODY, &[SECRET], 5));
        assert!(!checked(&format!("t=5,v1={right}"), b"{}", &[SECRET], 5));
        for signature in [
            String::new(),
            "t=5".to_owned(),
            format!("v1={right}"),
            format!("t=6,v1={right}"),
            format!("t=05,v1={right}"),
            format!("t=,v1={right}"),
            format!("t=x,v1={right}"),
            format!("t=9223372036854775808,v1={right}"),
            format!("t=-9223372036854775808,v1={right}"),
            format!("t=5,v0={right}"),
            format!("t=5,v1={}", &right[2..]),
            format!("t=5,v1={right}00"),
            format!("t=5,v1={}", right.replace(['0', '1', '2'], "g")),
            format!("t=5,v1={}", "é".repeat(32)),
            "t=5,v1=".to_owned(),
        ] {
            assert!(!checked(&signature, BODY, &[SECRET], 5), "{signature}");
        }
    }
}
