//! One value, encrypted and decrypted.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;
use ring::rand::{SecureRandom, SystemRandom};

use crate::storage::{StorageError, StorageErrorKind};

/// The form of what is stored.
const FORMAT: u8 = 1;
/// How much longer a value is when it is encrypted: format, nonce, tag.
pub(super) const OVERHEAD_BYTES: u64 = 1 + NONCE_LEN as u64 + 16;
const HEAD_BYTES: usize = 1 + NONCE_LEN;

pub(super) struct Sealer(LessSafeKey);

impl Sealer {
    pub(super) fn new(key: &[u8; 32]) -> Result<Self, StorageError> {
        let refused = |_| StorageError::new(StorageErrorKind::WrongKey, "this cannot be a key");
        UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map(Self).map_err(refused)
    }

    /// Encrypts the value of this key.
    pub(super) fn seal(&self, key: &str, value: &[u8]) -> Result<Vec<u8>, StorageError> {
        let mut nonce = [0; NONCE_LEN];
        fill_randomly(&mut nonce)?;
        let mut sealed = Vec::with_capacity(value.len() + OVERHEAD_BYTES as usize);
        sealed.push(FORMAT);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(value);
        let text = sealed.get_mut(HEAD_BYTES..).unwrap_or_default();
        let too_long = |_: Unspecified| {
            StorageError::new(
                StorageErrorKind::Io,
                format!("the value of `{key}` is too long to be encrypted"),
            )
        };
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.0.seal_in_place_separate_tag(nonce, Aad::from(key), text).map_err(too_long)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Decrypts the value of this key.
    pub(super) fn open(&self, key: &str, mut sealed: Vec<u8>) -> Result<Vec<u8>, StorageError> {
        let damaged = || {
            let message = format!(
                "the value of `{key}` cannot be decrypted; wipe the storage, and the cache is filled anew"
            );
            StorageError::new(StorageErrorKind::Damaged, message)
        };
        let (format, rest) = sealed.split_first_mut().ok_or_else(damaged)?;
        if *format != FORMAT {
            let message = format!(
                "the value of `{key}` is encrypted in a form that this version does not know; update the app"
            );
            return Err(StorageError::new(StorageErrorKind::NewerFormat, message));
        }
        let (nonce, text) = rest.split_first_chunk_mut::<NONCE_LEN>().ok_or_else(damaged)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::from(key), text).map_err(|_| damaged())?.len();
        sealed.drain(..HEAD_BYTES);
        sealed.truncate(length);
        Ok(sealed)
    }
}

pub(super) fn fill_randomly(bytes: &mut [u8]) -> Result<(), StorageError> {
    let failed = |_| StorageError::new(StorageErrorKind::Io, "the system has no randomness to give");
    SystemRandom::new().fill(bytes).map_err(failed)
}
