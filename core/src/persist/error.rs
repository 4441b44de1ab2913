//! What can go wrong with a disk.

use std::fmt;

use crate::bytes::Short;

/// Why something could not be stored or read back.
///
/// Backends make these; the cache goes on without them, in memory only, and tells the app.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {message}")]
#[non_exhaustive]
pub struct StorageError {
    /// What went wrong, for programs.
    pub kind: StorageErrorKind,
    /// What went wrong and what to do, for people.
    pub message: String,
}

impl StorageError {
    /// An error of this kind.
    pub fn new(kind: StorageErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// A stable name of the error, the same in every language.
    pub fn kind(&self) -> &'static str {
        self.kind.as_str()
    }
}

impl From<Short> for StorageError {
    fn from(_: Short) -> Self {
        Self::new(StorageErrorKind::Damaged, "a stored value ends too early")
    }
}

/// The families of storage errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StorageErrorKind {
    /// The disk is full, or the page may store no more.
    QuotaExceeded,
    /// Another process or tab has the storage open.
    Locked,
    /// Storing is not allowed here, as in a private window.
    Denied,
    /// The bytes are not what was stored.
    Damaged,
    /// A newer version of this library wrote it.
    NewerFormat,
    /// The key does not open it.
    WrongKey,
    /// Anything else that reading or writing can fail with.
    Io,
}

impl StorageErrorKind {
    /// A stable name, the same in every language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::QuotaExceeded => "storage.quota_exceeded",
            Self::Locked => "storage.locked",
            Self::Denied => "storage.denied",
            Self::Damaged => "storage.damaged",
            Self::NewerFormat => "storage.newer_format",
            Self::WrongKey => "storage.wrong_key",
            Self::Io => "storage.io",
        }
    }

    /// The kind of this name; [`Self::Io`] for a name that is not known.
    ///
    /// ```
    /// use larder::persist::StorageErrorKind;
    /// assert_eq!(StorageErrorKind::from_name("storage.locked"), StorageErrorKind::Locked);
    /// ```
    pub fn from_name(name: &str) -> Self {
        let known = [
            Self::QuotaExceeded,
            Self::Locked,
            Self::Denied,
            Self::Damaged,
            Self::NewerFormat,
            Self::WrongKey,
        ];
        known.into_iter().find(|kind| kind.as_str() == name).unwrap_or(Self::Io)
    }
}

impl fmt::Display for StorageErrorKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
