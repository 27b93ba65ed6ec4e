//! The links by which browsers fetch photos, without signing in: given to who sees the photo, and good for a day
//! or two. They are the same all day long (UTC), so that a browser fetches each file once.
//!
//! A link names a photo, a size and a day, signed with a key of the service's own. (Where it has none, each server
//! signs for itself: the others know nothing of its links.) It is no good any more from
//! the moment on in which the photo is removed, or its owner is absent.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{picture::Size, store::PhotoKey};
use crate::{app::App, error::Error, secrets::Purpose};

/// What links are signed for.
const LINK: Purpose = Purpose::new("photo link");
/// The path that they begin with.
pub const PATH: &str = "/photos/";
/// The seconds of a day.
const DAY: i64 = 86_400;
/// A link is good on its day, and on the next.
const DAYS: i64 = 2;
/// The bytes of what is signed: two ids, a size, whether the owner was absent, and a day.
const SIGNED: usize = 38;
/// The bytes of the signature.
const MAC: usize = 32;

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The photo.
    pub key: PhotoKey,
    /// Which of its files.
    pub size: Size,
    /// For how long the link is good yet.
    pub lasts: TimeDelta,
}

/// The path of a link to the photo with `key`, for somebody who sees it.
///
/// # Errors
/// [`Error::Internal`], in theory.
pub fn write(app: &App, key @ [owner, _]: PhotoKey, size: Size) -> Result<String, Error> {
    let day = app.clock.now().timestamp().div_euclid(DAY);
    let day = u32::try_from(day).unwrap_or_default();
    // Who sees somebody who is absent sees the photo, too: a moderator, and the owner.
    let is_absent = app.absent_for(None).contains(owner);
    let ids = key.map(Uuid::into_bytes).concat();
    let rest = [tag(size), u8::from(is_absent)];
    let signed = [&ids[..], &rest, &day.to_be_bytes()].concat();
    let marks = app.secrets.marks(LINK, &signed)?;
    let mac = marks.first().map_or(&[][..], |mac| mac);
    let token = URL_SAFE_NO_PAD.encode([&signed[..], mac].concat());
    Ok(format!("{PATH}{token}"))
}

/// What `token` leads to; nothing where it is no link of ours, or is no good any more.
///
/// # Errors
/// [`Error::Internal`], in theory.
pub fn read(app: &App, token: &str) -> Result<Option<Linked>, Error> {
    let Some(bytes) = URL_SAFE_NO_PAD.decode(token).ok() else {
        return Ok(None);
    };
    let Some((signed, mac)) = bytes.split_first_chunk::<SIGNED>() else {
        return Ok(None);
    };
    let Ok(mac) = <[u8; MAC]>::try_from(mac) else {
        return Ok(None);
    };
    if !app.secrets.has_marked(LINK, signed, &mac)? {
        return Ok(None);
    }
    let now = app.clock.now();
    Ok(signed_of(signed, now).and_then(|(linked, was_absent)| {
        let [owner, _] = linked.key;
        let is_absent = app.absent_for(None).contains(owner);
        let is_good = linked.lasts > TimeDelta::zero() && (was_absent || !is_absent);
        is_good.then_some(linked)
    }))
}

fn signed_of(signed: &[u8; SIGNED], now: DateTime<Utc>) -> Option<(Linked, bool)> {
    let (owner, rest) = signed.split_first_chunk::<16>()?;
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let (rest, day) = rest.split_first_chunk::<2>()?;
    let [size, was_absent] = *rest;
    let day = i64::from(u32::from_be_bytes(day.try_into().ok()?));
    let lasts = TimeDelta::try_seconds((day + DAYS) * DAY - now.timestamp())?;
    let linked = Linked {
        key: [Uuid::from_bytes(*owner), Uuid::from_bytes(*id)],
        size: Size::ALL.into_iter().find(|known| tag(*known) == size)?,
        lasts,
    };
    Some((linked, was_absent == 1))
}

fn tag(size: Size) -> u8 {
    match size {
        Size::Small => b's',
        Size::Medium => b'm',
        Size::Large => b'l',
    }
}
