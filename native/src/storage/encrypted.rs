//! A storage whose values nobody can read, or change unnoticed, without the key.

mod seal;

use super::{Batch, Op, Storage, StorageError, StorageErrorKind};
use seal::{OVERHEAD_BYTES, Sealer};

/// The name of the record that tells whether a key is the right one. The cache has no key of this name.
const CHECK: &str = "key";
const CHECKED: &[u8] = b"larder";

/// A key of 256 bits. Keep it where the system keeps secrets, such as the Keychain; it is erased from memory when dropped.
///
/// ```
/// use larder_native::storage::EncryptionKey;
/// let new = EncryptionKey::generate()?;
/// let again = EncryptionKey::from_bytes(*new.as_bytes());
/// # Ok::<(), larder_native::storage::StorageError>(())
/// ```
#[derive(Clone)]
pub struct EncryptionKey([u8; 32]);

impl EncryptionKey {
    /// The key of these bytes, which must be random: a password is none.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new random key.
    ///
    /// # Errors
    /// [`StorageErrorKind::Io`] if the system has no randomness to give.
    pub fn generate() -> Result<Self, StorageError> {
        let mut bytes = [0; 32];
        seal::fill_randomly(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Its bytes, to be kept.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for EncryptionKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("EncryptionKey(..)")
    }
}

impl Drop for EncryptionKey {
    fn drop(&mut self) {
        // Read again afterwards, so that the writing is not taken for useless.
        self.0.fill(0);
        std::hint::black_box(&self.0);
    }
}

/// Encrypts every value before it reaches `storage`: AES-256-GCM, with a random nonce for each and the value's own key name as
/// associated data, so that values cannot be exchanged for each other. The names of keys and the lengths of values are not hidden, and
/// that an older copy of the whole storage was put in its place is not noticed.
///
/// What is stored is `1`, the nonce (12 bytes), the ciphertext and the tag (16 bytes); the same in every language.
///
/// ```
/// use larder_native::storage::{Batch, EncryptionKey, MemoryStorage, Storage, encrypted};
/// let disk = MemoryStorage::default();
/// let mut storage = encrypted(disk.clone(), &EncryptionKey::generate()?);
/// let mut batch = Batch::new(1);
/// batch.put("meta", b"cursor");
/// storage.commit(&batch)?;
/// assert_eq!(storage.read(&["meta"])?, [Some(b"cursor".to_vec())]);
///
/// storage.close()?;
/// let mut other = encrypted(disk, &EncryptionKey::generate()?);
/// assert_eq!(other.keys().unwrap_err().kind(), "storage.wrong_key");
/// # Ok::<(), larder_native::storage::StorageError>(())
/// ```
pub fn encrypted<S: Storage>(storage: S, key: &EncryptionKey) -> EncryptedStorage<S> {
    EncryptedStorage { storage, sealer: Sealer::new(key.as_bytes()), checked: None }
}

/// A storage that [`encrypted`] has made.
pub struct EncryptedStorage<S> {
    storage: S,
    sealer: Result<Sealer, StorageError>,
    /// Whether the key fits, and so need not be tried again, and whether the record that tells is there.
    checked: Option<HasCheck>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum HasCheck {
    Yes,
    NotYet,
}

impl<S: Storage> EncryptedStorage<S> {
    /// Encrypts everything anew with another key, all of it in one batch: whatever happens in between, either the old key opens it
    /// or the new one. Keep the old key until this has returned. All values are in memory meanwhile.
    ///
    /// ```
    /// # use larder_native::storage::{EncryptionKey, MemoryStorage, Storage, encrypted};
    /// let disk = MemoryStorage::default();
    /// let (old, new) = (EncryptionKey::generate()?, EncryptionKey::generate()?);
    /// let mut storage = encrypted(disk.clone(), &old);
    /// storage.rotate(&new)?;
    /// storage.close()?;
    /// encrypted(disk, &new).keys()?;
    /// # Ok::<(), larder_native::storage::StorageError>(())
    /// ```
    ///
    /// # Errors
    /// As reading and committing; the old key is the right one then.
    pub fn rotate(&mut self, key: &EncryptionKey) -> Result<(), StorageError> {
        let keys = self.keys()?;
        let sealer = Sealer::new(key.as_bytes())?;
        let mut batch = Batch::new(0);
        batch.put(CHECK, &sealer.seal(CHECK, CHECKED)?);
        for (key, _) in &keys {
            for value in self.read(&[key.as_str()])?.iter().flatten() {
                batch.put(key, &sealer.seal(key, value)?);
            }
        }
        self.storage.commit(&batch)?;
        self.sealer = Ok(sealer);
        self.checked = Some(HasCheck::Yes);
        Ok(())
    }

    fn sealer(&self) -> Result<&Sealer, StorageError> {
        self.sealer.as_ref().map_err(Clone::clone)
    }

    /// Makes sure that the key is the right one.
    fn check(&mut self) -> Result<HasCheck, StorageError> {
        if let Some(checked) = self.checked {
            return Ok(checked);
        }
        let found = self.storage.read(&[CHECK])?.into_iter().flatten().next();
        let checked = match found {
            Some(sealed) => match self.sealer()?.open(CHECK, sealed) {
                Ok(_) => HasCheck::Yes,
                Err(error) if error.kind == StorageErrorKind::NewerFormat => return Err(error),
                Err(_) => {
                    return Err(wrong(
                        "this key does not open the storage; give the one that it was written with",
                    ));
                }
            },
            None if self.storage.keys()?.is_empty() => HasCheck::NotYet,
            None => return Err(wrong("this storage is not encrypted; open it as it is, or wipe it")),
        };
        self.checked = Some(checked);
        Ok(checked)
    }
}

fn wrong(message: &str) -> StorageError {
    StorageError::new(StorageErrorKind::WrongKey, message)
}

impl<S: Storage> Storage for EncryptedStorage<S> {
    fn keys(&mut self) -> Result<Vec<(String, u64)>, StorageError> {
        self.check()?;
        let mut keys = self.storage.keys()?;
        keys.retain(|(key, _)| key != CHECK);
        keys.iter_mut().for_each(|(_, bytes)| *bytes = bytes.saturating_sub(OVERHEAD_BYTES));
        Ok(keys)
    }

    fn read(&mut self, keys: &[&str]) -> Result<Vec<Option<Vec<u8>>>, StorageError> {
        self.check()?;
        let values = self.storage.read(keys)?;
        let sealer = self.sealer()?;
        let opened = keys
            .iter()
            .zip(values)
            .map(|(key, value)| value.map(|sealed| sealer.open(key, sealed)).transpose());
        opened.collect()
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StorageError> {
        let checked = self.check()?;
        let mut sealed = Batch::new(batch.number());
        let sealer = self.sealer()?;
        if checked == HasCheck::NotYet {
            sealed.put(CHECK, &sealer.seal(CHECK, CHECKED)?);
        }
        for op in batch.ops() {
            match op {
                Op::Put { key, value } => sealed.put(key, &sealer.seal(key, value)?),
                Op::Delete { key } => sealed.delete(key),
            }
        }
        self.storage.commit(&sealed)?;
        self.checked = Some(HasCheck::Yes);
        Ok(())
    }

    fn wipe(&mut self) -> Result<(), StorageError> {
        self.checked = None;
        self.storage.wipe()
    }

    fn close(&mut self) -> Result<(), StorageError> {
        self.checked = None;
        self.storage.close()
    }
}
