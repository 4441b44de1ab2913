//! Where what is cached is kept across restarts.
//!
//! A backend is a store of keys and values that takes whole batches. The core makes the batches and understands the values; the
//! driver has the backend on a thread of its own ([`thread`]), so that no step of the cache waits for a disk.

#[cfg(feature = "encryption")]
mod encrypted;
mod memory;
#[cfg(feature = "sqlite")]
mod sqlite;
mod thread;

#[cfg(feature = "encryption")]
pub use encrypted::{EncryptedStorage, EncryptionKey, encrypted};
pub use larder::persist::{Batch, Op, StorageError, StorageErrorKind};
pub use memory::MemoryStorage;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStorage;

pub(crate) use thread::{Finish, Job, Jobs, prepare};

/// Keys and values that survive the process, written in whole batches.
///
/// The client calls it from one thread of its own, one call at a time. Nothing touches the disk before the first call, so making a
/// storage never blocks.
///
/// What an implementation must hold, and what the suite in `tests/storage` checks:
///
/// - A batch is there as a whole or not at all, whatever happens in between, a killed process and lost power included. When
///   [`Self::commit`] returns `Ok`, it is there after both.
/// - Within a batch, later operations win. Deleting what is not there is no error.
/// - An empty value is a value.
/// - A value that comes back is the one that was stored; if the medium changed it, reading fails with
///   [`StorageErrorKind::Damaged`].
/// - Whoever opens it while another has it open gets [`StorageErrorKind::Locked`]; the first goes on undisturbed.
/// - After a commit that failed, the store is as before that commit.
///
/// ```
/// use larder_native::storage::{Batch, MemoryStorage, Storage};
/// let mut storage = MemoryStorage::default();
/// let mut batch = Batch::new(1);
/// batch.put("meta", b"1");
/// storage.commit(&batch)?;
/// assert_eq!(storage.keys()?, [("meta".to_owned(), 1)]);
/// assert_eq!(storage.read(&["meta", "hot"])?, [Some(b"1".to_vec()), None]);
/// # Ok::<(), larder_native::storage::StorageError>(())
/// ```
pub trait Storage: Send + 'static {
    /// Every key with the length of its value in bytes, in no particular order. Opens the storage if that has not been done.
    ///
    /// # Errors
    /// Anything that opening can fail with: [`StorageErrorKind::Locked`], [`StorageErrorKind::Denied`],
    /// [`StorageErrorKind::Damaged`], [`StorageErrorKind::NewerFormat`], [`StorageErrorKind::Io`].
    fn keys(&mut self) -> Result<Vec<(String, u64)>, StorageError>;

    /// The values of these keys, in the order of the keys; `None` for a key that there is not.
    ///
    /// # Errors
    /// [`StorageErrorKind::Damaged`], [`StorageErrorKind::Io`].
    fn read(&mut self, keys: &[&str]) -> Result<Vec<Option<Vec<u8>>>, StorageError>;

    /// Stores all of a batch, durably.
    ///
    /// # Errors
    /// [`StorageErrorKind::QuotaExceeded`] if there is no room, [`StorageErrorKind::Io`]. Nothing of the batch is stored then.
    fn commit(&mut self, batch: &Batch) -> Result<(), StorageError>;

    /// Forgets everything, for good. This also helps where the storage cannot be opened because it is damaged or of a newer format.
    ///
    /// # Errors
    /// [`StorageErrorKind::Locked`], [`StorageErrorKind::Denied`], [`StorageErrorKind::Io`].
    fn wipe(&mut self) -> Result<(), StorageError>;

    /// Lets go of the storage, so that another may open it. The next call opens it again.
    ///
    /// # Errors
    /// [`StorageErrorKind::Io`]; it is let go of all the same.
    fn close(&mut self) -> Result<(), StorageError>;
}

impl Storage for Box<dyn Storage> {
    fn keys(&mut self) -> Result<Vec<(String, u64)>, StorageError> {
        (**self).keys()
    }

    fn read(&mut self, keys: &[&str]) -> Result<Vec<Option<Vec<u8>>>, StorageError> {
        (**self).read(keys)
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StorageError> {
        (**self).commit(batch)
    }

    fn wipe(&mut self) -> Result<(), StorageError> {
        (**self).wipe()
    }

    fn close(&mut self) -> Result<(), StorageError> {
        (**self).close()
    }
}
