//! One key: what is derived from it, and how keys are written.

use anyhow::{Context, anyhow, ensure};
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, aead::Aead};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::error::Error;

/// The bytes of a key.
pub const KEY_BYTES: usize = 32;
/// The bytes of what a key is known by.
pub(super) const KEY_ID: usize = 8;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One key.
pub(super) struct Key {
    /// Derived from the key: it stays the same wherever the key stands, and tells nothing of it.
    pub(super) id: [u8; KEY_ID],
    root: Hkdf<Sha256>,
}

impl Key {
    pub(super) fn new(key: &[u8; KEY_BYTES]) -> Result<Self, Error> {
        let root = Hkdf::new(Some(b"ashiato"), key);
        let mut id = [0; KEY_ID];
        root.expand(b"ashiato id", &mut id)
            .map_err(Error::internal)?;
        Ok(Self { id, root })
    }

    fn derive(&self, info: &[u8]) -> Result<[u8; KEY_BYTES], Error> {
        let mut derived = [0; KEY_BYTES];
        self.root
            .expand(info, &mut derived)
            .map_err(Error::internal)?;
        Ok(derived)
    }

    pub(super) fn seal(
        &self,
        info: &[u8],
        nonce: &[u8; 24],
        plain: &[u8],
    ) -> Result<Vec<u8>, Error> {
        XChaCha20Poly1305::new(&self.derive(info)?.into())
            .encrypt(nonce.into(), plain)
            .map_err(Error::internal)
    }

    pub(super) fn open(
        &self,
        info: &[u8],
        nonce: &[u8; 24],
        sealed: &[u8],
    ) -> Result<Vec<u8>, Error> {
        XChaCha20Poly1305::new(&self.derive(info)?.into())
            .decrypt(nonce.into(), sealed)
            .map_err(|_| Error::internal("a sealed text was changed, or is another's"))
    }

    pub(super) fn mac(&self, info: &[u8], text: &[u8]) -> Result<[u8; 32], Error> {
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.derive(info)?);
        let mac = mac.map_err(Error::internal)?.chain_update(text);
        Ok(mac.finalize().into_bytes().into())
    }
}

/// The keys that `text` holds, the newest first: each as base64, of either alphabet, between commas
/// or on lines of their own. What stands behind a # is a remark.
///
/// # Errors
/// A sentence that says which of them is none, never what it is.
pub fn read_keys(text: &str) -> anyhow::Result<Vec<[u8; KEY_BYTES]>> {
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default());
    let words = lines.flat_map(|line| line.split(',')).map(str::trim);
    let keys = words
        .filter(|word| !word.is_empty())
        .enumerate()
        .map(|(index, word)| {
            let number = index + 1;
            read(word).with_context(|| format!("secret key {number} cannot be used"))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    ensure!(!keys.is_empty(), "there is no secret key in it");
    Ok(keys)
}

fn read(word: &str) -> anyhow::Result<[u8; KEY_BYTES]> {
    let plain = word.replace('-', "+").replace('_', "/");
    // What the library says would name characters of the key.
    let bytes = BASE64.decode(plain).map_err(|_| {
        anyhow!("it is no base64: `openssl rand -base64 {KEY_BYTES}` prints one that is")
    })?;
    let length = bytes.len();
    bytes.try_into().map_err(|_| {
        anyhow!(
            "it has {length} bytes, and a key has {KEY_BYTES}: `openssl rand -base64 {KEY_BYTES}` \
             prints one"
        )
    })
}

/// As [`read_keys`] reads it.
pub(super) fn written(key: &[u8; KEY_BYTES]) -> String {
    BASE64.encode(key)
}
