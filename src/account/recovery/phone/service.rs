//! Asking for a code to recover an account by, and what a right one is worth.

use std::{
    fmt::{Debug, Formatter},
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, TimeDelta, Utc};
use entity::phone_recovery;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::store::{self, Hash};
use crate::{
    account::attempts::{Attempts, Counted, Limit, count},
    app::App,
    config::RECOVERY_ADDRESSES,
    database::Tx,
    phone::{
        number::Number,
        service::{check_set_up, digits, draw_code, hashes, held_as},
        store as phones,
    },
    rejection::{Rejection, UserError, reason::joining::JoiningReason},
    secrets::Purpose,
    sms::NotSent,
};

/// Codes for this are no codes for verifying a number, nor the other way round.
const CODE: Purpose = Purpose::new("phone recovery code");
const FOR_NUMBER: Purpose = Purpose::new("phone recovery");
const FROM_ADDRESS: Purpose = Purpose::new("phone recovery from an address");
/// So long a code that was sent counts.
const HOUR: TimeDelta = TimeDelta::hours(1);
/// How many digits a code has: more than one that verifies a number, for it is worth an account, and can be
/// guessed at hour by hour.
const DIGITS: u32 = 8;

/// What whoever asked is answered.
pub struct Asked {
    /// What the recovery is known by: to who asked alone.
    pub recovery: String,
    /// Until when the code that was sent can be used.
    pub expires_at: DateTime<Utc>,
}

impl Debug for Asked {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("Asked")
    }
}

/// What somebody shows in the place of the password.
#[derive(Clone)]
pub struct Given {
    /// What asking was answered with.
    pub recovery: String,
    /// The eight digits that were sent.
    pub code: String,
}

impl Debug for Given {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("Given")
    }
}

/// Sends a message to the number that `text` writes, asked for from the address `from`: a code, where an
/// account has the number, and that none has, otherwise. The answer is the same, after the same statements
/// and the same wait for the gateway. Those who ask for one number take their `turns`, where there are any: who
/// waits for a row has a connection.
///
/// # Errors
/// `PHONE_NUMBER_INVALID`, `CODES_NOT_SET_UP`, `TOO_MANY_CODES`, `CODE_NOT_SENT`;
/// [`KeyMissing`](crate::error::Error::KeyMissing).
pub async fn ask(
    app: &Arc<App>,
    text: &str,
    from: &str,
    turns: Option<&Attempts>,
) -> Result<Asked, Rejection> {
    let number = Number::read(text)?;
    check_set_up(app)?;
    let (recovery, code) = (
        URL_SAFE_NO_PAD.encode(app.ids.secret()),
        draw_code(app, DIGITS),
    );
    let known_by = known_by(&recovery);
    let row = phone_recovery::Model {
        recovery_hash: known_by.to_vec(),
        number_hash: Vec::new(),
        code_hash: app.secrets.mac(CODE, &code_text(&known_by, &code))?.into(),
        tries: 0,
        used_at: None,
        expires_at: app.clock.now() + Duration::minutes(app.rules.phone_code_minutes),
    };
    let expires_at = row.expires_at;
    let numbers = hashes(app, &number)?;
    let (e164, here) = (number.e164(), format!("{}\0{from}", number.e164()));
    let limits = limits(app);
    let [all, own] = limits;
    let counted_as = [
        all.hashes(app, e164.as_bytes())?,
        own.hashes(app, here.as_bytes())?,
    ];
    let shared = app.clone();
    // Until it is counted, and not until it is sent.
    let turn = match (turns, counted_as.first().and_then(|hashes| hashes.first())) {
        (Some(turns), Some(hash)) => turns.turn(hash).await,
        _ => None,
    };
    let (is_held, counted) = app
        .database
        .write(move |tx| {
            let (app, row, numbers) = (shared.clone(), row.clone(), numbers.clone());
            let counted_as = counted_as.clone();
            Box::pin(async move {
                let mut counted = Vec::new();
                for (limit, hashes) in limits.into_iter().zip(counted_as) {
                    counted.push(count(&app, tx, limit, hashes).await?);
                }
                let held = held_as(tx, &numbers).await?;
                // What nobody has is kept, too: its code is tried as any other.
                let number = held.or(numbers.first().copied()).unwrap_or_default();
                let number_hash = number.to_vec();
                store::insert(&tx.sql, phone_recovery::Model { number_hash, ..row }).await?;
                Ok((held.is_some(), counted))
            })
        })
        .await?;
    drop(turn);
    let said = message(app, is_held.then_some(&*code));
    match app.sms.send(e164, &said).await {
        Ok(()) => Ok(Asked {
            recovery,
            expires_at,
        }),
        Err(why) => Err(not_sent(app, why, known_by, counted).await?),
    }
}

/// As many codes of a number, and as many of one that were asked for from one address.
fn limits(app: &App) -> [Limit; 2] {
    let most = u32::try_from(app.rules.phone_codes_per_hour).unwrap_or(u32::MAX);
    let limit = |purpose, most, spent: fn(u64) -> Rejection| Limit {
        purpose,
        most,
        within: HOUR,
        spent,
    };
    [
        limit(
            FOR_NUMBER,
            most.saturating_mul(RECOVERY_ADDRESSES),
            |retry_after| too_many(JoiningReason::TooManyRecoveryCodes { retry_after }),
        ),
        limit(FROM_ADDRESS, most, |retry_after| {
            too_many(JoiningReason::TooManyRecoveryCodesFromAddress { retry_after })
        }),
    ]
}

/// One message of 70 characters at most, as a gateway counts them.
fn message(app: &App, code: Option<&str>) -> String {
    let minutes = app.rules.phone_code_minutes;
    match code {
        Some(code) => {
            format!("【Ashiato】再設定コード {code}（{minutes}分有効） / To recover: {code}")
        }
        None => {
            "【Ashiato】この番号のアカウントはありません / No account has this number".to_owned()
        }
    }
}

/// What nobody got does not count.
async fn not_sent(
    app: &App,
    why: NotSent,
    recovery: Hash,
    counted: Vec<Counted>,
) -> Result<Rejection, Rejection> {
    tracing::warn!(%why, "a code to recover by was not sent, or may not have been");
    if !why.may_arrive {
        app.database
            .write(move |tx| {
                let counted = counted.clone();
                Box::pin(async move {
                    for counted in counted {
                        counted.give_back(tx).await?;
                    }
                    Ok(store::remove(&tx.sql, &recovery).await?)
                })
            })
            .await?;
    }
    Ok(UserError::on("number", JoiningReason::MessageNotSent).into())
}

fn known_by(recovery: &str) -> Hash {
    let hash = Sha256::new_with_prefix("ashiato phone recovery\0");
    hash.chain_update(recovery).finalize().into()
}

/// A code stands for its recovery alone.
fn code_text(recovery: &Hash, code: &str) -> Vec<u8> {
    [&recovery[..], code.as_bytes()].concat()
}

/// A recovery whose code was right, by who has its number.
#[derive(Clone, Copy, Debug)]
pub struct Right {
    recovery: Hash,
    /// Whether it let nobody in yet.
    pub is_unused: bool,
}

/// Tries the code that was `given` for `user`. A wrong one counts, by itself, so that it does also where
/// what follows is refused; and so does a right one for who has not the number. None then, after the same
/// statements whatever was wrong.
///
/// # Errors
/// The database's; [`KeyMissing`](crate::error::Error::KeyMissing).
pub async fn check(app: &App, user: Uuid, given: &Given) -> Result<Option<Right>, Rejection> {
    let recovery = known_by(&given.recovery);
    // Under whichever key it was sent.
    let text = code_text(&recovery, &digits(&given.code));
    let codes = app.secrets.macs(CODE, &text)?;
    let (now, most) = (app.clock.now(), app.rules.phone_code_tries);
    app.database
        .write(move |tx| {
            let codes = codes.clone();
            Box::pin(async move {
                let row = store::take_try(&tx.sql, &recovery, most, now).await?;
                // For what is none, too, it is looked for.
                let number = row.as_ref().map(|row| &row.number_hash[..]);
                let is_theirs = has(tx, user, number).await?;
                // (How long it takes to compare keyed hashes tells nothing.)
                let is_code =
                    |row: &phone_recovery::Model| codes.iter().any(|c| row.code_hash == c);
                let Some(row) = row.filter(|row| is_theirs && is_code(row)) else {
                    return Ok(None);
                };
                store::give_back(&tx.sql, &recovery).await?;
                Ok(Some(Right {
                    recovery,
                    is_unused: row.used_at.is_none(),
                }))
            })
        })
        .await
}

/// Whether `user` is who has verified the number with this hash.
async fn has(tx: &Tx, user: Uuid, number: Option<&[u8]>) -> Result<bool, Rejection> {
    let number = number.and_then(|number| Hash::try_from(number).ok());
    let owner = phones::owner(&tx.sql, &number.unwrap_or_default()).await?;
    Ok(owner == Some(user))
}

impl Right {
    /// Uses it up for `user`, whom the transaction holds. Says whether it is still good: another may have
    /// used it meanwhile, or the number be another's.
    ///
    /// # Errors
    /// The database's.
    pub async fn use_up(self, app: &App, tx: &Tx, user: Uuid) -> Result<bool, Rejection> {
        let number = store::use_up(&tx.sql, &self.recovery, app.clock.now()).await?;
        Ok(number.is_some() && has(tx, user, number.as_deref()).await?)
    }
}

fn too_many(reason: JoiningReason) -> Rejection {
    UserError::on("number", reason).into()
}
