//! What can go wrong with an engine as a whole.

use std::io;
use std::path::PathBuf;

use sea_orm::DbErr;

/// Why an engine could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The root is not a folder, and no database remembers it.
    #[error("{path} is not a folder: give the path of one that exists", path = .0.display())]
    NotAFolder(PathBuf),
    /// The operating system names no place for data.
    #[error("there is no data directory to keep the database in: give a file with --db")]
    NoDataDirectory,
    /// Another engine uses the database.
    #[error("another engine uses {file}: stop it first, or give another file with --db", file = .0.display())]
    InUse(PathBuf),
    /// The database is of another folder.
    #[error("{file} is the database of {folder}: give another file with --db", file = .file.display())]
    OtherFolder {
        /// The database.
        file: PathBuf,
        /// The folder that it mirrors.
        folder: String,
    },
    /// The database is of another library.
    #[error("{file} belongs to the library {library}: give another file with --db, or that library", file = .file.display())]
    OtherLibrary {
        /// The database.
        file: PathBuf,
        /// The library that it belongs to.
        library: String,
    },
    /// The database is encrypted.
    #[error("{file} is encrypted: give its passphrase, in a file with --passphrase-file or in LARDER_PASSPHRASE", file = .0.display())]
    PassphraseNeeded(PathBuf),
    /// The database is encrypted by another passphrase.
    #[error("the passphrase of {file} is another one", file = .0.display())]
    PassphraseWrong(PathBuf),
    /// The database cannot be encrypted, or decrypted.
    #[error("{file} cannot be encrypted: {reason}", file = .file.display())]
    Passphrase {
        /// The database.
        file: PathBuf,
        /// What is in the way.
        reason: String,
    },
    /// The token could not be part of a URL.
    #[error("a token has 1 to 200 letters, digits, hyphens or underscores")]
    InvalidToken,
    /// The models of a library do not fit together.
    #[error("the models that sync do not fit together: {0}")]
    Models(String),
    /// Other devices cannot reach this one.
    #[error("{0}")]
    Devices(String),
    /// The place of the database cannot be used.
    #[error("{path} cannot be used: {error}", path = .path.display())]
    Io {
        /// What was to be used.
        path: PathBuf,
        /// What the operating system said.
        error: io::Error,
    },
    /// The database cannot be used.
    #[error("{file} cannot be used as a database: {error}", file = .file.display())]
    Database {
        /// The file.
        file: PathBuf,
        /// What the database said.
        error: DbErr,
    },
}

impl OpenError {
    /// The stable name of the reason.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotAFolder(_) => "open.not_a_folder",
            Self::NoDataDirectory => "open.no_data_directory",
            Self::InUse(_) => "open.in_use",
            Self::OtherFolder { .. } => "open.other_folder",
            Self::OtherLibrary { .. } => "open.other_library",
            Self::PassphraseNeeded(_) => "open.passphrase_needed",
            Self::PassphraseWrong(_) => "open.passphrase_wrong",
            Self::Passphrase { .. } => "open.passphrase",
            Self::InvalidToken => "open.invalid_token",
            Self::Models(_) => "open.models",
            Self::Devices(_) => "open.devices",
            Self::Io { .. } => "open.io",
            Self::Database { .. } => "open.database",
        }
    }
}

/// Why an engine stopped serving.
#[derive(Debug, thiserror::Error)]
#[error("the server failed: {0}")]
pub struct ServeError(#[from] pub(crate) io::Error);

impl ServeError {
    /// The stable name of the reason.
    pub fn kind(&self) -> &'static str {
        "serve.io"
    }
}

/// Why a conflict, or a row, cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConflictError {
    /// Somebody has settled it, here or on another device.
    #[error("there is no conflict `{0}`: it may be settled already")]
    NotFound(String),
    /// The database failed, or refused.
    #[error("the database failed: {0}")]
    Database(#[from] sea_orm::DbErr),
}
