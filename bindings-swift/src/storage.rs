//! Where a cache outlives the app.

use larder_native::ClientOptions;

use crate::failure::Failure;

/// A file of the app's own.
#[derive(uniffi::Record)]
pub struct StorageFile {
    /// Where it is; it is made if it is not there.
    pub path: String,
    /// What it is encrypted with, 32 bytes.
    pub key: Option<Vec<u8>>,
}

impl StorageFile {
    #[cfg(feature = "storage")]
    pub(crate) fn open(self, options: ClientOptions) -> Result<ClientOptions, Failure> {
        use larder_native::storage::{EncryptionKey, SqliteStorage, encrypted};

        let storage = SqliteStorage::at(self.path);
        let Some(key) = self.key else { return Ok(options.storage(storage)) };
        let key: [u8; 32] = key.try_into().map_err(|key: Vec<u8>| {
            let message = format!("the key has {} bytes; an encryption key has 32", key.len());
            Failure::new("storage.wrong_key", message)
        })?;
        Ok(options.storage(encrypted(storage, &EncryptionKey::from_bytes(key))))
    }

    #[cfg(not(feature = "storage"))]
    pub(crate) fn open(self, _: ClientOptions) -> Result<ClientOptions, Failure> {
        let message = format!("{} cannot be opened: this library was compiled without storage", self.path);
        Err(Failure::new("storage.denied", message))
    }
}
