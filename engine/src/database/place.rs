//! Where the database of a folder is when nobody says: in the data directory of the operating system, never in the folder.

use std::env;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::Lock;

/// Names a folder by its canonical path: the same folder has the same id in every run.
pub(crate) fn folder_id(root: &Path) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, root.as_os_str().as_encoded_bytes())
}

/// The database file for `root`, or `None` where the operating system names no data directory.
pub(crate) fn default_file(root: &Path) -> Option<PathBuf> {
    Some(data_directory()?.join("larder").join(format!("{}.sqlite", folder_id(root).simple())))
}

/// The database and everything that is kept beside it; none of it is ever indexed.
pub(crate) fn companions(database: &Path) -> Vec<PathBuf> {
    let suffixed = |suffix: &str| {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    vec![database.to_owned(), suffixed("-wal"), suffixed("-shm"), suffixed("-journal"), Lock::file(database)]
}

fn data_directory() -> Option<PathBuf> {
    let from = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        from("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        Some(from("HOME")?.join("Library/Application Support"))
    } else {
        from("XDG_DATA_HOME").or_else(|| Some(from("HOME")?.join(".local/share")))
    }
}
