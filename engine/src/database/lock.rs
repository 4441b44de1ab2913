//! One engine per database file: two would hand out the same sequences.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::private::open_file;

/// Held as long as the engine lives; the operating system lets go of it when the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// The lock's own file, beside the database.
    pub(crate) fn file(database: &Path) -> PathBuf {
        let mut name = database.as_os_str().to_owned();
        name.push("-lock");
        PathBuf::from(name)
    }

    /// `None`: another engine holds it.
    pub(crate) fn take(database: &Path) -> io::Result<Option<Self>> {
        let file = open_file(&Self::file(database))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}
