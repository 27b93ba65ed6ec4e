//! By which invitation and with which number somebody joins, as a repeated sign-up is known by: keyed hashes,
//! for the number is to be kept nowhere, and the code lets others join.

use sha2::{Digest, Sha256};

use crate::{app::App, code::Code, error::Error, phone::number::Number, secrets::Purpose};

const WAY: Purpose = Purpose::new("way to join");

/// What `invitation` and `number` are known by under each key, the newest first, however both are written;
/// nothing where neither is given.
///
/// # Errors
/// [`Error::Internal`], in theory.
pub(super) fn marks(
    app: &App,
    invitation: Option<&str>,
    number: Option<&str>,
) -> Result<Vec<Vec<u8>>, Error> {
    if invitation.is_none() && number.is_none() {
        return Ok(Vec::new());
    }
    let invitation = invitation.map(|text| match Code::read(text) {
        Some(code) => code.write(),
        // By what is none nobody joins, and nothing is kept.
        None => text.to_owned(),
    });
    let number = number.map(|text| match Number::read(text) {
        Ok(number) => number.e164().to_owned(),
        Err(_) => text.to_owned(),
    });
    let text = serde_json::to_vec(&(&invitation, &number)).map_err(Error::internal)?;
    match app.secrets.macs(WAY, &text) {
        Ok(marks) => Ok(marks.into_iter().map(Vec::from).collect()),
        // Without a key nobody joins with a number. An invitation's code has too many bits to be guessed.
        Err(Error::KeyMissing) => Ok(vec![Sha256::digest(format!("{invitation:?}")).to_vec()]),
        Err(error) => Err(error),
    }
}
