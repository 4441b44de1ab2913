//! A storage that lives as long as its handles: for tests, and for apps that keep nothing on disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Batch, Op, Storage, StorageError, StorageErrorKind};

/// Values in memory. Clones share them, so that a client can be closed and another opened over the same values.
///
/// ```
/// use larder_native::storage::{MemoryStorage, Storage};
/// let disk = MemoryStorage::default();
/// let (mut first, mut second) = (disk.clone(), disk.clone());
/// first.keys()?;
/// assert_eq!(second.keys().unwrap_err().kind(), "storage.locked");
/// first.close()?;
/// second.keys()?;
/// # Ok::<(), larder_native::storage::StorageError>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryStorage {
    disk: Arc<Mutex<Disk>>,
    /// Whether this handle is the one that has it open.
    is_open: bool,
}

#[derive(Debug, Default)]
struct Disk {
    values: HashMap<String, Vec<u8>>,
    is_taken: bool,
    most_bytes: Option<usize>,
}

impl MemoryStorage {
    /// Refuses batches that would make it larger than so many bytes, keys and values together. For tests of what an app does then.
    #[must_use]
    pub fn most_bytes(self, most: usize) -> Self {
        self.disk().most_bytes = Some(most);
        self
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&mut self) -> Result<MutexGuard<'_, Disk>, StorageError> {
        let mut disk = self.disk.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_open && disk.is_taken {
            let message = "another client has this storage open; close that one first";
            return Err(StorageError::new(StorageErrorKind::Locked, message));
        }
        disk.is_taken = true;
        self.is_open = true;
        Ok(disk)
    }
}

impl Clone for MemoryStorage {
    /// Another handle to the same values, not open.
    fn clone(&self) -> Self {
        Self { disk: Arc::clone(&self.disk), is_open: false }
    }
}

impl Storage for MemoryStorage {
    fn keys(&mut self) -> Result<Vec<(String, u64)>, StorageError> {
        Ok(self.open()?.values.iter().map(|(key, value)| (key.clone(), value.len() as u64)).collect())
    }

    fn read(&mut self, keys: &[&str]) -> Result<Vec<Option<Vec<u8>>>, StorageError> {
        let disk = self.open()?;
        Ok(keys.iter().map(|key| disk.values.get(*key).cloned()).collect())
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StorageError> {
        let mut disk = self.open()?;
        if let Some(most) = disk.most_bytes {
            let mut after: HashMap<&str, usize> =
                disk.values.iter().map(|(key, value)| (key.as_str(), value.len())).collect();
            for op in batch.ops() {
                match op {
                    Op::Put { key, value } => after.insert(key, value.len()),
                    Op::Delete { key } => after.remove(key),
                };
            }
            let needed: usize = after.iter().map(|(key, length)| key.len() + length).sum();
            if needed > most {
                let message =
                    format!("{needed} bytes do not fit into {most}; nothing of this batch was stored");
                return Err(StorageError::new(StorageErrorKind::QuotaExceeded, message));
            }
        }
        for op in batch.ops() {
            match op {
                Op::Put { key, value } => disk.values.insert(key.to_owned(), value.to_vec()),
                Op::Delete { key } => disk.values.remove(key),
            };
        }
        Ok(())
    }

    fn wipe(&mut self) -> Result<(), StorageError> {
        self.open()?.values.clear();
        Ok(())
    }

    fn close(&mut self) -> Result<(), StorageError> {
        if std::mem::take(&mut self.is_open) {
            self.disk().is_taken = false;
        }
        Ok(())
    }
}

impl Drop for MemoryStorage {
    fn drop(&mut self) {
        _ = self.close();
    }
}
