//! Sending codes to numbers, and what a number is verified by (rules.md, Users 3).

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{
    number::Number,
    store::{self, Hash},
};
use crate::{
    app::App,
    database::Tx,
    error::Error,
    rejection::{Rejection, UserError, reason::joining::JoiningReason},
    secrets::Purpose,
};

const NUMBER: Purpose = Purpose::new("phone number");
const CODE: Purpose = Purpose::new("phone code");
/// Which field of an input a `PhoneProof` is.
const PROOF: &str = "phone";

/// So long a request for a code counts.
const COUNTS: Duration = Duration::hours(1);
/// How many digits a code has.
const DIGITS: u32 = 6;

/// That somebody holds a number: the code that was sent to it.
#[derive(Clone)]
pub struct Proof {
    number: Hash,
    code: Hash,
    /// The number under every key: it may have been verified when another was the newest.
    numbers: Vec<Hash>,
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof")
    }
}

/// Sends a code to the number that `text` writes, whether an account has it or not. Says until when the
/// code lives. An earlier code is worth nothing then.
///
/// # Errors
/// `PHONE_NUMBER_INVALID`, `CODES_NOT_SET_UP`, `TOO_MANY_CODES`, `CODE_NOT_SENT`; [`Error::KeyMissing`].
pub async fn send_code(app: &Arc<App>, text: &str) -> Result<DateTime<Utc>, Rejection> {
    let number = Number::read(text)?;
    check_set_up(app)?;
    let hashes = hashes(app, &number)?;
    let hash = *hashes.first().ok_or(Error::KeyMissing)?;
    let now = app.clock.now();
    let code = draw_code(app, DIGITS);
    let code_hash = app
        .secrets
        .mac(CODE, code_text(&number, &code).as_bytes())?;
    let id = app.ids.at(now);
    let expires_at = now + Duration::minutes(app.rules.phone_code_minutes);
    let most = app.rules.phone_codes_per_hour;
    app.database
        .write(move |tx| {
            let hashes = hashes.clone();
            Box::pin(async move {
                // First: of two who ask at the same time, the second counts the first.
                store::put_code(&tx.sql, &hash, &code_hash, expires_at).await?;
                let mut asked = 0;
                for hash in &hashes {
                    asked += store::requests(&tx.sql, hash, now).await?;
                }
                if asked >= most {
                    return Err(too_many(most).into());
                }
                Ok(store::insert_request(&tx.sql, &hash, id, now + COUNTS).await?)
            })
        })
        .await?;
    let minutes = app.rules.phone_code_minutes;
    let said = format!("【Ashiato】確認コード {code}（{minutes}分有効） / Your code: {code}");
    if let Err(why) = app.sms.send(number.e164(), &said).await {
        tracing::warn!(%why, "a code was not sent, or may not have been");
        if why.may_arrive {
            return Err(not_sent().into());
        }
        // What nobody got does not count.
        app.database
            .write(move |tx| {
                Box::pin(async move {
                    store::delete_request(&tx.sql, &hash, id).await?;
                    store::use_code(&tx.sql, &hash, &code_hash).await?;
                    Ok(())
                })
            })
            .await?;
        return Err(not_sent().into());
    }
    Ok(expires_at)
}

/// So many digits, each code as likely as any other.
pub fn draw_code(app: &App, digits: u32) -> String {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = app.ids.secret();
    let number = u128::from_be_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]);
    let code = number % 10_u128.saturating_pow(digits);
    let width = usize::try_from(digits).unwrap_or_default();
    format!("{code:0width$}")
}

/// A code stands for its number alone.
fn code_text(number: &Number, code: &str) -> String {
    format!("{} {code}", number.e164())
}

/// Tries `code` for the number that `text` writes: each try counts, and the last kills the code. The
/// number is not verified yet: see [`claim`].
///
/// # Errors
/// `PHONE_NUMBER_INVALID`, `PHONE_CODE_WRONG`, whether there is another, or none, or it has been tried
/// too often; [`Error::KeyMissing`].
pub async fn prove(app: &Arc<App>, text: &str, code: &str) -> Result<Proof, Rejection> {
    let number = read_proof(text)?;
    let numbers = hashes(app, &number)?;
    let given = code_text(&number, &digits(code));
    let codes = app.secrets.macs(CODE, given.as_bytes())?;
    // Under whichever key it was sent: another server may have a newer one already.
    let pairs: Vec<_> = numbers.iter().copied().zip(codes).collect();
    let (now, most) = (app.clock.now(), app.rules.phone_code_tries);
    // By itself, so that it counts also where what follows is refused.
    let right = app
        .database
        .write(move |tx| {
            let pairs = pairs.clone();
            Box::pin(async move {
                for (number, code) in pairs {
                    let sent = store::try_code(&tx.sql, &number, most, now).await?;
                    // (How long it takes to compare keyed hashes tells nothing.)
                    if sent.as_deref() == Some(&code[..]) {
                        return Ok(Some((number, code)));
                    }
                }
                Ok(None)
            })
        })
        .await?;
    let (number, code) = right.ok_or_else(wrong_code)?;
    Ok(Proof {
        number,
        code,
        numbers,
    })
}

/// What an account that has `number` is found by: the newest first.
///
/// # Errors
/// [`Error::KeyMissing`].
pub fn hashes(app: &App, number: &Number) -> Result<Vec<Hash>, Error> {
    app.secrets.macs(NUMBER, number.e164().as_bytes())
}

/// Under which of its `hashes` an account has a number. All are looked for, whether one is found or not.
///
/// # Errors
/// The database's.
pub async fn held_as(tx: &Tx, hashes: &[Hash]) -> Result<Option<Hash>, Error> {
    let mut held = None;
    for hash in hashes {
        if store::owner(&tx.sql, hash).await?.is_some() {
            held = held.or(Some(*hash));
        }
    }
    Ok(held)
}

/// The digits of a code, in half or full width.
pub fn digits(code: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let few = code.chars().take(50).nfkc();
    few.filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// Has `user`, whose row is held or new, be who holds the number of `proof`, and uses up its code.
///
/// # Errors
/// `PHONE_CODE_WRONG` where another used the code meanwhile, `PHONE_NUMBER_TAKEN`: who holds a number may
/// know that it has an account.
pub async fn claim(app: &App, tx: &Tx, user: Uuid, proof: &Proof) -> Result<(), Rejection> {
    if !store::use_code(&tx.sql, &proof.number, &proof.code).await? {
        return Err(wrong_code().into());
    }
    let mut is_mine = false;
    for number in &proof.numbers {
        match store::owner(&tx.sql, number).await? {
            Some(owner) if owner != user => return Err(taken().into()),
            Some(_) => is_mine |= *number == proof.number,
            None => {}
        }
    }
    if !is_mine && !store::take(&tx.sql, &proof.number, user).await? {
        return Err(taken().into());
    }
    Ok(store::set(&tx.sql, user, &proof.number, app.clock.now()).await?)
}

/// After a code was right and what it was for was refused: it can be used for the next attempt.
///
/// # Errors
/// The database's.
pub async fn give_back(app: &Arc<App>, proof: Proof) -> Result<(), Rejection> {
    app.database
        .write(move |tx| {
            let proof = proof.clone();
            Box::pin(
                async move { Ok(store::give_back(&tx.sql, &proof.number, &proof.code).await?) },
            )
        })
        .await
}

/// What is kept of a number that `text` writes and a `code` for it, so that a repeated call is known: neither of
/// the two.
///
/// # Errors
/// `PHONE_NUMBER_INVALID`; [`Error::KeyMissing`].
pub fn mark(app: &App, text: &str, code: &str) -> Result<Vec<u8>, Rejection> {
    let given = code_text(&read_proof(text)?, &digits(code));
    Ok(app.secrets.mac(CODE, given.as_bytes())?.to_vec())
}

/// Before anything is counted or kept: whether anything can be sent is the same for all numbers.
///
/// # Errors
/// `CODES_NOT_SET_UP`.
pub fn check_set_up(app: &App) -> Result<(), UserError> {
    if app.sms.is_set_up() {
        return Ok(());
    }
    Err(UserError::new(JoiningReason::CodesNotSetUp))
}

fn too_many(limit: u64) -> UserError {
    UserError::on("number", JoiningReason::TooManyCodesOfNumber { limit })
}

fn not_sent() -> UserError {
    UserError::on("number", JoiningReason::CodeNotSent)
}

/// The number of a `PhoneProof`.
fn read_proof(text: &str) -> Result<Number, UserError> {
    Number::read(text).map_err(|error| error.within(PROOF))
}

fn wrong_code() -> UserError {
    UserError::on("code", JoiningReason::PhoneCodeWrong).within(PROOF)
}

fn taken() -> UserError {
    UserError::on("number", JoiningReason::PhoneNumberTaken).within(PROOF)
}
