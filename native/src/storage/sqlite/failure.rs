//! What SQLite and the file system say, in our words.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

use crate::storage::{StorageError, StorageErrorKind};

/// What went wrong with the database at `path`.
pub(super) fn failure(error: &rusqlite::Error, path: &Path) -> StorageError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StorageErrorKind::QuotaExceeded,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
            StorageErrorKind::Locked
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StorageErrorKind::Damaged,
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::ReadOnly
            | ErrorCode::AuthorizationForStatementDenied,
        ) => StorageErrorKind::Denied,
        _ => StorageErrorKind::Io,
    };
    StorageError::new(kind, format!("{}: {error}; {}", path.display(), remedy(kind)))
}

/// What went wrong with a file or folder.
pub(super) fn of_file(error: &io::Error, path: &Path) -> StorageError {
    let kind = match error.kind() {
        io::ErrorKind::PermissionDenied
        | io::ErrorKind::ReadOnlyFilesystem
        | io::ErrorKind::NotADirectory => StorageErrorKind::Denied,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StorageErrorKind::QuotaExceeded,
        _ => StorageErrorKind::Io,
    };
    StorageError::new(kind, format!("{}: {error}; {}", path.display(), remedy(kind)))
}

fn remedy(kind: StorageErrorKind) -> &'static str {
    match kind {
        StorageErrorKind::QuotaExceeded => "make room on the disk",
        StorageErrorKind::Locked => "close the other client or process that has it open",
        StorageErrorKind::Damaged => "wipe the storage, and the cache is filled anew",
        StorageErrorKind::Denied => "give the app a path that it may write to",
        _ => "the client goes on without it",
    }
}
