//! The link by which an export is fetched: which it is, to which session it was shown, and until when the link is
//! good, signed with a key of the service's own. Nothing of it stands in the database: who has a dump of that can
//! make none. It ends with the session, or as the export is handed over to another.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::store::ExportKey;
use crate::{app::App, error::Error, secrets::Purpose};

/// What links are signed for.
const LINK: Purpose = Purpose::new("data export link");
/// For how long a link is good. (Asked for again, there is another.)
pub const LASTS: TimeDelta = TimeDelta::hours(1);
/// The bytes of what is signed: three ids and a time.
const SIGNED: usize = 56;
/// The bytes of the signature.
const MAC: usize = 32;

/// An export, and the session that its link was shown to.
pub type Shown = (ExportKey, Uuid);

/// The path of a link to the export with `key` for `session`, from now on.
///
/// # Errors
/// [`Error::KeyMissing`].
pub fn write(app: &App, [user, id]: ExportKey, session: Uuid) -> Result<String, Error> {
    let until = app.clock.now() + LASTS;
    let until = until.timestamp_millis().to_be_bytes();
    let ids = [user, id, session].map(Uuid::into_bytes).concat();
    let signed = [&ids[..], &until].concat();
    let mac = app.secrets.mac(LINK, &signed)?;
    let token = URL_SAFE_NO_PAD.encode([&signed[..], &mac].concat());
    Ok(format!("/exports/{token}"))
}

/// Which export `token` is of, and for whom; none where it is no link of ours, or not good any more.
///
/// # Errors
/// [`Error::KeyMissing`].
pub fn read(app: &App, token: &str) -> Result<Option<Shown>, Error> {
    let Some(bytes) = URL_SAFE_NO_PAD.decode(token).ok() else {
        return Ok(None);
    };
    let Some((signed, mac)) = bytes.split_first_chunk::<SIGNED>() else {
        return Ok(None);
    };
    let Ok(mac) = <[u8; MAC]>::try_from(mac) else {
        return Ok(None);
    };
    if !app.secrets.has_signed(LINK, signed, &mac)? {
        return Ok(None);
    }
    Ok(signed_of(signed)
        .filter(|(_, until)| *until > app.clock.now())
        .map(|(shown, _)| shown))
}

fn signed_of(signed: &[u8; SIGNED]) -> Option<(Shown, DateTime<Utc>)> {
    let (user, rest) = signed.split_first_chunk::<16>()?;
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let (session, until) = rest.split_first_chunk::<16>()?;
    let until = i64::from_be_bytes(until.try_into().ok()?);
    let until = DateTime::from_timestamp_millis(until)?;
    let [user, id, session] = [user, id, session].map(|bytes| Uuid::from_bytes(*bytes));
    Some((([user, id], session), until))
}
