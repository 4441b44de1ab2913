//! A text that only who has the key can read, and that is worth nothing in another place.

use chacha20poly1305::XNonce;
use chacha20poly1305::aead::{Aead, Payload};
use data_encoding::BASE64_NOPAD;
use sea_orm::DbErr;

use super::key::{Key, NONCE, random};

/// What such a text begins with. No JSON does.
const PREFIX: &str = "sealed1:";

pub(super) fn is_sealed(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// Encrypts a text for a place.
pub(super) fn close(key: &Key, place: &str, text: &str) -> Result<String, DbErr> {
    let nonce = random::<NONCE>().map_err(|error| DbErr::Custom(error.to_string()))?;
    let what = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
    let closed = key.0.encrypt(&XNonce::from(nonce), what);
    let closed = closed.map_err(|_| DbErr::Custom(format!("{place} is too long to be encrypted")))?;
    Ok(format!("{PREFIX}{}{}", BASE64_NOPAD.encode(&nonce), BASE64_NOPAD.encode(&closed)))
}

/// Decrypts the text of a place.
pub(super) fn open(key: &Key, place: &str, text: &str) -> Result<String, DbErr> {
    let damaged =
        || DbErr::Custom(format!("what the database keeps of {place} is damaged or of another place"));
    let (nonce, closed) = text
        .strip_prefix(PREFIX)
        .and_then(|text| text.split_at_checked(BASE64_NOPAD.encode_len(NONCE)))
        .ok_or_else(damaged)?;
    let bytes = |text: &str| BASE64_NOPAD.decode(text.as_bytes()).map_err(|_| damaged());
    let (nonce, closed) = (bytes(nonce)?, bytes(closed)?);
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| damaged())?;
    let what = Payload { msg: &closed, aad: place.as_bytes() };
    let opened = key.0.decrypt(&XNonce::from(nonce), what).map_err(|_| damaged())?;
    String::from_utf8(opened).map_err(|_| damaged())
}
