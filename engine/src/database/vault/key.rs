//! The key of a database, and the passphrase that opens it.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

use super::VaultError;

/// What Argon2id costs for a new key: 64 MiB, three times over, as RFC 9106 recommends where memory is scarce.
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// What a database may ask for at most: 1 GiB.
const MAX_MEMORY_KIB: u32 = 1 << 20;
const MAX_PASSES: u32 = 64;
/// How many bytes a nonce has.
pub(super) const NONCE: usize = 24;
const SALT: usize = 16;
const PURPOSE: &[u8] = b"larder vault key 1";

/// What somebody has to know. It is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase(String);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl Passphrase {
    /// Takes a text, without line ends behind it; nothing, if that leaves nothing.
    ///
    /// ```
    /// use larder_engine::Passphrase;
    /// assert_eq!(Passphrase::new("correct horse\n"), Passphrase::new("correct horse"));
    /// assert_eq!(Passphrase::new("\n"), None);
    /// ```
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let mut text = text.into();
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
        (!text.is_empty()).then_some(Self(text))
    }
}

/// What encrypts.
pub(super) struct Key(pub(super) XChaCha20Poly1305, [u8; 32]);

/// A key as the database has it, encrypted by the passphrase.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wrapped {
    /// `argon2id`.
    kdf: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    /// These in Base64.
    salt: String,
    nonce: String,
    key: String,
}

impl Key {
    pub(super) fn random() -> Result<Self, VaultError> {
        Ok(Self::new(random()?))
    }

    fn new(bytes: [u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new((&bytes).into()), bytes)
    }

    /// Encrypts the key itself.
    pub(super) async fn wrap(&self, passphrase: Passphrase) -> Result<Wrapped, VaultError> {
        let (salt, nonce) = (random::<SALT>()?, random::<NONCE>()?);
        let by = derive(passphrase, salt.to_vec(), (MEMORY_KIB, PASSES, LANES)).await?;
        let what = Payload { msg: &self.1, aad: PURPOSE };
        let key = by.0.encrypt(&XNonce::from(nonce), what).map_err(|_| unusable("it is too long"))?;
        Ok(Wrapped {
            kdf: "argon2id".to_owned(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: BASE64.encode(&salt),
            nonce: BASE64.encode(&nonce),
            key: BASE64.encode(&key),
        })
    }
}

impl Wrapped {
    pub(super) fn read(text: &str) -> Result<Self, VaultError> {
        serde_json::from_str(text).map_err(|_| damaged())
    }

    pub(super) fn write(&self) -> Result<String, VaultError> {
        serde_json::to_string(self).map_err(|error| unusable(&error.to_string()))
    }

    /// The key, if the passphrase is the right one.
    pub(super) async fn unwrap(self, passphrase: Passphrase) -> Result<Key, VaultError> {
        let bytes = |text: &str| BASE64.decode(text.as_bytes()).map_err(|_| damaged());
        let (salt, nonce, key) = (bytes(&self.salt)?, bytes(&self.nonce)?, bytes(&self.key)?);
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| damaged())?;
        let is_sane = self.memory_kib <= MAX_MEMORY_KIB && self.passes <= MAX_PASSES;
        if self.kdf != "argon2id" || !is_sane {
            return Err(damaged());
        }
        let by = derive(passphrase, salt, (self.memory_kib, self.passes, self.lanes)).await?;
        let what = Payload { msg: &key, aad: PURPOSE };
        let key = by.0.decrypt(&XNonce::from(nonce), what).map_err(|_| VaultError::Wrong)?;
        Ok(Key::new(key.try_into().map_err(|_| damaged())?))
    }
}

/// The key that follows from a passphrase. It takes its time, on purpose.
async fn derive(
    passphrase: Passphrase,
    salt: Vec<u8>,
    (memory, passes, lanes): (u32, u32, u32),
) -> Result<Key, VaultError> {
    let working = tokio::task::spawn_blocking(move || {
        let params = Params::new(memory, passes, lanes, None).map_err(|_| damaged())?;
        let mut key = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.0.as_bytes(), &salt, &mut key)
            .map_err(|error| unusable(&error.to_string()))?;
        Ok(Key::new(key))
    });
    working.await.map_err(|error| unusable(&error.to_string()))?
}

/// Bytes that nobody can foresee.
pub(super) fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| unusable("the operating system gives no random numbers"))?;
    Ok(bytes)
}

fn unusable(why: &str) -> VaultError {
    VaultError::Unusable(why.to_owned())
}

fn damaged() -> VaultError {
    unusable("`vault` in the table `meta` is damaged")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_comes_back_by_its_passphrase_alone() {
        let key = Key::random().unwrap();
        let passphrase = |text: &str| Passphrase::new(text).unwrap();
        let kept = key.wrap(passphrase("one")).await.unwrap().write().unwrap();
        let again = Wrapped::read(&kept).unwrap().unwrap(passphrase("one")).await.unwrap();
        assert_eq!(again.1, key.1);
        let wrong = Wrapped::read(&kept).unwrap().unwrap(passphrase("two")).await;
        assert!(matches!(wrong, Err(VaultError::Wrong)));
        let greedy = kept.replace(&format!("\"memory_kib\":{MEMORY_KIB}"), "\"memory_kib\":4000000000");
        let refused = Wrapped::read(&greedy).unwrap().unwrap(passphrase("one")).await;
        assert!(matches!(refused, Err(VaultError::Unusable(_))));
        assert!(Wrapped::read("{}").is_err());
        assert!(!format!("{:?}", passphrase("one")).contains("one"));
    }
}
